package sqs

import (
	"maps"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// settings are the attributes of a queue that can be set, by name, as text.
type settings map[string]string

// attributeRule is what a value of an attribute must be: a number in a range, or
// one of some words; with neither, a check of its own follows.
type attributeRule struct {
	fallback string // "" is none: the attribute isn't there unless set
	from, to int
	words    []string
	fifo     bool // of FIFO queues only
}

var truth = []string{"true", "false"}

// attributes are those that can be set.
//
// Source: SQS API reference, CreateQueue and SetQueueAttributes.
var attributes = map[string]attributeRule{
	"ContentBasedDeduplication":     {fallback: "false", words: truth, fifo: true},
	"DeduplicationScope":            {fallback: "queue", words: []string{"messageGroup", "queue"}, fifo: true},
	"DelaySeconds":                  {fallback: "0", to: 900},
	"FifoQueue":                     {words: truth, fifo: true},
	"FifoThroughputLimit":           {fallback: "perQueue", words: []string{"perQueue", "perMessageGroupId"}, fifo: true},
	"KmsDataKeyReusePeriodSeconds":  {from: 60, to: 86400},
	"KmsMasterKeyId":                {},
	"MaximumMessageSize":            {fallback: strconv.Itoa(maxMessage), from: 1024, to: maxMessage},
	"MessageRetentionPeriod":        {fallback: "345600", from: 60, to: 1209600},
	"Policy":                        {},
	"ReceiveMessageWaitTimeSeconds": {fallback: "0", to: 20},
	"RedriveAllowPolicy":            {},
	"RedrivePolicy":                 {},
	"SqsManagedSseEnabled":          {words: truth},
	"VisibilityTimeout":             {fallback: "30", to: 43200},
}

// check refuses what an attribute can't be, of a queue of this kind.
func (x settings) check(fifo bool) error {
	for _, name := range slices.Sorted(maps.Keys(x)) {
		rule, ok := attributes[name]
		value := x[name]
		switch {
		case !ok, rule.fifo && !fifo && name != "FifoQueue":
			return fail("InvalidAttributeName", "Unknown Attribute %s.", name)
		case rule.words != nil && !slices.Contains(rule.words, value), name == "FifoQueue" && value != "true":
			// FifoQueue false is refused: leaving it out makes a standard queue.
			return badValue(name)
		case rule.to > 0 && !within(value, rule.from, rule.to) && (value != "" || rule.fallback == ""):
			return badValue(name)
		}
	}
	if x["FifoThroughputLimit"] == "perMessageGroupId" && x["DeduplicationScope"] != "messageGroup" {
		return badValue("FifoThroughputLimit")
	}
	if x["KmsMasterKeyId"] != "" && x["SqsManagedSseEnabled"] == "true" {
		return fail("InvalidAttributeValue", "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.")
	}
	return nil
}

func badValue(name string) error {
	return fail("InvalidAttributeValue", "Invalid value for the parameter %s.", name)
}

func within(text string, from, to int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= from && n <= to
}

// number is the value of a number in its range, or its default.
func (x settings) number(name string) int {
	text := x[name]
	if text == "" {
		text = attributes[name].fallback
	}
	n, _ := strconv.Atoi(text) // checked
	return n
}

// with is x with some attributes changed. An empty value sets back to the default.
func (x settings) with(changes settings) settings {
	next := maps.Clone(x)
	if next == nil {
		next = settings{}
	}
	for name, value := range changes {
		if value == "" {
			delete(next, name)
			continue
		}
		next[name] = value
	}
	// The one kind of encryption replaces the other.
	switch {
	case changes["KmsMasterKeyId"] != "" && changes["SqsManagedSseEnabled"] == "":
		delete(next, "SqsManagedSseEnabled")
	case changes["SqsManagedSseEnabled"] == "true" && changes["KmsMasterKeyId"] == "":
		delete(next, "KmsMasterKeyId")
		delete(next, "KmsDataKeyReusePeriodSeconds")
	}
	return next
}

type attributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

type attributesOutput struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *Service) getQueueAttributes(c api.Call, in attributesInput) (out attributesOutput, err error) {
	err = s.onQueue(c, "GetQueueAttributes", in.QueueUrl, nil, func(q *queue) error {
		s.settle(q)
		all := q.attributes(s.opt.Now())
		out.Attributes = map[string]string{}
		for _, name := range in.AttributeNames {
			_, settable := attributes[name]
			value, there := all[name]
			switch {
			case name == "All":
				maps.Copy(out.Attributes, all)
			case there:
				out.Attributes[name] = value
			case !settable:
				return fail("InvalidAttributeName", "Unknown Attribute %s.", name)
			}
		}
		return nil
	})
	return out, err
}

type setAttributesInput struct {
	QueueUrl   string
	Attributes settings
}

func (s *Service) setQueueAttributes(c api.Call, in setAttributesInput) (empty, error) {
	return empty{}, s.onQueue(c, "SetQueueAttributes", in.QueueUrl, nil, func(q *queue) error {
		if len(in.Attributes) == 0 {
			return missing("Attributes")
		}
		if _, ok := in.Attributes["FifoQueue"]; ok {
			return fail("InvalidAttributeName", "Unknown Attribute FifoQueue.")
		}
		return s.set(q, q.settings.with(in.Attributes))
	})
}

// set gives a queue its attributes; nothing changes if any of them is refused.
// s.mu is held.
func (s *Service) set(q *queue, next settings) error {
	if err := next.check(q.fifo); err != nil {
		return err
	}
	policy, err := s.checkPolicy(q.arn, next["Policy"])
	if err != nil {
		return err
	}
	if err := s.checkRedrive(q, next); err != nil {
		return err
	}
	q.settings, q.policy, q.modified = next, policy, s.opt.Now()
	q.wake()
	return nil
}
