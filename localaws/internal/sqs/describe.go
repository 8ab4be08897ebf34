package sqs

import (
	"maps"
	"strconv"
	"time"
)

// attributes are all of the queue's, as GetQueueAttributes tells them. s.mu is
// held.
//
// Source: SQS API reference, GetQueueAttributes; a queue is encrypted with keys of
// SQS unless its settings say otherwise: SQS developer guide,
// sqs-configure-sqs-sse-queue.
func (q *queue) attributes(now time.Time) map[string]string {
	all := map[string]string{}
	for name, rule := range attributes {
		if rule.fallback != "" && (q.fifo || !rule.fifo) {
			all[name] = rule.fallback
		}
	}
	if q.settings["KmsMasterKeyId"] == "" {
		all["SqsManagedSseEnabled"] = "true"
	} else {
		all["SqsManagedSseEnabled"], all["KmsDataKeyReusePeriodSeconds"] = "false", "300"
	}
	maps.Copy(all, q.settings)
	visible, hidden, delayed := q.count(now)
	all["ApproximateNumberOfMessages"] = strconv.Itoa(visible)
	all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(hidden)
	all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(delayed)
	all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
	all["LastModifiedTimestamp"] = strconv.FormatInt(q.modified.Unix(), 10)
	all["QueueArn"] = q.arn
	return all
}

// count is how many messages can be received, are in flight, and are delayed.
func (q *queue) count(now time.Time) (visible, hidden, delayed int) {
	for _, m := range q.messages {
		switch {
		case !now.Before(m.visible):
			visible++
		case m.received == 0:
			delayed++
		default:
			hidden++
		}
	}
	return visible, hidden, delayed
}
