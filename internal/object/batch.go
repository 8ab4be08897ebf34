package object

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
)

// answer answers an event of the function's own, or a batch of a queue whose
// messages are such events.
func (h *Handler) answer(ctx context.Context, payload []byte) ([]byte, error) {
	if h.store.config.QueueARN == "" || !isBatch(payload) {
		out, err := h.invoke(ctx, h.store, payload)
		if err != nil {
			return nil, counted(ctx, err)
		}
		return out, nil
	}
	batch, err := h.store.readBatch(payload)
	if err != nil {
		return nil, counted(ctx, err)
	}
	failures, err := h.store.answerBatch(ctx, batch, h.invoke)
	if err != nil {
		return nil, err
	}
	return json.Marshal(events.SQSEventResponse{BatchItemFailures: failures})
}

// isBatch reports whether a payload begins as Lambda writes a batch: with the
// field Records, which no function's own event has. Decoding it to see would
// cost a large put its time twice.
func isBatch(payload []byte) bool {
	const space = " \t\r\n"
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(payload, space), []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, space), []byte(`"Records"`))
}

// readBatch reads a batch of the function's own queue. A failure makes all of its
// messages come again. That is the answer to another queue's, for this function
// cannot know whether that queue's mapping reports failures of single messages:
// where it does not, an answer that names some deletes them all.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (s *Store) readBatch(payload []byte) ([]events.SQSMessage, error) {
	var batch events.SQSEvent
	if err := json.Unmarshal(payload, &batch); err != nil {
		return nil, function.Errorf(function.BadRequest, nil, "the event has Records that are no batch of Amazon SQS")
	}
	for _, m := range batch.Records {
		switch {
		case m.EventSource != "aws:sqs":
			return nil, function.Errorf(function.BadRequest, nil, "the batch is of %q: want messages of Amazon SQS", m.EventSource)
		case m.EventSourceARN != s.config.QueueARN:
			return nil, function.Errorf(function.BadRequest, nil, "the batch is of the queue %q, and QUEUE_ARN is %q", m.EventSourceARN, s.config.QueueARN)
		case m.MessageId == "":
			return nil, function.Errorf(function.BadRequest, nil, "the batch has a message without messageId, which could not be reported")
		}
	}
	return batch.Records, nil
}

// answerBatch answers the messages one after another, and returns those that
// failed. SQS shows them again after the queue's visibility timeout, until they
// are in the dead-letter queue; so a message that can never succeed costs its
// tries, and no other's.
//
// In a FIFO queue the messages behind a failure are not tried, which would
// overtake it. If every message failed of what may pass, the invocation itself
// fails: then Lambda slows down, which it does not for an answer that names all.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (s *Store) answerBatch(ctx context.Context, batch []events.SQSMessage, invoke func(context.Context, *Store, []byte) ([]byte, error)) ([]events.SQSBatchItemFailure, error) {
	failures := []events.SQSBatchItemFailure{}
	fail := func(messages ...events.SQSMessage) {
		for _, m := range messages {
			failures = append(failures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
		metric.Add(ctx, metric.BatchFailures, float64(len(messages)))
	}
	metric.Add(ctx, metric.BatchItems, float64(len(batch)))
	var last *function.Error
	onlyPassing := true
	for i, m := range batch {
		if ctx.Err() != nil {
			last = function.Errorf(function.Timeout, ctx.Err(), "no time left for %d of the batch's %d messages", len(batch)-i, len(batch))
			metric.Fail(ctx, string(last.Type))
			s.log.ErrorContext(ctx, "messages were not tried", "errorType", last.Type, "error", last.Text)
			fail(batch[i:]...)
			break
		}
		_, err := invoke(withMessage(awsclient.WithAttempts(ctx), m.MessageId), s, []byte(m.Body))
		if err == nil {
			continue
		}
		last = function.Classify(ctx, "answering the message", err)
		onlyPassing = onlyPassing && last.Type.MayPass()
		metric.Fail(ctx, string(last.Type))
		s.log.ErrorContext(ctx, "a message failed", "messageId", m.MessageId, "receiveCount", m.Attributes["ApproximateReceiveCount"], "errorType", last.Type, "error", last.Text)
		if strings.HasSuffix(m.EventSourceARN, ".fifo") {
			fail(batch[i:]...)
			break
		}
		fail(m)
	}
	if len(failures) == len(batch) && last != nil && onlyPassing {
		return nil, last
	}
	return failures, nil
}

type messageKey struct{}

// withMessage gives what a put writes for a message the message's id as its
// token, which stays the same when SQS delivers the message again.
func withMessage(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, messageKey{}, id)
}

// messageID is the id of the message that ctx is of, "" outside of a batch.
func messageID(ctx context.Context) string {
	id, _ := ctx.Value(messageKey{}).(string)
	return id
}
