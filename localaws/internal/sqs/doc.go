// Package sqs is the local AWS's SQS: standard and FIFO queues with visibility
// timeouts, delays, retention, long polling, dead-letter queues, tags and queue
// policies. A queue under a KMS key asks KMS for each message.
//
// Other services send and receive through [Service.SendTo], [Service.ReceiveFrom]
// and [Service.DeleteFrom], as whoever they are: the queue's policy decides.
//
// Messages are in memory, all together of a bounded size. A short poll finds
// what there is, and no message is delivered twice before its visibility timeout
// ends: AWS promises neither.
//
// Refused by name: the query protocol, AddPermission and RemovePermission,
// moving messages out of a dead-letter queue, and ReceiveRequestAttemptId.
//
// Source: Amazon SQS API reference and developer guide.
package sqs
