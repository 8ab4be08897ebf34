package sqs

import (
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// queueProperties are the properties of AWS::SQS::Queue.
type queueProperties struct {
	ContentBasedDeduplication     *bool
	DeduplicationScope            string
	DelaySeconds                  *int
	FifoQueue                     *bool
	FifoThroughputLimit           string
	KmsDataKeyReusePeriodSeconds  *int
	KmsMasterKeyId                string
	MaximumMessageSize            *int
	MessageRetentionPeriod        *int
	QueueName                     string
	ReceiveMessageWaitTimeSeconds *int
	RedriveAllowPolicy            api.Policy // JSON, which a template gives as an object or as text
	RedrivePolicy                 api.Policy
	SqsManagedSseEnabled          *bool
	Tags                          []api.Tag
	VisibilityTimeout             *int
}

// settings are the attributes that the properties give.
func (p queueProperties) settings() settings {
	x := settings{}
	text := func(name, value string) {
		if value != "" {
			x[name] = value
		}
	}
	number := func(name string, value *int) {
		if value != nil {
			x[name] = strconv.Itoa(*value)
		}
	}
	flag := func(name string, value *bool) {
		if value != nil {
			x[name] = strconv.FormatBool(*value)
		}
	}
	flag("ContentBasedDeduplication", p.ContentBasedDeduplication)
	text("DeduplicationScope", p.DeduplicationScope)
	number("DelaySeconds", p.DelaySeconds)
	if p.fifo() { // the API doesn't accept false
		flag("FifoQueue", p.FifoQueue)
	}
	text("FifoThroughputLimit", p.FifoThroughputLimit)
	number("KmsDataKeyReusePeriodSeconds", p.KmsDataKeyReusePeriodSeconds)
	text("KmsMasterKeyId", p.KmsMasterKeyId)
	number("MaximumMessageSize", p.MaximumMessageSize)
	number("MessageRetentionPeriod", p.MessageRetentionPeriod)
	number("ReceiveMessageWaitTimeSeconds", p.ReceiveMessageWaitTimeSeconds)
	text("RedriveAllowPolicy", string(p.RedriveAllowPolicy))
	text("RedrivePolicy", string(p.RedrivePolicy))
	flag("SqsManagedSseEnabled", p.SqsManagedSseEnabled)
	number("VisibilityTimeout", p.VisibilityTimeout)
	return x
}

func (p queueProperties) fifo() bool { return p.FifoQueue != nil && *p.FifoQueue }

// queueType makes AWS::SQS::Queue. Ref is its address.
//
// Source: CloudFormation template reference, AWS::SQS::Queue.
type queueType struct{ *Service }

// Check leaves what names another resource to Create.
func (t queueType) Check(want queueProperties) error {
	if want.QueueName != "" && !strings.Contains(want.QueueName, api.NotYetKnown) {
		if err := checkName(want.QueueName, want.fifo()); err != nil {
			return api.At("QueueName", err)
		}
	}
	x := want.settings()
	for name, value := range x {
		if strings.Contains(value, api.NotYetKnown) {
			delete(x, name)
		}
	}
	if err := x.check(want.fifo()); err != nil {
		return err
	}
	if _, err := checkTags(api.TagMap(want.Tags)); err != nil {
		return api.At("Tags", err)
	}
	return x.checkAllow()
}

func (t queueType) Create(s api.StackContext, logicalID string, want queueProperties) (api.Resource, error) {
	name := want.QueueName
	if name == "" {
		if name = api.GeneratedName(s, logicalID, 80-len(fifoSuffix)); want.fifo() {
			name += fifoSuffix
		}
	}
	p := api.Place{Account: s.Account, Region: s.Region}
	t.mu.Lock()
	there := t.queues[arnOf(p, name)] != nil
	t.mu.Unlock()
	if there { // CreateQueue would give the stack a queue that isn't its own
		return api.Resource{}, fail("AlreadyExists", "Resource of type 'AWS::SQS::Queue' with identifier '%s' already exists.", name)
	}
	out, err := t.createQueue(s.Call, createQueueInput{QueueName: name, Attributes: want.settings(), Tags: s.WithTags(want.Tags)})
	if err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: out.QueueUrl, Attributes: map[string]string{
		"Arn": arnOf(p, name), "QueueName": name, "QueueUrl": out.QueueUrl,
	}}, nil
}

// Update changes attributes and tags; another name or kind is another queue. An
// attribute that the template no longer gives is set back to its default.
func (t queueType) Update(s api.StackContext, logicalID string, r api.Resource, old, want queueProperties) (api.Resource, error) {
	if old.QueueName != want.QueueName || old.fifo() != want.fifo() {
		return t.Create(s, logicalID, want)
	}
	before, after, changes := old.settings(), want.settings(), settings{}
	for name := range attributes {
		if before[name] != after[name] {
			changes[name] = after[name]
		}
	}
	if len(changes) > 0 {
		if _, err := t.setQueueAttributes(s.Call, setAttributesInput{r.PhysicalID, changes}); err != nil {
			return api.Resource{}, err
		}
	}
	p, name, err := placeOf(s.Call, r.PhysicalID)
	if err != nil {
		return api.Resource{}, err
	}
	t.mu.Lock()
	var have map[string]string
	if q := t.queues[arnOf(p, name)]; q != nil {
		have = q.tags
	}
	t.mu.Unlock()
	return r, api.Retag(have, s.WithTags(want.Tags),
		func(tags []api.Tag) error {
			_, err := t.tagQueue(s.Call, tagInput{r.PhysicalID, api.TagMap(tags)})
			return err
		},
		func(keys []string) error {
			_, err := t.untagQueue(s.Call, untagInput{r.PhysicalID, keys})
			return err
		})
}

func (t queueType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteQueue(s.Call, queueInput{r.PhysicalID})
	return api.Ignore(err, noQueue)
}
