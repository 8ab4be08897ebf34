package sns

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// subscriptionProperties are the properties of AWS::SNS::Subscription.
type subscriptionProperties struct {
	Endpoint, Protocol, TopicArn string
	Region                       string // of the topic; "": the stack's
	RawMessageDelivery           *bool
}

// at is a call in the topic's Region.
func (p subscriptionProperties) at(c api.Call) api.Call {
	c.Region = cmp.Or(p.Region, c.Region)
	return c
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
	out, err := t.subscribe(want.at(s.Call), in)
	if err != nil {
		return api.Resource{}, err
	}
	return api.Resource{PhysicalID: out.SubscriptionArn, Attributes: map[string]string{"Arn": out.SubscriptionArn}}, nil
}

func (t subscriptionType) Update(s api.StackContext, logicalID string, r api.Resource, old, want subscriptionProperties) (api.Resource, error) {
	if old.at(s.Call).Region != want.at(s.Call).Region || old.Endpoint != want.Endpoint || old.Protocol != want.Protocol || old.TopicArn != want.TopicArn {
		return t.Create(s, logicalID, want)
	}
	if old.raw() == want.raw() {
		return r, nil
	}
	_, err := t.setSubscriptionAttributes(want.at(s.Call), setSubscriptionInput{r.PhysicalID, "RawMessageDelivery", want.raw()})
	return r, err
}

func (t subscriptionType) Delete(s api.StackContext, r api.Resource) error {
	c := s.Call
	if a, err := arn.Parse(r.PhysicalID); err == nil {
		c.Region = a.Region
	}
	_, err := t.unsubscribe(c, subscriptionInput{r.PhysicalID})
	return api.Ignore(err, noTopic)
}
