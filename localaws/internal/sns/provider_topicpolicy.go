package sns

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// topicPolicyProperties are the properties of AWS::SNS::TopicPolicy.
type topicPolicyProperties struct {
	PolicyDocument api.Policy
	Topics         []string
}

// Validate implements api.Validator.
func (p *topicPolicyProperties) Validate() error {
	if len(p.Topics) == 0 {
		return invalid("Topics")
	}
	return nil
}

// topicPolicyType makes AWS::SNS::TopicPolicy: the attribute Policy of topics.
//
// Source: CloudFormation template reference, AWS::SNS::TopicPolicy.
type topicPolicyType struct{ *Service }

func (t topicPolicyType) Check(want topicPolicyProperties) error {
	if _, err := readPolicy(want.PolicyDocument.Known()); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

// Create puts the policy on each topic. It leaves nothing behind if one of them
// refuses it.
func (t topicPolicyType) Create(s api.StackContext, logicalID string, want topicPolicyProperties) (api.Resource, error) {
	if err := t.put(s, want.Topics, string(want.PolicyDocument)); err != nil {
		return api.Resource{}, err
	}
	id := api.GeneratedName(s, logicalID, 255)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.policies[id] = want.Topics
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

func (t topicPolicyType) put(s api.StackContext, topics []string, policy string) error {
	for i, arn := range topics {
		if _, err := t.setTopicAttributes(s.Call, setTopicInput{arn, "Policy", policy}); err != nil {
			_ = t.remove(s, topics[:i]) // the first error says what is wrong
			return err
		}
	}
	return nil
}

func (t topicPolicyType) remove(s api.StackContext, topics []string) error {
	for _, arn := range topics {
		_, err := t.setTopicAttributes(s.Call, setTopicInput{arn, "Policy", ""})
		if err = api.Ignore(err, noTopic); err != nil {
			return err
		}
	}
	return nil
}

// Update puts the new policy, and takes it from topics that it is no longer of.
func (t topicPolicyType) Update(s api.StackContext, _ string, r api.Resource, old, want topicPolicyProperties) (api.Resource, error) {
	if err := t.put(s, want.Topics, string(want.PolicyDocument)); err != nil {
		return api.Resource{}, err
	}
	t.mu.Lock()
	t.policies[r.PhysicalID] = want.Topics
	t.mu.Unlock()
	return r, t.remove(s, slices.DeleteFunc(slices.Clone(old.Topics), func(x string) bool { return slices.Contains(want.Topics, x) }))
}

func (t topicPolicyType) Delete(s api.StackContext, r api.Resource) error {
	t.mu.Lock()
	topics := t.policies[r.PhysicalID]
	delete(t.policies, r.PhysicalID)
	t.mu.Unlock()
	return t.remove(s, topics)
}
