package sqs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type sendInput struct {
	QueueUrl string
	entry
}

type sendOutput struct {
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageBody             string
	MD5OfMessageSystemAttributes string `json:",omitempty"`
	MessageId                    string
	SequenceNumber               string `json:",omitempty"`
}

func (s *Service) sendMessage(c api.Call, in sendInput) (out sendOutput, err error) {
	err = s.onQueue(c, "SendMessage", in.QueueUrl, nil, func(q *queue) error {
		out, err = s.put(c, q, in.entry)
		return err
	})
	return out, err
}

// put adds a message to a queue. s.mu is held.
func (s *Service) put(c api.Call, q *queue, e entry) (sendOutput, error) {
	size, err := e.check(q)
	if err != nil {
		return sendOutput{}, err
	}
	if err := q.needTLS(c); err != nil {
		return sendOutput{}, err
	}
	key, err := s.newKey(c, q)
	if err != nil {
		return sendOutput{}, err
	}
	s.settle(q)
	if s.held+size > maxHeld {
		return sendOutput{}, api.Errorf(http.StatusBadRequest, "OverLimit", "the queues of the local AWS hold %d bytes of messages at most", maxHeld)
	}
	now := s.opt.Now()
	delay := q.settings.number("DelaySeconds")
	if e.DelaySeconds != nil && !q.fifo {
		delay = *e.DelaySeconds
	}
	sender, err := s.opt.UserID(c.Caller)
	if err != nil {
		sender = c.Caller.Service() // of a service, nothing is documented
	}
	m := &message{
		id: api.UUID(), body: e.MessageBody, attributes: e.MessageAttributes, sender: sender, group: e.MessageGroupId,
		key: key, size: size, arrived: now, visible: now.Add(time.Duration(delay) * time.Second),
	}
	if a := e.MessageSystemAttributes["AWSTraceHeader"]; a.StringValue != nil {
		m.trace = *a.StringValue
	}
	out := sendOutput{
		MD5OfMessageBody: hexMD5([]byte(e.MessageBody)), MD5OfMessageAttributes: attributesMD5(e.MessageAttributes),
		MD5OfMessageSystemAttributes: attributesMD5(e.MessageSystemAttributes), MessageId: m.id,
	}
	if q.fifo {
		m.deduplication = e.MessageDeduplicationId
		if m.deduplication == "" {
			sum := sha256.Sum256([]byte(e.MessageBody))
			m.deduplication = hex.EncodeToString(sum[:])
		}
		before, duplicate := q.duplicate(m)
		out.MessageId, out.SequenceNumber = before.id, sequenceText(before.sequence)
		if duplicate {
			return out, nil
		}
	}
	q.messages = append(q.messages, m)
	s.held += size
	q.wake()
	return out, nil
}

// sent is what is known of a message by which others are its duplicates.
type sent struct {
	id       string
	sequence uint64
	when     time.Time
}

// deduplicationInterval is how long a message of a FIFO queue makes another with
// the same id its duplicate, also after it is deleted.
//
// Source: SQS developer guide, FIFO-queues-exactly-once-processing.
const deduplicationInterval = 5 * time.Minute

// duplicate says whether the message is one, and of which; it numbers one that
// isn't.
func (q *queue) duplicate(m *message) (sent, bool) {
	for id, before := range q.deduplication {
		if m.arrived.Sub(before.when) >= deduplicationInterval {
			delete(q.deduplication, id)
		}
	}
	id := m.deduplication
	if q.settings["DeduplicationScope"] == "messageGroup" {
		id = m.group + "\n" + id
	}
	if before, ok := q.deduplication[id]; ok {
		return before, true
	}
	q.sequence++
	m.sequence = q.sequence
	now := sent{m.id, m.sequence, m.arrived}
	q.deduplication[id] = now
	return now, false
}

// sequenceText is a sequence number: of 20 digits, so that texts sort as numbers.
func sequenceText(n uint64) string { return fmt.Sprintf("%020d", n) }
