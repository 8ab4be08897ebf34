package sqs

import (
	"crypto/md5"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxMessage is the longest message, with its attributes, and the longest batch of
// them, in bytes.
//
// Source: SQS developer guide, quotas-messages.
const maxMessage = 1 << 20

// maxHeld is how much all queues together hold, in bytes. AWS has no such limit;
// here messages are in memory.
const maxHeld = 64 << 20

// message is one message in a queue. Service.mu guards it.
type message struct {
	id, body, sender string
	trace            string // AWSTraceHeader; "" is none
	attributes       map[string]attribute
	group            string
	deduplication    string
	sequence         uint64 // of a FIFO queue
	source           string // ARN of the queue whose dead letter it is
	key              *dataKey
	size             int

	arrived  time.Time
	visible  time.Time // from when on it can be received
	first    time.Time // when it was first received
	last     time.Time // when it was last received
	received int       // how often
	receipt  int       // number of the last receipt handle
}

// entry is what a sender says of a message.
type entry struct {
	MessageBody             string
	DelaySeconds            *int
	MessageAttributes       map[string]attribute
	MessageSystemAttributes map[string]attribute
	MessageDeduplicationId  string
	MessageGroupId          string
}

// allowed are the characters of a body, and of the value of an attribute.
//
// Source: SQS API reference, SendMessage.
func allowed(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF'
	}) < 0
}

// tokenForm is that of the ids of groups and duplicates.
//
// Source: SQS API reference, SendMessage, MessageGroupId.
var tokenForm = regexp.MustCompile("^[a-zA-Z0-9!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]{1,128}$")

// traceForm is a header of X-Ray.
//
// Source: X-Ray developer guide, xray-concepts, tracing header.
var traceForm = regexp.MustCompile(`^(Root|Parent|Sampled|Self|Lineage)=[^;]*(;[^;=]+=[^;]*)*;?$`)

// check refuses an entry that the queue doesn't accept, and gives its size.
func (e *entry) check(q *queue) (int, error) {
	if e.MessageBody == "" {
		return 0, missing("MessageBody")
	}
	if !allowed(e.MessageBody) {
		return 0, fail("InvalidMessageContents", "Message body contains characters outside the allowed set.")
	}
	size := len(e.MessageBody)
	n, err := checkAttributes(e.MessageAttributes)
	if err != nil {
		return 0, err
	}
	size += n
	for name, a := range e.MessageSystemAttributes {
		if name != "AWSTraceHeader" || a.DataType != "String" || a.StringValue == nil || !traceForm.MatchString(*a.StringValue) {
			return 0, invalid("Message system attribute %s is invalid. Reason: the only one is AWSTraceHeader, of the type String, with a trace header of X-Ray.", name)
		}
	}
	if most := q.settings.number("MaximumMessageSize"); size > most {
		return 0, invalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", most)
	}
	if d := e.DelaySeconds; d != nil && (*d < 0 || *d > 900) {
		return 0, invalid("Value %d for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", *d)
	}
	return size, e.checkOrder(q)
}

// checkOrder refuses what doesn't fit the kind of the queue.
func (e *entry) checkOrder(q *queue) error {
	for _, token := range []struct{ name, value string }{{"MessageGroupId", e.MessageGroupId}, {"MessageDeduplicationId", e.MessageDeduplicationId}} {
		if token.value != "" && !tokenForm.MatchString(token.value) {
			return invalid("Value %s for parameter %s is invalid. Reason: %[2]s can only include alphanumeric and punctuation characters. 1 to 128 in length.", token.value, token.name)
		}
	}
	switch {
	case !q.fifo && e.MessageDeduplicationId != "":
		return invalid("Value %s for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.", e.MessageDeduplicationId)
	case !q.fifo:
		return nil
	case e.MessageGroupId == "":
		return missing("MessageGroupId")
	case e.DelaySeconds != nil && *e.DelaySeconds != 0:
		return invalid("Value %d for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.", *e.DelaySeconds)
	case e.MessageDeduplicationId == "" && q.settings["ContentBasedDeduplication"] != "true":
		return invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	}
	return nil
}

func hexMD5(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

// drop removes messages from a queue. s.mu is held.
func (s *Service) drop(q *queue, which func(*message) bool) {
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool {
		gone := which(m)
		if gone {
			s.held -= m.size
		}
		return gone
	})
}

// settle removes what is older than the queue retains. s.mu is held.
func (s *Service) settle(q *queue) {
	oldest := s.opt.Now().Add(-time.Duration(q.settings.number("MessageRetentionPeriod")) * time.Second)
	s.drop(q, func(m *message) bool { return !m.arrived.After(oldest) })
}
