package sqs

import (
	"slices"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type receiveInput struct {
	QueueUrl                    string
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
}

type receiveOutput struct {
	Messages []messageOutput `json:",omitempty"`
}

type messageOutput struct {
	Attributes             map[string]string    `json:",omitempty"`
	MessageAttributes      map[string]attribute `json:",omitempty"`
	MD5OfMessageAttributes string               `json:",omitempty"`
	Body                   string
	MD5OfBody              string
	MessageId              string
	ReceiptHandle          string
}

// maxInFlight is how many messages of a queue can be in flight.
//
// Source: SQS API reference, ChangeMessageVisibility.
const maxInFlight = 120_000

// receiving is a call that receives messages.
type receiving struct {
	most     int
	timeout  *int // visibility, in seconds; nil: that of the queue
	wait     *int // seconds; nil: that of the queue
	names    []string
	selected []string
}

func (s *Service) receiveMessage(c api.Call, in receiveInput) (out receiveOutput, err error) {
	r := receiving{
		most: 1, timeout: in.VisibilityTimeout, wait: in.WaitTimeSeconds, selected: in.MessageAttributeNames,
		names: slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames),
	}
	if in.MaxNumberOfMessages != nil {
		r.most = *in.MaxNumberOfMessages
	}
	p, name, err := placeOf(c, in.QueueUrl)
	if err != nil {
		return out, err
	}
	out.Messages, err = s.receive(c, p, name, r)
	return out, err
}

func (r receiving) check() error {
	ranges := []struct {
		name     string
		value    *int
		from, to int
	}{
		{"MaxNumberOfMessages", &r.most, 1, 10},
		{"VisibilityTimeout", r.timeout, 0, 43200},
		{"WaitTimeSeconds", r.wait, 0, 20},
	}
	for _, x := range ranges {
		if x.value != nil && (*x.value < x.from || *x.value > x.to) {
			return invalid("Value %d for parameter %s is invalid. Reason: Must be between %d and %d, if provided.", *x.value, x.name, x.from, x.to)
		}
	}
	for _, name := range r.names {
		_, ofQueue := attributes[name] // which the deprecated AttributeNames may name too
		if name != "All" && !ofQueue && !slices.Contains(systemAttributes, name) {
			return fail("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
	}
	return nil
}

// receive takes messages from a queue. If there is none it waits for the first: for
// a message that arrives, whose delay is over or that becomes visible again.
//
// Source: SQS developer guide, sqs-short-and-long-polling.
func (s *Service) receive(c api.Call, p api.Place, name string, r receiving) ([]messageOutput, error) {
	begun := time.Now()
	for {
		var list []messageOutput
		var changed chan struct{}
		var pause time.Duration
		err := s.onARN(c, "ReceiveMessage", p, name, nil, func(q *queue) (err error) {
			if err := r.check(); err != nil {
				return err
			}
			if err := q.needTLS(c); err != nil {
				return err
			}
			wait := q.settings.number("ReceiveMessageWaitTimeSeconds")
			if r.wait != nil {
				wait = *r.wait
			}
			list, err = s.take(c, q, r)
			changed = q.changed
			pause = min(time.Duration(wait)*time.Second-time.Since(begun), q.next(s.opt.Now()))
			return err
		})
		if err != nil || len(list) > 0 || pause <= 0 {
			return list, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-changed:
		case <-timer.C:
		case <-c.Gone: // who is gone would lose what is taken now
			return nil, nil
		case <-s.done:
			return nil, nil
		}
		timer.Stop()
	}
}

// next is how long it takes until a message becomes visible; longer than any wait
// if there is none. s.mu is held.
func (q *queue) next(now time.Time) time.Duration {
	soonest := time.Hour
	for _, m := range q.messages {
		if d := m.visible.Sub(now); d > 0 {
			soonest = min(soonest, d)
		}
	}
	return soonest
}

// take receives what is visible. Of a group of a FIFO queue nothing is, while one
// of its messages is in flight. s.mu is held.
//
// Source: SQS developer guide, FIFO-queues-understanding-logic.
func (s *Service) take(c api.Call, q *queue, r receiving) (list []messageOutput, err error) {
	s.settle(q)
	now := s.opt.Now()
	if _, hidden, _ := q.count(now); hidden >= maxInFlight {
		if q.fifo {
			return nil, nil
		}
		return nil, fail("OverLimit", "Too many messages in flight: %d.", hidden)
	}
	timeout := q.settings.number("VisibilityTimeout")
	if r.timeout != nil {
		timeout = *r.timeout
	}
	busy, buried := map[string]bool{}, map[*message]bool{}
	for _, m := range q.messages {
		if q.fifo && now.Before(m.visible) {
			busy[m.group] = true
		}
		if len(list) == r.most || now.Before(m.visible) || q.fifo && busy[m.group] {
			continue
		}
		if s.bury(q, m) {
			buried[m] = true
			continue
		}
		if err = s.open(c, m.key); err != nil {
			break
		}
		m.received++
		m.receipt++
		m.last, m.visible = now, now.Add(time.Duration(timeout)*time.Second)
		if m.first.IsZero() {
			m.first = now
		}
		list = append(list, s.output(q, m, r))
	}
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool { return buried[m] })
	if len(list) > 0 {
		err = nil // they are taken; the next call tells of the other
	}
	return list, err
}

// systemAttributes are the attributes that SQS gives a message.
//
// Source: SQS API reference, ReceiveMessage, MessageSystemAttributeNames.
var systemAttributes = []string{
	"SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp",
	"SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
}

func (s *Service) output(q *queue, m *message, r receiving) messageOutput {
	milliseconds := func(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
	all := map[string]string{
		"SenderId": m.sender, "SentTimestamp": milliseconds(m.arrived), "AWSTraceHeader": m.trace,
		"ApproximateReceiveCount": strconv.Itoa(m.received), "ApproximateFirstReceiveTimestamp": milliseconds(m.first),
		"MessageGroupId": m.group, "MessageDeduplicationId": m.deduplication, "DeadLetterQueueSourceArn": m.source,
	}
	if q.fifo {
		all["SequenceNumber"] = sequenceText(m.sequence)
	}
	out := messageOutput{
		Attributes: map[string]string{}, MessageAttributes: chosen(m.attributes, r.selected), Body: m.body,
		MD5OfBody: hexMD5([]byte(m.body)), MessageId: m.id, ReceiptHandle: s.receipt(q, m),
	}
	out.MD5OfMessageAttributes = attributesMD5(out.MessageAttributes)
	for name, value := range all {
		if value != "" && (slices.Contains(r.names, name) || slices.Contains(r.names, "All")) {
			out.Attributes[name] = value
		}
	}
	return out
}
