package sqs

import (
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type deleteInput struct{ QueueUrl, ReceiptHandle string }

func (s *Service) deleteMessage(c api.Call, in deleteInput) (empty, error) {
	return empty{}, s.onQueue(c, "DeleteMessage", in.QueueUrl, nil, func(q *queue) error {
		return s.remove(q, in.ReceiptHandle)
	})
}

// remove deletes the message that a handle names. One that is gone is no error.
// An older handle of a standard queue deletes nothing, as may be on AWS: a
// consumer that was too slow must not count on it. s.mu is held.
//
// Source: SQS API reference, DeleteMessage; that an expired handle of a FIFO queue
// fails: ReceiveMessage, ReceiveRequestAttemptId.
func (s *Service) remove(q *queue, handle string) error {
	m, last, err := s.find(q, handle)
	switch {
	case err != nil || m == nil:
		return err
	case q.fifo && (!last || !s.opt.Now().Before(m.visible)):
		return invalid("Value %s for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.", handle)
	case !last:
		return nil
	}
	s.drop(q, func(other *message) bool { return other == m })
	q.wake() // the next of its group is free
	return nil
}

type visibilityInput struct {
	QueueUrl, ReceiptHandle string
	VisibilityTimeout       *int
}

func (s *Service) changeMessageVisibility(c api.Call, in visibilityInput) (empty, error) {
	return empty{}, s.onQueue(c, "ChangeMessageVisibility", in.QueueUrl, nil, func(q *queue) error {
		return s.hide(q, in.ReceiptHandle, in.VisibilityTimeout)
	})
}

// maxVisibility is how long a message can be in flight after it was received.
//
// Source: SQS developer guide, sqs-visibility-timeout.
const maxVisibility = 12 * time.Hour

// hide changes when a message in flight becomes visible again. s.mu is held.
//
// Source: SQS API reference, ChangeMessageVisibility.
func (s *Service) hide(q *queue, handle string, seconds *int) error {
	switch {
	case seconds == nil:
		return missing("VisibilityTimeout")
	case *seconds < 0 || *seconds > int(maxVisibility.Seconds()):
		return invalid("Value %d for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.", *seconds)
	}
	m, last, err := s.find(q, handle)
	now := s.opt.Now()
	switch {
	case err != nil:
		return err
	case m == nil || !last:
		return invalid("Value %s for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.", handle)
	case !now.Before(m.visible):
		return fail("MessageNotInflight", "The specified message isn't in flight.")
	}
	until := now.Add(time.Duration(*seconds) * time.Second)
	if until.After(m.last.Add(maxVisibility)) {
		return invalid("Value %d for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]", *seconds)
	}
	m.visible = until
	q.wake()
	return nil
}
