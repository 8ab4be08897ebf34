// Package sns is the local AWS's SNS: standard topics with policies, keys of KMS
// and tags, and subscriptions of queues and functions. A subscription of an
// e-mail address or a URL waits for a confirmation that never comes: nothing
// leaves this machine.
//
// Other services publish through [Service.PublishTo], as whoever they are: the
// topic's policy decides, and the policy of its key.
//
// A message is delivered before its publication is answered, once; one that a
// subscriber refuses is lost, and the log tells.
//
// Refused by name: FIFO topics, attributes of messages, filter policies, delivery
// policies and statuses, dead-letter queues of subscriptions, SMS and push.
//
// Source: Amazon SNS API reference and developer guide.
package sns
