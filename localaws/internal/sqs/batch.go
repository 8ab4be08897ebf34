package sqs

import (
	"net/http"
	"regexp"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxBatch is how many entries a request has.
//
// Source: SQS developer guide, quotas-messages.
const maxBatch = 10

// idForm is that of the id of an entry.
var idForm = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// identified is an entry of a batch.
type identified interface{ id() string }

type batchOutput[R any] struct {
	Failed     []failure
	Successful []R
}

type failure struct {
	Code, Id, Message string
	SenderFault       bool
}

// batch carries out the entries of a request on a queue, each by itself: the
// permission is that of the operation on one.
//
// Source: SQS API reference, SendMessageBatch; SQS developer guide,
// sqs-api-permissions-reference.
func batch[E identified, R any](s *Service, c api.Call, action, address string, entries []E, check func([]E) error, do func(*queue, E) (R, error)) (out batchOutput[R], err error) {
	err = s.onQueue(c, action, address, nil, func(q *queue) error {
		if err := checkBatch(action, entries); err != nil {
			return err
		}
		if check != nil {
			if err := check(entries); err != nil {
				return err
			}
		}
		out.Failed, out.Successful = []failure{}, []R{}
		for _, e := range entries {
			r, err := do(q, e)
			if err != nil {
				x := api.AsError(err)
				out.Failed = append(out.Failed, failure{x.Code, e.id(), x.Message, x.Status < http.StatusInternalServerError})
				continue
			}
			out.Successful = append(out.Successful, r)
		}
		return nil
	})
	return out, err
}

func checkBatch[E identified](action string, entries []E) error {
	switch {
	case len(entries) == 0:
		return fail("EmptyBatchRequest", "There should be at least one %sBatchRequestEntry in the request.", action)
	case len(entries) > maxBatch:
		return fail("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))
	}
	ids := map[string]bool{}
	for _, e := range entries {
		switch {
		case !idForm.MatchString(e.id()):
			return fail("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		case ids[e.id()]:
			return fail("BatchEntryIdsNotDistinct", "Id %s repeated.", e.id())
		}
		ids[e.id()] = true
	}
	return nil
}

type sendEntry struct {
	Id string
	entry
}

func (e sendEntry) id() string { return e.Id }

type sendResult struct {
	Id string
	sendOutput
}

type sendBatchInput struct {
	QueueUrl string
	Entries  []sendEntry
}

func (s *Service) sendMessageBatch(c api.Call, in sendBatchInput) (batchOutput[sendResult], error) {
	return batch(s, c, "SendMessage", in.QueueUrl, in.Entries, checkLength, func(q *queue, e sendEntry) (sendResult, error) {
		out, err := s.put(c, q, e.entry)
		return sendResult{e.Id, out}, err
	})
}

// checkLength refuses entries that are too long together.
func checkLength(entries []sendEntry) error {
	size := 0
	for _, e := range entries {
		size += len(e.MessageBody)
		for name, a := range e.MessageAttributes {
			size += len(name) + len(a.DataType) + len(a.bytes())
		}
	}
	if size > maxMessage {
		return fail("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxMessage, size)
	}
	return nil
}

type handleEntry struct{ Id, ReceiptHandle string }

func (e handleEntry) id() string { return e.Id }

type idResult struct{ Id string }

type deleteBatchInput struct {
	QueueUrl string
	Entries  []handleEntry
}

func (s *Service) deleteMessageBatch(c api.Call, in deleteBatchInput) (batchOutput[idResult], error) {
	return batch(s, c, "DeleteMessage", in.QueueUrl, in.Entries, nil, func(q *queue, e handleEntry) (idResult, error) {
		return idResult{e.Id}, s.remove(q, e.ReceiptHandle)
	})
}

type visibilityEntry struct {
	Id, ReceiptHandle string
	VisibilityTimeout *int
}

func (e visibilityEntry) id() string { return e.Id }

type visibilityBatchInput struct {
	QueueUrl string
	Entries  []visibilityEntry
}

func (s *Service) changeMessageVisibilityBatch(c api.Call, in visibilityBatchInput) (batchOutput[idResult], error) {
	return batch(s, c, "ChangeMessageVisibility", in.QueueUrl, in.Entries, nil, func(q *queue, e visibilityEntry) (idResult, error) {
		return idResult{e.Id}, s.hide(q, e.ReceiptHandle, e.VisibilityTimeout)
	})
}
