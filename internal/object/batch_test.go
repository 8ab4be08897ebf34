package object

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

const (
	standardQueue = "arn:aws:sqs:us-east-2:123456789012:my-queue"
	fifoQueue     = "arn:aws:sqs:us-east-2:123456789012:fifo.fifo"
)

// batchOf is the event of a queue as AWS's page shows it, with messages id-0,
// id-1 and so on.
//
// https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
func batchOf(t testing.TB, queue string, bodies ...string) string {
	t.Helper()
	var records []map[string]any
	for i, body := range bodies {
		records = append(records, map[string]any{
			"messageId":     fmt.Sprint("id-", i),
			"receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
			"body":          body,
			"attributes": map[string]string{
				"ApproximateReceiveCount":          "1",
				"SentTimestamp":                    "1545082649183",
				"SenderId":                         "AIDAIENQZJOLO23YVJ4VO",
				"ApproximateFirstReceiveTimestamp": "1545082649185",
				"MessageGroupId":                   "1", // of fair queues too, which are no FIFO queues
			},
			"messageAttributes": map[string]any{
				"myAttribute": map[string]any{"stringValue": "myValue", "stringListValues": []string{}, "binaryListValues": []string{}, "dataType": "String"},
			},
			"md5OfBody":      "e4e68fb7bd0e697a0ae8f1bb342846b3",
			"eventSource":    "aws:sqs",
			"eventSourceARN": queue,
			"awsRegion":      "us-east-2",
		})
	}
	text, err := json.MarshalIndent(map[string]any{"Records": records}, "", "    ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// failed are the messages that an answer names.
func failed(t testing.TB, answer map[string]any) []string {
	t.Helper()
	list, ok := answer["batchItemFailures"].([]any)
	if !ok || len(answer) != 1 {
		t.Fatalf("answer %v, want batchItemFailures alone", answer)
	}
	var ids []string
	for _, item := range list {
		ids = append(ids, item.(map[string]any)["itemIdentifier"].(string))
	}
	return ids
}

func (f *functions) exists(t testing.TB, key string) bool {
	t.Helper()
	_, failure, _ := f.call(t, f.get, fmt.Sprintf(`{"key":%q}`, key))
	return failure == ""
}

func TestAPoisonedMessageFailsAlone(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	put := f.open(invokePut, "QUEUE_ARN="+standardQueue)
	answer := f.mustCall(t, put, batchOf(t, standardQueue, `{"key":"a","body":"1"}`, `poison`, `{"key":"b"}`, `{"key":"c","body":"3"}`))
	if diff := cmp.Diff([]string{"id-1", "id-2"}, failed(t, answer)); diff != "" {
		t.Error(diff)
	}
	if !f.exists(t, "a") || !f.exists(t, "c") {
		t.Error("the messages beside the poisoned one were not put")
	}
	if log := f.log.String(); strings.Count(log, `"errorType":"S3Seal.BadRequest"`) != 2 || !strings.Contains(log, `"messageId":"id-1"`) {
		t.Errorf("the log does not name what failed:\n%s", log)
	}
	if diff := cmp.Diff([]string(nil), failed(t, f.mustCall(t, put, batchOf(t, standardQueue, `{"key":"d","body":"4"}`)))); diff != "" {
		t.Error(diff)
	}
}

// Messages of another group could go on, and AWS's page says to stop.
func TestNothingOvertakesAFailureInAFIFOQueue(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	put := f.open(invokePut, "QUEUE_ARN="+fifoQueue)
	answer := f.mustCall(t, put, batchOf(t, fifoQueue, `{"key":"a","body":"1"}`, `poison`, `{"key":"b","body":"2"}`))
	if diff := cmp.Diff([]string{"id-1", "id-2"}, failed(t, answer)); diff != "" {
		t.Error(diff)
	}
	if !f.exists(t, "a") || f.exists(t, "b") {
		t.Error("a message behind the failure was put, or one before it was not")
	}
}

func TestTheRestOfABatchComesAgainWhenTimeRunsOut(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	put := f.open(invokePut, "QUEUE_ARN="+standardQueue)
	f.set(func(s *objecttest.Server) {
		s.Fault = func(operation string) *objecttest.Fault {
			if s.Calls["PutObject"] > 1 {
				return &objecttest.Fault{Hang: true}
			}
			return nil
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	answer, failure, text := f.callWith(t, ctx, put, batchOf(t, standardQueue, `{"key":"a","body":"1"}`, `{"key":"b","body":"2"}`, `{"key":"c","body":"3"}`))
	if failure != "" {
		t.Fatal(failure, text)
	}
	if diff := cmp.Diff([]string{"id-1", "id-2"}, failed(t, answer)); diff != "" {
		t.Error(diff)
	}
	if calls := f.calls(); calls != "PutObject 2" {
		t.Errorf("calls %s: a message was begun without time", calls)
	}
	if !strings.Contains(f.log.String(), "no time left for 1 of the batch's 3 messages") {
		t.Errorf("the log does not say what was not tried:\n%s", f.log)
	}
}

// Lambda slows down when the invocation fails, and not when its answer names
// every message.
func TestAThrottledBatchFailsAsAWhole(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	put := f.open(invokePut, "QUEUE_ARN="+standardQueue)
	f.set(func(s *objecttest.Server) {
		s.Fault = func(string) *objecttest.Fault { return &objecttest.Fault{Status: 503, Code: "SlowDown"} }
	})
	if _, failure, text := f.call(t, put, batchOf(t, standardQueue, `{"body":"1"}`, `{"body":"2"}`)); failure != function.Throttled {
		t.Errorf("%s %s, want Throttled", failure, text)
	}
	answer := f.mustCall(t, put, batchOf(t, standardQueue, `{"body":"1"}`, `poison`))
	if diff := cmp.Diff([]string{"id-0", "id-1"}, failed(t, answer)); diff != "" {
		t.Errorf("with a message that can never succeed: %s", diff)
	}
}

// SQS delivers at least once, each time in an invocation of its own.
func TestAMessageThatComesTwiceIsNoConflict(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	put := f.open(invokePut, "QUEUE_ARN="+standardQueue)
	once := batchOf(t, standardQueue, `{"key":"a","body":"1","createOnly":true}`)
	for range 2 {
		if ids := failed(t, f.mustCall(t, put, once)); ids != nil {
			t.Errorf("failed: %v, want the put to know its own object", ids)
		}
	}
	other := batchOf(t, standardQueue, `{"key":"z","body":"0"}`, `{"key":"a","body":"2","createOnly":true}`)
	if diff := cmp.Diff([]string{"id-1"}, failed(t, f.mustCall(t, put, other))); diff != "" {
		t.Errorf("another message on the same key: %s", diff)
	}
}

// Each of these must fail the invocation: an answer would delete messages.
func TestABatchThatCannotBeAnsweredFails(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	put, without := f.open(invokePut, "QUEUE_ARN="+standardQueue), f.open(invokePut)
	right := batchOf(t, standardQueue, `{"key":"a","body":"1"}`)
	for name, c := range map[string]struct {
		handler *Handler
		event   string
	}{
		"another queue":     {put, batchOf(t, fifoQueue, `{"key":"a","body":"1"}`)},
		"no queue":          {without, right},
		"another service":   {put, strings.Replace(right, `"aws:sqs"`, `"aws:kinesis"`, 1)},
		"no message id":     {put, strings.Replace(right, `"messageId"`, `"id"`, 1)},
		"empty message id":  {put, strings.Replace(right, `"id-0"`, `""`, 1)},
		"records of a text": {put, `{"Records":"a"}`},
		"cut":               {put, right[:len(right)/2]},
	} {
		if _, failure, text := f.call(t, c.handler, c.event); failure != function.BadRequest {
			t.Errorf("%s: %s %s, want BadRequest", name, failure, text)
		}
	}
	if f.exists(t, "a") {
		t.Error("a message of a refused batch was put")
	}
	// The function's own events stay what they are.
	for _, event := range []string{`{}`, `{"key":"Records","body":"x"}`, " {\n\"body\":\"Records\"}"} {
		f.mustCall(t, put, event)
	}
}
