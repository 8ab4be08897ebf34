package sns_test

import (
	"encoding/json"
	"strings"
	"testing"

	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func (w *world) stack() api.StackContext {
	return api.StackContext{Call: call(home+"/admin", region), StackName: "stack", Account: home, Region: region, Partition: "aws", Tags: map[string]string{"stack": "s"}}
}

func (w *world) attributes(t *testing.T, topic string) map[string]string {
	t.Helper()
	return must[*awssns.GetTopicAttributesOutput](t)(w.admin().GetTopicAttributes(ctx, &awssns.GetTopicAttributesInput{TopicArn: &topic})).Attributes
}

func TestTopicResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::SNS::Topic"], w.stack()
	first := json.RawMessage(`{"TopicName":"t","DisplayName":"D","KmsMasterKeyId":"alias/aws/sns","Subscription":[{"Protocol":"email","Endpoint":"a@example.com"}]}`)
	r, err := p.Create(ctx, s, "T", first)
	if err != nil {
		t.Fatal(err)
	}
	topic := "arn:aws:sns:" + region + ":" + home + ":t"
	if r.PhysicalID != topic || r.Attributes["TopicArn"] != topic || r.Attributes["TopicName"] != "t" {
		t.Errorf("%+v", r)
	}
	if a := w.attributes(t, topic); a["KmsMasterKeyId"] != "alias/aws/sns" || a["SubscriptionsPending"] != "1" {
		t.Error(a)
	}
	if _, err := p.Create(ctx, s, "Again", first); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("a topic that is there becomes the stack's: %v", err)
	}
	second := json.RawMessage(`{"TopicName":"t","Tags":[{"Key":"a","Value":"1"}]}`)
	if _, err := p.Update(ctx, s, "T", r, first, second); err != nil {
		t.Fatal(err)
	}
	if a := w.attributes(t, topic); a["KmsMasterKeyId"] != "" || a["DisplayName"] != "" {
		t.Errorf("what the template no longer says is still so: %v", a)
	}
	if moved, err := p.Update(ctx, s, "T", r, second, json.RawMessage(`{}`)); err != nil || moved.PhysicalID == topic || !strings.Contains(moved.PhysicalID, ":stack-T-") {
		t.Errorf("another name is a replacement: %+v, %v", moved, err)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "T", r); err != nil {
			t.Error(err)
		}
	}
	bad := `{"TopicName":"bad","Subscription":[{"Protocol":"sms","Endpoint":"1"}]}`
	if _, err := p.Create(ctx, s, "T", json.RawMessage(bad)); err == nil {
		t.Error("a topic with SMS")
	}
	if status, _ := query(w, "GetTopicAttributes", "TopicArn="+strings.Replace(topic, ":t", ":bad", 1)); status != 404 {
		t.Error("a failed creation leaves a topic")
	}
	for properties, want := range map[string]string{
		`{"Colour":"red"}`: "Colour", `{"TopicName":"a b"}`: "TopicName", `{"FifoTopic":true}`: "FifoTopic", `{"Tags":[{"Key":"aws:a","Value":"1"}]}`: "Tags",
	} {
		if err := p.(api.Checker).Check(json.RawMessage(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", properties, err)
		}
	}
}

func TestTopicPolicyResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::SNS::TopicPolicy"], w.stack()
	a, b := w.topic(t, "a"), w.topic(t, "b")
	properties := func(topics ...string) json.RawMessage {
		list, _ := json.Marshal(topics)
		return json.RawMessage(`{"Topics":` + string(list) + `,"PolicyDocument":` + letIn("s3.amazonaws.com", "sns:Publish", "arn:aws:s3:::x") + `}`)
	}
	if _, err := p.Create(ctx, s, "P", properties(a, a+"none")); err == nil || w.attributes(t, a)["Policy"] != "" {
		t.Errorf("a failed creation leaves a policy: %v", err)
	}
	r, err := p.Create(ctx, s, "P", properties(a))
	if err != nil || !strings.Contains(w.attributes(t, a)["Policy"], "s3.amazonaws.com") {
		t.Fatal(err)
	}
	if r, err = p.Update(ctx, s, "P", r, properties(a), properties(b)); err != nil || w.attributes(t, a)["Policy"] != "" || w.attributes(t, b)["Policy"] == "" {
		t.Error(err)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "P", r); err != nil || w.attributes(t, b)["Policy"] != "" {
			t.Error(err)
		}
	}
	for properties, want := range map[string]string{
		`{"PolicyDocument":{},"Topics":[]}`: "Topics", `{"PolicyDocument":{"Statement":[{"Effect":"Maybe"}]},"Topics":["` + a + `"]}`: "PolicyDocument",
	} {
		if err := p.(api.Checker).Check(json.RawMessage(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", properties, err)
		}
	}
}

func TestSubscriptionResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::SNS::Subscription"], w.stack()
	topic := w.topic(t, "t")
	_, queue := w.queue(t, "q", "")
	properties := func(endpoint, more string) json.RawMessage {
		return json.RawMessage(`{"TopicArn":"` + topic + `","Protocol":"sqs","Endpoint":"` + endpoint + `"` + more + `}`)
	}
	r, err := p.Create(ctx, s, "S", properties(queue, `,"RawMessageDelivery":"true"`))
	if err != nil || !strings.HasPrefix(r.PhysicalID, topic+":") || r.Attributes["Arn"] != r.PhysicalID {
		t.Fatal(err, r)
	}
	raw := func() string {
		return must[*awssns.GetSubscriptionAttributesOutput](t)(w.admin().GetSubscriptionAttributes(ctx, &awssns.GetSubscriptionAttributesInput{SubscriptionArn: &r.PhysicalID})).Attributes["RawMessageDelivery"]
	}
	if raw() != "true" {
		t.Error("the property is not there")
	}
	if _, err := p.Update(ctx, s, "S", r, properties(queue, `,"RawMessageDelivery":true`), properties(queue, "")); err != nil || raw() != "false" {
		t.Error(err, raw())
	}
	if moved, err := p.Update(ctx, s, "S", r, properties(queue, ""), properties(queue+"2", "")); err != nil || moved.PhysicalID == r.PhysicalID {
		t.Error(err, moved)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "S", r); err != nil {
			t.Error(err)
		}
	}
	for properties, want := range map[string]string{
		`{"Protocol":"sms","Endpoint":"1"}`: "sms", `{"Protocol":"sqs","Endpoint":"x"}`: "Endpoint", `{"FilterPolicy":{}}`: "FilterPolicy",
	} {
		if err := p.(api.Checker).Check(json.RawMessage(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", properties, err)
		}
	}
}

// TestSubscriptionInAnotherRegion: the stack says where the topic is.
//
// Source: CloudFormation template reference, AWS::SNS::Subscription, Region.
func TestSubscriptionInAnotherRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::SNS::Subscription"], w.stack()
	topic := w.topic(t, "t")
	_, queue := w.queue(t, "q", "")
	s.Region, s.Call.Region = "eu-west-1", "eu-west-1"
	properties := func(more string) json.RawMessage {
		return json.RawMessage(`{"TopicArn":"` + topic + `","Protocol":"sqs","Endpoint":"` + queue + `"` + more + `}`)
	}
	if _, err := p.Create(ctx, s, "S", properties("")); err == nil {
		t.Error("a topic elsewhere, without its Region")
	}
	r, err := p.Create(ctx, s, "S", properties(`,"Region":"`+region+`"`))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := p.Update(ctx, s, "S", r, properties(`,"Region":"`+region+`"`), properties(`,"Region":"`+region+`","RawMessageDelivery":true`)); err != nil || same.PhysicalID != r.PhysicalID {
		t.Error(err, same)
	}
	if err := p.Delete(ctx, s, "S", r); err != nil {
		t.Error(err)
	}
	if list := must[*awssns.ListSubscriptionsByTopicOutput](t)(w.admin().ListSubscriptionsByTopic(ctx, &awssns.ListSubscriptionsByTopicInput{TopicArn: &topic})).Subscriptions; len(list) != 0 {
		t.Errorf("the topic still has %d subscriptions", len(list))
	}
}
