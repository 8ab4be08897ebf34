package sns

import (
	"maps"
	"strconv"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxPolicy is the size of a topic's policy, in bytes.
//
// Source: AWS general reference, sns, "Access policy" quota.
const maxPolicy = 30720

// readPolicy reads a topic's policy, without the question who exists.
func readPolicy(text string) (iam.Document, error) {
	if len(text) > maxPolicy {
		return iam.Document{}, invalid("Policy Error: too large")
	}
	policy, err := problem.Read([]byte(text), problem.Subject{Kind: problem.Other})
	if err != nil {
		refusal := api.RefusedPolicy(400, "InvalidParameter", err)
		refusal.Message = "Invalid parameter: Policy Error: " + refusal.Message
		return iam.Document{}, refusal
	}
	return policy, nil
}

// set gives a topic an attribute; "" takes it away.
//
// Source: SNS API reference, SetTopicAttributes.
func (s *Service) set(t *topic, name, value string) error {
	switch name {
	case "Policy":
		var source *iam.Source
		if value != "" {
			policy, err := readPolicy(value)
			if err != nil {
				return err
			}
			if p := api.InvalidPrincipal(s.opt.Principals, policy); p != "" {
				return api.NoPrincipal(invalid("Policy Error: PrincipalNotFound"), p)
			}
			source = &iam.Source{Name: "topic policy of " + t.arn, Document: policy}
		}
		t.policy = source
	case "DisplayName":
		if len(value) > 100 {
			return invalid("DisplayName")
		}
	case "KmsMasterKeyId":
	default:
		return invalid("the local AWS does not know the topic attribute %s; it never drops one silently", name)
	}
	if value == "" {
		delete(t.settings, name)
	} else {
		t.settings[name] = value
	}
	return nil
}

type setTopicInput struct{ TopicArn, AttributeName, AttributeValue string }

func (s *Service) setTopicAttributes(c api.Call, in setTopicInput) (empty, error) {
	return empty{}, s.onTopic(c, "SetTopicAttributes", in.TopicArn, nil, func(t *topic) error {
		return s.set(t, in.AttributeName, in.AttributeValue)
	})
}

type attributesOutput struct{ Attributes map[string]string }

// getTopicAttributes gives no Policy of a topic that has none: the page leaves
// open how a topic shows that only its owner's account is let in.
func (s *Service) getTopicAttributes(c api.Call, in topicInput) (out attributesOutput, err error) {
	err = s.onTopic(c, "GetTopicAttributes", in.TopicArn, nil, func(t *topic) error {
		confirmed, pending := 0, 0
		for _, x := range t.subscriptions {
			if x.pending {
				pending++
			} else {
				confirmed++
			}
		}
		out.Attributes = map[string]string{
			"TopicArn": t.arn, "Owner": t.place.Account, "DisplayName": "",
			"SubscriptionsConfirmed": strconv.Itoa(confirmed), "SubscriptionsPending": strconv.Itoa(pending), "SubscriptionsDeleted": strconv.Itoa(t.deleted),
		}
		maps.Copy(out.Attributes, t.settings)
		return nil
	})
	return out, err
}
