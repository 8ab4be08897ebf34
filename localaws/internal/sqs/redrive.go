package sqs

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// redrive says where messages go that nobody can process.
type redrive struct {
	Target string      `json:"deadLetterTargetArn"`
	Most   json.Number `json:"maxReceiveCount"`
}

// redriveAllow says which queues may send such messages to this one.
type redriveAllow struct {
	Permission string   `json:"redrivePermission"`
	Sources    []string `json:"sourceQueueArns"`
}

// redriving is the redrive policy of the settings; false: there is none.
func (x settings) redriving() (r redrive, most int, ok bool) {
	if x["RedrivePolicy"] == "" || json.Unmarshal([]byte(x["RedrivePolicy"]), &r) != nil {
		return r, 0, false
	}
	most, err := strconv.Atoi(r.Most.String())
	return r, most, err == nil
}

func badRedrive(value, reason string) error {
	return invalid("Value %s for parameter RedrivePolicy is invalid. Reason: %s", value, reason)
}

// checkRedrive refuses a dead-letter queue that isn't there, is of another kind,
// account or Region, or doesn't let the queue in. s.mu is held.
//
// Source: SQS API reference, SetQueueAttributes; SQS developer guide,
// sqs-dead-letter-queues. That maxReceiveCount is 1 to 1,000:
// sqs-configure-dead-letter-queue.
func (s *Service) checkRedrive(q *queue, next settings) error {
	if err := next.checkAllow(); err != nil {
		return err
	}
	value := next["RedrivePolicy"]
	if value == "" {
		return nil
	}
	r, most, ok := next.redriving()
	if !ok || r.Target == "" {
		return badRedrive(value, "Redrive policy is not a valid JSON map with deadLetterTargetArn and maxReceiveCount.")
	}
	if most < 1 || most > 1000 {
		return badRedrive(value, "Invalid value for maxReceiveCount: "+r.Most.String()+", valid values are from 1 to 1000 both inclusive.")
	}
	target := s.queues[r.Target]
	switch {
	case target == nil:
		return badRedrive(value, "Dead letter target does not exist.")
	case target.place != q.place:
		return badRedrive(value, "Dead-letter target owner and Region must be those of the source.")
	case target.fifo != q.fifo:
		return badRedrive(value, "Dead-letter queue must be same type of queue as the source.")
	case !target.allows(q.arn):
		return badRedrive(value, "Queue "+q.arn+" is not permitted to use this dead-letter queue by its RedriveAllowPolicy.")
	}
	return nil
}

func (x settings) checkAllow() error {
	value := x["RedriveAllowPolicy"]
	if value == "" {
		return nil
	}
	var a redriveAllow
	if json.Unmarshal([]byte(value), &a) != nil || !slices.Contains([]string{"allowAll", "denyAll", "byQueue"}, a.Permission) ||
		(a.Permission == "byQueue") != (len(a.Sources) > 0) || len(a.Sources) > 10 {
		return badValue("RedriveAllowPolicy")
	}
	return nil
}

// allows says whether a queue may use this one for its dead letters.
func (q *queue) allows(source string) bool {
	var a redriveAllow
	if json.Unmarshal([]byte(q.settings["RedriveAllowPolicy"]), &a) != nil {
		return true // none is set
	}
	return a.Permission == "allowAll" || (a.Permission == "byQueue" && slices.Contains(a.Sources, source))
}

// bury moves a message to the queue's dead-letter queue if it was received as
// often as it may be, and says whether it did. s.mu is held.
//
// A message of a standard queue keeps the time of its arrival, one of a FIFO
// queue gets a new one. What becomes of it if the dead-letter queue is gone is not
// documented: here it stays, so that none is lost.
//
// Source: SQS developer guide, sqs-dead-letter-queues.
func (s *Service) bury(q *queue, m *message) bool {
	r, most, ok := q.settings.redriving()
	target := s.queues[r.Target]
	if !ok || target == nil || m.received < most {
		return false
	}
	m.source, m.visible, m.receipt = q.arn, s.opt.Now(), m.receipt+1 // no handle of the old queue finds it
	if q.fifo {
		m.arrived = m.visible
		target.sequence++
		m.sequence = target.sequence
	}
	target.messages = append(target.messages, m)
	target.wake()
	return true
}

type sourceQueuesInput struct {
	QueueUrl, NextToken string
	MaxResults          *int
}

type sourceQueuesOutput struct {
	QueueUrls []string `json:"queueUrls"` // the only member of SQS in lower case
	NextToken string   `json:",omitempty"`
}

func (s *Service) listDeadLetterSourceQueues(c api.Call, in sourceQueuesInput) (out sourceQueuesOutput, err error) {
	err = s.onQueue(c, "ListDeadLetterSourceQueues", in.QueueUrl, nil, func(target *queue) error {
		var urls []string
		for _, q := range s.queues {
			if r, _, ok := q.settings.redriving(); ok && r.Target == target.arn {
				urls = append(urls, q.url())
			}
		}
		out.QueueUrls, out.NextToken, err = page(urls, in.MaxResults, in.NextToken)
		return err
	})
	return out, err
}
