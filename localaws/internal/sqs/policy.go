package sqs

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxPolicy is the size of a queue's policy, in bytes.
//
// Source: SQS developer guide, quotas-policies.
const maxPolicy = 8192

// checkPolicy refuses a policy that SQS refuses, such as one that names someone
// who doesn't exist. "" is no policy. The page of SetQueueAttributes has the code;
// no page has the words.
func (s *Service) checkPolicy(arn, text string) (*iam.Source, error) {
	if text == "" {
		return nil, nil
	}
	policy, err := readPolicy(text)
	if err != nil {
		return nil, err
	}
	if p := api.InvalidPrincipal(s.opt.Principals, policy); p != "" {
		return nil, api.NoPrincipal(badValue("Policy"), p)
	}
	return &iam.Source{Name: "queue policy of " + arn, Document: policy}, nil
}

// readPolicy is checkPolicy without the question who exists.
func readPolicy(text string) (iam.Document, error) {
	if len(text) > maxPolicy {
		return iam.Document{}, badValue("Policy")
	}
	policy, err := problem.Read([]byte(text), problem.Subject{Kind: problem.Other})
	if err != nil {
		refusal := api.RefusedPolicy(400, "InvalidAttributeValue", err)
		refusal.Message = "Invalid value for the parameter Policy."
		return iam.Document{}, refusal
	}
	return policy, nil
}
