package sns

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// onSubscription decides an action on a subscription, which is one on its topic,
// and gives it, with s.mu held only by f.
func (s *Service) onSubscription(c api.Call, action, subscriptionARN string, f func(*topic, *subscription) error) error {
	topicARN := subscriptionARN
	if i := strings.LastIndexByte(topicARN, ':'); i > 0 {
		topicARN = topicARN[:i]
	}
	err := s.onTopic(c, action, topicARN, nil, func(t *topic) error {
		i := slices.IndexFunc(t.subscriptions, func(x *subscription) bool { return x.arn == subscriptionARN })
		if i < 0 {
			return notFound("Subscription")
		}
		return f(t, t.subscriptions[i])
	})
	if api.HasCode(err, "InvalidParameter") && action != "SetSubscriptionAttributes" {
		return invalid("SubscriptionArn")
	}
	return err
}

type subscriptionInput struct{ SubscriptionArn string }

func (s *Service) unsubscribe(c api.Call, in subscriptionInput) (empty, error) {
	return empty{}, s.onSubscription(c, "Unsubscribe", in.SubscriptionArn, func(t *topic, x *subscription) error {
		t.subscriptions = slices.DeleteFunc(t.subscriptions, func(y *subscription) bool { return x == y })
		t.deleted++
		return nil
	})
}

type setSubscriptionInput struct{ SubscriptionArn, AttributeName, AttributeValue string }

func (s *Service) setSubscriptionAttributes(c api.Call, in setSubscriptionInput) (empty, error) {
	return empty{}, s.onSubscription(c, "SetSubscriptionAttributes", in.SubscriptionArn, func(_ *topic, x *subscription) error {
		return x.set(in.AttributeName, in.AttributeValue)
	})
}

func (s *Service) getSubscriptionAttributes(c api.Call, in subscriptionInput) (out attributesOutput, err error) {
	err = s.onSubscription(c, "GetSubscriptionAttributes", in.SubscriptionArn, func(_ *topic, x *subscription) error {
		out.Attributes = map[string]string{
			"SubscriptionArn": x.arn, "TopicArn": x.topic, "Owner": x.owner, "Protocol": x.protocol, "Endpoint": x.endpoint,
			"PendingConfirmation": strconv.FormatBool(x.pending), "RawMessageDelivery": strconv.FormatBool(x.raw), "ConfirmationWasAuthenticated": strconv.FormatBool(!x.pending),
		}
		return nil
	})
	return out, err
}

type listedSubscription struct{ Endpoint, Owner, Protocol, SubscriptionArn, TopicArn string }

type listSubscriptionsOutput struct {
	Subscriptions []listedSubscription
	NextToken     string `json:",omitempty"`
}

// page cuts the list of subscriptions.
func (o *listSubscriptionsOutput) page(list []*subscription, token string) error {
	page, next, ok := api.Page(list, pageSize, token)
	if !ok {
		return invalid("NextToken")
	}
	o.NextToken = next
	for _, x := range page {
		shown := listedSubscription{x.endpoint, x.owner, x.protocol, x.arn, x.topic}
		if x.pending {
			shown.SubscriptionArn = pendingInList
		}
		o.Subscriptions = append(o.Subscriptions, shown)
	}
	return nil
}

func (s *Service) listSubscriptions(c api.Call, in listInput) (out listSubscriptionsOutput, err error) {
	if err := s.authorize(c, "ListSubscriptions", "*", c.Account, nil); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*subscription
	for _, name := range slices.Sorted(maps.Keys(s.topics)) {
		for _, x := range s.topics[name].subscriptions {
			if x.owner == c.Account && s.topics[name].place.Region == c.Region {
				list = append(list, x)
			}
		}
	}
	return out, out.page(list, in.NextToken)
}

type listByTopicInput struct{ TopicArn, NextToken string }

func (s *Service) listSubscriptionsByTopic(c api.Call, in listByTopicInput) (out listSubscriptionsOutput, err error) {
	err = s.onTopic(c, "ListSubscriptionsByTopic", in.TopicArn, nil, func(t *topic) error { return out.page(t.subscriptions, in.NextToken) })
	return out, err
}
