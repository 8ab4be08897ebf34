package sns

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// subscription is one endpoint of a topic. Service.mu guards it.
type subscription struct {
	arn, topic, owner  string // owner: account
	protocol, endpoint string
	pending, raw       bool
}

// checkEndpoint says whether a protocol's endpoint waits for its owner to confirm
// it: those of an address or URL do, and those in another account.
//
// Source: SNS API reference, Subscribe.
func checkEndpoint(protocol, endpoint, account string) (pending bool, err error) {
	a, bad := arn.Parse(endpoint)
	known := true
	switch protocol {
	case "sqs":
		known = bad == nil && a.Service == "sqs"
		if strings.HasSuffix(a.Resource, ".fifo") {
			return false, invalid("Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
		}
	case "lambda":
		known = bad == nil && a.Service == "lambda"
	case "email", "email-json":
		name, domain, ok := strings.Cut(endpoint, "@")
		return true, refuseUnless(ok && name != "" && domain != "")
	case "http", "https":
		u, err := url.Parse(endpoint)
		return true, refuseUnless(err == nil && u.Scheme == protocol && u.Host != "")
	default:
		return false, invalid("the local AWS has no subscriptions of the protocol %q", protocol)
	}
	return a.AccountID != account, refuseUnless(known)
}

func refuseUnless(ok bool) error {
	if ok {
		return nil
	}
	return invalid("Endpoint")
}

type subscribeInput struct {
	TopicArn, Protocol, Endpoint string
	Attributes                   map[string]string
	ReturnSubscriptionArn        *bool
}

type subscriptionOutput struct{ SubscriptionArn string }

// pendingText takes the place of the ARN of a subscription that isn't confirmed:
// in the answer to Subscribe, and in lists.
//
// Source: SNS API reference, Subscribe; ListSubscriptionsByTopic shows
// "PendingConfirmation".
const (
	pendingText   = "pending confirmation"
	pendingInList = "PendingConfirmation"
)

// subscribe gives the subscription that is there, if the topic has one of the
// endpoint.
func (s *Service) subscribe(c api.Call, in subscribeInput) (out subscriptionOutput, err error) {
	keys := map[string]iam.Strings{"sns:Protocol": {in.Protocol}}
	if in.Endpoint != "" {
		keys["sns:Endpoint"] = iam.Strings{in.Endpoint}
	}
	err = s.onTopic(c, "Subscribe", in.TopicArn, keys, func(t *topic) error {
		pending, err := checkEndpoint(in.Protocol, in.Endpoint, c.Account)
		if err != nil {
			return err
		}
		x := &subscription{arn: t.arn + ":" + api.UUID(), topic: t.arn, owner: c.Account, protocol: in.Protocol, endpoint: in.Endpoint, pending: pending}
		for _, name := range slices.Sorted(maps.Keys(in.Attributes)) {
			if err := x.set(name, in.Attributes[name]); err != nil {
				return err
			}
		}
		i := slices.IndexFunc(t.subscriptions, func(y *subscription) bool { return y.protocol == x.protocol && y.endpoint == x.endpoint })
		if i >= 0 {
			if x.raw != t.subscriptions[i].raw {
				return invalid("Attributes Reason: Subscription already exists with different attributes")
			}
			x = t.subscriptions[i]
		} else {
			t.subscriptions = append(t.subscriptions, x)
		}
		out.SubscriptionArn = x.arn
		if x.pending && (in.ReturnSubscriptionArn == nil || !*in.ReturnSubscriptionArn) {
			out.SubscriptionArn = pendingText
		}
		return nil
	})
	return out, err
}

func (x *subscription) set(name, value string) error {
	switch {
	case name != "RawMessageDelivery":
		return invalid("the local AWS does not know the subscription attribute %s; it never drops one silently", name)
	case value != "true" && value != "false":
		return invalid("RawMessageDelivery")
	case value == "true" && x.protocol != "sqs":
		return invalid("Delivery protocol [%s] does not support raw message delivery.", x.protocol)
	}
	x.raw = value == "true"
	return nil
}
