package sqs

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// queuePolicyProperties are the properties of AWS::SQS::QueuePolicy.
type queuePolicyProperties struct {
	PolicyDocument api.Policy
	Queues         []string
}

// Validate implements api.Validator.
func (p *queuePolicyProperties) Validate() error {
	if len(p.Queues) == 0 {
		return missing("Queues")
	}
	return nil
}

// queuePolicyType makes AWS::SQS::QueuePolicy: the attribute Policy of queues.
//
// Source: CloudFormation template reference, AWS::SQS::QueuePolicy.
type queuePolicyType struct{ *Service }

func (t queuePolicyType) Check(want queuePolicyProperties) error {
	if _, err := readPolicy(want.PolicyDocument.Known()); err != nil {
		return api.At("PolicyDocument", err)
	}
	return nil
}

// Create puts the policy on each queue. It leaves nothing behind if one of them
// refuses it.
func (t queuePolicyType) Create(s api.StackContext, logicalID string, want queuePolicyProperties) (api.Resource, error) {
	if err := t.put(s, want.Queues, string(want.PolicyDocument)); err != nil {
		return api.Resource{}, err
	}
	id := api.GeneratedName(s, logicalID, 255)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.policies[id] = want.Queues
	return api.Resource{PhysicalID: id, Attributes: map[string]string{"Id": id}}, nil
}

func (t queuePolicyType) put(s api.StackContext, queues []string, policy string) error {
	for i, address := range queues {
		if _, err := t.setQueueAttributes(s.Call, setAttributesInput{address, settings{"Policy": policy}}); err != nil {
			_ = t.remove(s, queues[:i]) // the first error says what is wrong
			return err
		}
	}
	return nil
}

func (t queuePolicyType) remove(s api.StackContext, queues []string) error {
	for _, address := range queues {
		_, err := t.setQueueAttributes(s.Call, setAttributesInput{address, settings{"Policy": ""}})
		if err = api.Ignore(err, noQueue); err != nil {
			return err
		}
	}
	return nil
}

// Update puts the new policy, and takes it from queues that it is no longer of.
func (t queuePolicyType) Update(s api.StackContext, _ string, r api.Resource, old, want queuePolicyProperties) (api.Resource, error) {
	if err := t.put(s, want.Queues, string(want.PolicyDocument)); err != nil {
		return api.Resource{}, err
	}
	t.mu.Lock()
	t.policies[r.PhysicalID] = want.Queues
	t.mu.Unlock()
	return r, t.remove(s, slices.DeleteFunc(slices.Clone(old.Queues), func(q string) bool { return slices.Contains(want.Queues, q) }))
}

func (t queuePolicyType) Delete(s api.StackContext, r api.Resource) error {
	t.mu.Lock()
	queues := t.policies[r.PhysicalID]
	delete(t.policies, r.PhysicalID)
	t.mu.Unlock()
	return t.remove(s, queues)
}
