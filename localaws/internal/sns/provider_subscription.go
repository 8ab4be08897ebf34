package sns

import (
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// subscriptionProperties are the properties of AWS::SNS::Subscription.
type subscriptionProperties struct {
	Endpoint, Protocol, TopicArn string
	RawMessageDelivery           *bool
}

// subscriptionType makes AWS::SNS::Subscription.
//
// Source: CloudFormation template reference, AWS::SNS::Subscription.
type subscriptionType struct{ *Service }

func (t subscriptionType) Check(want subscriptionProperties) error {
	if want.Endpoint == "" || strings.Contains(want.Endpoint, api.NotYetKnown) {
		return nil
	}
	_, err := checkEndpoint(want.Protocol, want.Endpoint, "")
	return err
}

func (p subscriptionProperties) raw() string {
	return strconv.FormatBool(p.RawMessageDelivery != nil && *p.RawMessageDelivery)
}

func (t subscriptionType) Create(s api.StackContext, _ string, want subscriptionProperties) (api.Resource, error) {
	known := true
	in := subscribeInput{TopicArn: want.TopicArn, Protocol: want.Protocol, Endpoint: want.Endpoint, ReturnSubscriptionArn: &known}
	if want.RawMessageDelivery != nil {
		in.Attributes = map[string]string{"RawMessageDelivery": want.raw()}
	}
	out, err := t.subscribe(s.Call, in)
	if err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: out.SubscriptionArn, Attributes: map[string]string{"Arn": out.SubscriptionArn}}, nil
}

func (t subscriptionType) Update(s api.StackContext, logicalID string, r api.Resource, old, want subscriptionProperties) (api.Resource, error) {
	if old.Endpoint != want.Endpoint || old.Protocol != want.Protocol || old.TopicArn != want.TopicArn {
		return t.Create(s, logicalID, want)
	}
	if old.raw() == want.raw() {
		return r, nil
	}
	_, err := t.setSubscriptionAttributes(s.Call, setSubscriptionInput{r.PhysicalID, "RawMessageDelivery", want.raw()})
	return r, err
}

func (t subscriptionType) Delete(s api.StackContext, r api.Resource) error {
	_, err := t.unsubscribe(s.Call, subscriptionInput{r.PhysicalID})
	return api.Ignore(err, noTopic)
}
