package api

import "time"

// Queues is what other services need of SQS. The queue is named by its ARN, and
// its policy and the caller's decide, as on a request.
type Queues interface {
	SendTo(c Call, queueARN, body string) error
	// ReceiveFrom receives up to ten messages with all their attributes. It waits
	// for the first one up to a time, and no longer than until c.Gone is closed.
	ReceiveFrom(c Call, queueARN string, most int, wait time.Duration) ([]QueueMessage, error)
	DeleteFrom(c Call, queueARN string, receiptHandles []string) error
	// Receiver gives a queue's attributes to a caller who may read them, receive
	// messages and delete them. Of who may not, the error names the action.
	Receiver(c Call, queueARN string) (map[string]string, error)
}

// QueueMessage is a message as its receiver gets it.
type QueueMessage struct {
	ID, ReceiptHandle, Body, MD5 string
	Attributes                   map[string]string
	MessageAttributes            map[string]QueueAttribute
}

// QueueAttribute is an attribute that the sender of a message gave it: a text,
// or if that is nil bytes.
type QueueAttribute struct {
	DataType string
	Text     *string
	Binary   []byte
}
