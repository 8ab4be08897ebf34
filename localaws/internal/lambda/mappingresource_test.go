package lambda

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func TestMappingsThatAreRefused(t *testing.T) {
	t.Parallel()
	q := newQueued(t, `"VisibilityTimeout":"1"`)
	q.sqs("CreateQueue", `{"QueueName":"f.fifo","Attributes":{"FifoQueue":"true"}}`)
	q.sqs("CreateQueue", `{"QueueName":"free"}`)
	for _, test := range []struct{ queue, more, want string }{
		{"q", "", "Queue visibility timeout: 1 seconds is less than Function timeout: 2 seconds"},
		{"none", "", "QueueDoesNotExist"},
		{"free", `,"BatchSize":0`, "BatchSize"},
		{"free", `,"BatchSize":11`, "Maximum batch window in seconds must be greater than 0"},
		{"free", `,"MaximumBatchingWindowInSeconds":301`, "MaximumBatchingWindowInSeconds"},
		{"free", `,"ScalingConfig":{"MaximumConcurrency":1}`, "MaximumConcurrency"},
		{"free", `,"FunctionResponseTypes":["All"]`, "ReportBatchItemFailures"},
		{"free", `,"FilterCriteria":{"Filters":[]}`, "FilterCriteria"},
		{"free", `,"StartingPosition":"LATEST"`, "StartingPosition"},
		{"f.fifo", `,"BatchSize":11,"MaximumBatchingWindowInSeconds":1`, "FIFO"},
		{"f.fifo", `,"MaximumBatchingWindowInSeconds":1`, "FIFO"},
		{"free", `,"FunctionName":"none"`, "Function not found"},
		{"free", `,"EventSourceArn":"arn:aws:kinesis:eu-west-1:111111111111:stream/s"`, "no other event sources"},
	} {
		r := q.request("POST", "/2015-03-31/event-source-mappings", `{"EventSourceArn":"`+strings.TrimSuffix(queueARN, "q")+test.queue+`","FunctionName":"fn"`+test.more+`}`)
		if r.status != 400 && r.status != 404 || !strings.Contains(r.body, test.want) {
			t.Errorf("%s%s: %d %s, want %s", test.queue, test.more, r.status, r.body, test.want)
		}
	}
	for _, operation := range []string{"CreateEventSourceMapping", "GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping", "ListEventSourceMappings"} {
		q.deny("lambda:"+operation, true)
		method := map[byte]string{'C': "POST", 'G': "GET", 'U': "PUT", 'D': "DELETE", 'L': "GET"}[operation[0]]
		path := "/2015-03-31/event-source-mappings"
		if strings.Contains("GUD", operation[:1]) {
			path += "/11111111-2222-3333-4444-555555555555"
		}
		if r := q.request(method, path, `{"EventSourceArn":"`+queueARN+`","FunctionName":"fn"}`); r.status != 403 || !strings.Contains(r.body, operation) {
			t.Errorf("%s without permission: %d %s", operation, r.status, r.body)
		}
	}
	equal(t, "mappings", len(q.mappings), 0)
}

func TestMappingResource(t *testing.T) {
	t.Parallel()
	q := newQueued(t, "")
	p, ctx := q.Providers()["AWS::Lambda::EventSourceMapping"], context.Background()
	first := json.RawMessage(`{"EventSourceArn":"` + queueARN + `","FunctionName":"arn:aws:lambda:` + region + `:` + account + `:function:fn","BatchSize":"5","FunctionResponseTypes":["ReportBatchItemFailures"],"Tags":[{"Key":"a","Value":"b"}]}`)
	r, err := p.Create(ctx, stack(), "M", first)
	if err != nil || r.Attributes["Id"] != r.PhysicalID {
		t.Fatal(r, err)
	}
	if _, err := p.Create(ctx, stack(), "Again", first); err == nil || !strings.Contains(err.Error(), r.PhysicalID) {
		t.Errorf("a second mapping of the same two: %v", err)
	}
	second := json.RawMessage(`{"EventSourceArn":"` + queueARN + `","FunctionName":"fn","Enabled":false}`)
	if r, err = p.Update(ctx, stack(), "M", r, first, second); err != nil {
		t.Fatal(err)
	}
	body := q.request("GET", "/2015-03-31/event-source-mappings/"+r.PhysicalID, "").body
	if !strings.Contains(body, `"BatchSize":10`) || !strings.Contains(body, `"Disabled"`) || strings.Contains(body, "ReportBatchItemFailures") {
		t.Error(body)
	}
	for range 2 {
		if err := p.Delete(ctx, stack(), "M", r); err != nil {
			t.Error(err)
		}
	}
	for properties, want := range map[string]string{
		`{"Colour":"red"}`: "Colour", `{"FunctionName":"fn"}`: "EventSourceArn", `{"FunctionName":"fn","EventSourceArn":"` + api.NotYetKnown + `","BatchSize":11}`: "batch",
	} {
		if err := p.(api.Checker).Check(json.RawMessage(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", properties, err)
		}
	}
	if err := p.(api.Checker).Check(json.RawMessage(`{"FunctionName":"` + api.NotYetKnown + `","EventSourceArn":"` + api.NotYetKnown + `"}`)); err != nil {
		t.Error(err)
	}
}
