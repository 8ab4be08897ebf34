package sqs

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// queueOf reads the ARN of a queue, which must be in the Region of the call.
func queueOf(c api.Call, text string) (api.Place, string, error) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "sqs" || a.Region != c.Region || a.Resource == "" || strings.ContainsAny(a.Resource, "/:") {
		return api.Place{}, "", fail(noQueue, "%s is no queue of the Region %s.", text, c.Region)
	}
	return api.Place{Account: a.AccountID, Region: a.Region}, a.Resource, nil
}

// SendTo implements api.Queues.
func (s *Service) SendTo(c api.Call, queueARN, body string) error {
	p, name, err := queueOf(c, queueARN)
	if err != nil {
		return err
	}
	return s.onARN(c, "SendMessage", p, name, nil, func(q *queue) error {
		_, err := s.put(c, q, entry{MessageBody: body})
		return err
	})
}

// ReceiveFrom implements api.Queues.
func (s *Service) ReceiveFrom(c api.Call, queueARN string, most int, wait time.Duration) ([]api.QueueMessage, error) {
	p, name, err := queueOf(c, queueARN)
	if err != nil {
		return nil, err
	}
	seconds := int(wait.Seconds())
	list, err := s.receive(c, p, name, receiving{most: most, wait: &seconds, names: []string{"All"}, selected: []string{"All"}})
	var messages []api.QueueMessage
	for _, m := range list {
		given := map[string]api.QueueAttribute{}
		for k, a := range m.MessageAttributes {
			given[k] = api.QueueAttribute{DataType: a.DataType, Text: a.StringValue, Binary: a.BinaryValue}
		}
		messages = append(messages, api.QueueMessage{
			ID: m.MessageId, ReceiptHandle: m.ReceiptHandle, Body: m.Body, MD5: m.MD5OfBody, Attributes: m.Attributes, MessageAttributes: given,
		})
	}
	return messages, err
}

// DeleteFrom implements api.Queues.
func (s *Service) DeleteFrom(c api.Call, queueARN string, receiptHandles []string) error {
	p, name, err := queueOf(c, queueARN)
	if err != nil {
		return err
	}
	return s.onARN(c, "DeleteMessage", p, name, nil, func(q *queue) error {
		var first error
		for _, handle := range receiptHandles {
			if err := s.remove(q, handle); err != nil && first == nil {
				first = err
			}
		}
		return first
	})
}

// Receiver implements api.Queues.
func (s *Service) Receiver(c api.Call, queueARN string) (all map[string]string, err error) {
	p, name, err := queueOf(c, queueARN)
	if err != nil {
		return nil, err
	}
	for _, action := range []string{"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"} {
		err := s.onARN(c, action, p, name, nil, func(q *queue) error {
			all = q.attributes(s.opt.Now())
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
