package sqs_test

import (
	"encoding/json"
	"strings"
	"testing"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func (w *world) stack() api.StackContext {
	return api.StackContext{Call: call(home+"/admin", region), StackName: "stack", Account: home, Region: region, Partition: "aws", Tags: map[string]string{"stack": "s"}}
}

func TestQueueResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::SQS::Queue"], w.stack()
	w.queue(t, "dead")
	first := json.RawMessage(`{"QueueName":"q","VisibilityTimeout":"90","SqsManagedSseEnabled":true,"Tags":[{"Key":"a","Value":"1"}],
		"RedrivePolicy":{"deadLetterTargetArn":"` + arn("dead") + `","maxReceiveCount":3}}`)
	r, err := p.Create(ctx, s, "Q", first)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(api.Resource{PhysicalID: "https://sqs.eu-central-1.amazonaws.com/111122223333/q", Attributes: map[string]string{
		"Arn": arn("q"), "QueueName": "q", "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/q",
	}}, r); diff != "" {
		t.Error(diff)
	}
	if w.attribute(t, r.PhysicalID, "VisibilityTimeout") != "90" || !strings.Contains(w.attribute(t, r.PhysicalID, "RedrivePolicy"), `"maxReceiveCount":3`) {
		t.Error("the properties are not there")
	}
	if _, err := p.Create(ctx, s, "Again", first); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("a queue that is there becomes the stack's: %v", err)
	}
	second := json.RawMessage(`{"QueueName":"q","DelaySeconds":5,"Tags":[{"Key":"b","Value":"2"}]}`)
	if _, err := p.Update(ctx, s, "Q", r, first, second); err != nil {
		t.Fatal(err)
	}
	if w.attribute(t, r.PhysicalID, "VisibilityTimeout") != "30" || w.attribute(t, r.PhysicalID, "RedrivePolicy") != "" || w.attribute(t, r.PhysicalID, "DelaySeconds") != "5" {
		t.Error("what the template no longer says is still so")
	}
	tags := must[*awssqs.ListQueueTagsOutput](t)(w.admin().ListQueueTags(ctx, &awssqs.ListQueueTagsInput{QueueUrl: &r.PhysicalID})).Tags
	if diff := cmp.Diff(map[string]string{"stack": "s", "b": "2"}, tags); diff != "" {
		t.Error(diff)
	}
	moved, err := p.Update(ctx, s, "Q", r, second, json.RawMessage(`{"FifoQueue":true}`))
	if err != nil || !strings.HasSuffix(moved.PhysicalID, ".fifo") || !strings.Contains(moved.PhysicalID, "/stack-Q-") {
		t.Errorf("another kind is a replacement: %+v, %v", moved, err)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "Q", r); err != nil {
			t.Error(err)
		}
	}
	for properties, want := range map[string]string{
		`{"Colour":"red"}`: "Colour", `{"QueueName":"a b"}`: "QueueName", `{"DelaySeconds":901}`: "DelaySeconds", `{"ContentBasedDeduplication":true}`: "ContentBasedDeduplication",
		`{"RedriveAllowPolicy":{"redrivePermission":"x"}}`: "RedriveAllowPolicy", `{"Tags":[{"Key":"aws:a","Value":"1"}]}`: "Tags",
	} {
		if err := p.(api.Checker).Check(json.RawMessage(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", properties, err)
		}
	}
	if err := p.(api.Checker).Check(json.RawMessage(`{"KmsMasterKeyId":"` + api.NotYetKnown + `","RedrivePolicy":{"deadLetterTargetArn":"` + api.NotYetKnown + `","maxReceiveCount":3}}`)); err != nil {
		t.Error(err)
	}
}

func TestQueuePolicyResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::SQS::QueuePolicy"], w.stack()
	a, b := w.queue(t, "q"), w.queue(t, "b")
	properties := func(queues ...string) json.RawMessage {
		list, _ := json.Marshal(queues)
		return json.RawMessage(`{"Queues":` + string(list) + `,"PolicyDocument":` + statement(`{"Service":"s3.amazonaws.com"}`, "sqs:SendMessage", "{}") + `}`)
	}
	none := strings.Replace(a, "/q", "/none", 1)
	if _, err := p.Create(ctx, s, "P", properties(a, none)); err == nil || w.attribute(t, a, "Policy") != "" {
		t.Errorf("a failed creation leaves a policy: %v", err)
	}
	r, err := p.Create(ctx, s, "P", properties(a))
	if err != nil || !strings.Contains(w.attribute(t, a, "Policy"), "s3.amazonaws.com") {
		t.Fatal(err)
	}
	if r, err = p.Update(ctx, s, "P", r, properties(a), properties(b)); err != nil || w.attribute(t, a, "Policy") != "" || w.attribute(t, b, "Policy") == "" {
		t.Error(err)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "P", r); err != nil || w.attribute(t, b, "Policy") != "" {
			t.Error(err)
		}
	}
	for properties, want := range map[string]string{
		`{"PolicyDocument":{},"Queues":[]}`: "Queues", `{"PolicyDocument":{"Statement":[{"Effect":"Maybe"}]},"Queues":["` + a + `"]}`: "PolicyDocument",
	} {
		if err := p.(api.Checker).Check(json.RawMessage(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", properties, err)
		}
	}
}
