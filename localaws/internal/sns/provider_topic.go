package sns

import (
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// topicProperties are the properties of AWS::SNS::Topic.
type topicProperties struct {
	DisplayName    string
	FifoTopic      *bool
	KmsMasterKeyId string
	Subscription   []nestedSubscription
	Tags           []api.Tag
	TopicName      string
}

type nestedSubscription struct{ Endpoint, Protocol string }

// Validate implements api.Validator.
func (p *topicProperties) Validate() error {
	if p.FifoTopic != nil && *p.FifoTopic {
		return api.At("FifoTopic", invalid("the local AWS has no FIFO topics"))
	}
	if p.TopicName != "" && !strings.Contains(p.TopicName, api.NotYetKnown) {
		if err := checkName(p.TopicName); err != nil {
			return api.At("TopicName", err)
		}
	}
	if _, err := checkTags(p.Tags); err != nil {
		return api.At("Tags", err)
	}
	return nil
}

// topicType makes AWS::SNS::Topic. Ref is its ARN.
//
// Source: CloudFormation template reference, AWS::SNS::Topic.
type topicType struct{ *Service }

func (t topicType) Check(topicProperties) error { return nil }

func (t topicType) Create(s api.StackContext, logicalID string, want topicProperties) (api.Resource, error) {
	name := want.TopicName
	if name == "" {
		name = api.GeneratedName(s, logicalID, 256)
	}
	arn := s.Call.Place().ARN("sns", name)
	t.mu.Lock()
	there := t.topics[arn] != nil
	t.mu.Unlock()
	if there { // CreateTopic would give the stack a topic that isn't its own
		return api.Resource{}, api.Errorf(400, "AlreadyExists", "Resource of type 'AWS::SNS::Topic' with identifier '%s' already exists.", arn)
	}
	if _, err := t.createTopic(s.Call, createInput{Name: name, Attributes: want.attributes(), Tags: api.TagList(s.WithTags(want.Tags))}); err != nil {
		return api.Resource{}, err
	}
	r := api.Resource{PhysicalID: arn, Attributes: map[string]string{"TopicArn": arn, "TopicName": name}}
	if err := t.subscribeAll(s, arn, want.Subscription); err != nil {
		_ = t.Delete(s, r) // the first error says what is wrong
		return api.Resource{}, err
	}
	return r, nil
}

func (p topicProperties) attributes() map[string]string {
	given := map[string]string{}
	for name, value := range map[string]string{"DisplayName": p.DisplayName, "KmsMasterKeyId": p.KmsMasterKeyId} {
		if value != "" {
			given[name] = value
		}
	}
	return given
}

func (t topicType) subscribeAll(s api.StackContext, arn string, list []nestedSubscription) error {
	for _, x := range list {
		if _, err := t.subscribe(s.Call, subscribeInput{TopicArn: arn, Protocol: x.Protocol, Endpoint: x.Endpoint}); err != nil {
			return err
		}
	}
	return nil
}

// Update changes attributes and tags, and adds subscriptions; another name is
// another topic. A nested subscription that the template no longer has stays, as
// CloudFormation documents.
func (t topicType) Update(s api.StackContext, logicalID string, r api.Resource, old, want topicProperties) (api.Resource, error) {
	if old.TopicName != want.TopicName {
		return t.Create(s, logicalID, want)
	}
	for _, name := range []string{"DisplayName", "KmsMasterKeyId"} {
		if value := want.attributes()[name]; value != old.attributes()[name] {
			if _, err := t.setTopicAttributes(s.Call, setTopicInput{r.PhysicalID, name, value}); err != nil {
				return api.Resource{}, err
			}
		}
	}
	t.mu.Lock()
	var have map[string]string
	if x := t.topics[r.PhysicalID]; x != nil {
		have = x.tags
	}
	t.mu.Unlock()
	if err := t.subscribeAll(s, r.PhysicalID, want.Subscription); err != nil {
		return api.Resource{}, err
	}
	return r, api.Retag(have, s.WithTags(want.Tags),
		func(tags []api.Tag) error {
			_, err := t.tag(s.Call, tagInput{r.PhysicalID, tags})
			return err
		},
		func(keys []string) error {
			_, err := t.untag(s.Call, untagInput{r.PhysicalID, keys})
			return err
		})
}

func (t topicType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.deleteTopic(s.Call, topicInput{r.PhysicalID})
	return err
}
