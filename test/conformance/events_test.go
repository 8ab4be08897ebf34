package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/localaws"
)

const flowUploads = "flow-uploads" // the bucket that the stage ingests from

// flowStage is a deployed stage with queues, ingest and a stream, under the roles
// that the constructs make.
type flowStage struct {
	s      *localaws.Server
	s3     *s3.Client
	sqs    *sqs.Client
	bucket string
}

func deployFlow(t *testing.T) flowStage {
	s := start(t)
	uploadFunctions(t, s)
	createStack(t, s, source, "flow-buckets", stageStack(t, "events", nil))
	return flowStage{s, s3Client(t, s, source), sqs.NewFromConfig(config(t, s, s.Credentials(source))), output(t, s, source, "flow-buckets", "SseCBucket")}
}

func (f flowStage) output(t testing.TB, name string) *string {
	t.Helper()
	return aws.String(output(t, f.s, source, "flow-buckets", name))
}

func (f flowStage) lambda(t testing.TB) *lambda.Client {
	t.Helper()
	return lambda.NewFromConfig(config(t, f.s, f.s.Credentials(source)))
}

// read is what the get function answers.
func (f flowStage) read(t testing.TB, key string) (answer map[string]any) {
	t.Helper()
	a := newEndpoint(t, f.s, "lambda", source).send(t, "POST", "/2015-03-31/functions/"+*f.output(t, "SseCGet")+"/invocations", nil, fmt.Sprintf(`{"key":%q}`, key))
	if err := json.Unmarshal([]byte(a.body), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// await waits until something is so. What a queue brings about takes its time.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not after a minute: ", what)
		}
	}
}

// awaitObject waits for an object in the stage's bucket, and checks that it is
// under the ring's key: S3 shows its tags without a key, and nothing else.
func (f flowStage) awaitObject(t testing.TB, key, body string) {
	t.Helper()
	await(t, key+" is read as "+body, func() bool { return f.read(t, key)["body"] == body })
	f.checkSealed(t, key)
}

func (f flowStage) checkSealed(t testing.TB, key string) {
	t.Helper()
	if _, err := f.s3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &f.bucket, Key: &key}); err == nil || !strings.Contains(err.Error(), "400") {
		t.Errorf("%s is seen without its key: %v", key, err)
	}
	out, err := f.s3.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: &f.bucket, Key: &key})
	if err != nil || !slices.ContainsFunc(out.TagSet, func(tag s3types.Tag) bool { return *tag.Key == ssec.KeyIDTag && *tag.Value == "k0" }) {
		t.Errorf("%s has no tag with the key's id: %v", key, err)
	}
}

// waiting is how many messages of a queue are left, hidden or not.
func (f flowStage) waiting(t testing.TB, queue *string) string {
	t.Helper()
	out, err := f.sqs.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: queue, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes["ApproximateNumberOfMessages"] + "+" + out.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

// TestMessagesOfADeployedQueue: those that are put events are objects, and the one
// that never can be is in the dead-letter queue.
func TestMessagesOfADeployedQueue(t *testing.T) {
	t.Parallel()
	f := deployFlow(t)
	queue, dead := f.output(t, "SseCPutQueue"), f.output(t, "SseCPutDeadLetters")
	send := func(bodies ...string) {
		t.Helper()
		var entries []sqstypes.SendMessageBatchRequestEntry
		for i, body := range bodies {
			entries = append(entries, sqstypes.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: &body})
		}
		out, err := f.sqs.SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{QueueUrl: queue, Entries: entries})
		if err != nil || len(out.Failed) > 0 {
			t.Fatal(out, err)
		}
	}
	send(`{"key":"a","body":"first"}`, `{"key":"b/ü","bodyBase64":"c2Vjb25k"}`)
	f.awaitObject(t, "a", "first")
	f.awaitObject(t, "b/ü", "second")
	// Five times three minutes are too long for a test.
	if _, err := f.sqs.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: queue, Attributes: map[string]string{"VisibilityTimeout": "1"}}); err != nil {
		t.Fatal(err)
	}
	const poison = `{"key":"c","body":1}`
	send(`{"key":"d","body":"third"}`, poison, `{"key":"e","body":"fourth"}`)
	f.awaitObject(t, "d", "third")
	f.awaitObject(t, "e", "fourth")
	var got sqstypes.Message
	await(t, "a message is in the dead-letter queue", func() bool {
		out, err := f.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: dead, MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{"All"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) > 0 {
			got = out.Messages[0]
		}
		return len(out.Messages) > 0
	})
	// Five receives of the queue, and the one here.
	if count := got.Attributes["ApproximateReceiveCount"]; *got.Body != poison || count != "6" {
		t.Errorf("the dead letter, received %s times: %s", count, *got.Body)
	}
	await(t, "the queue is empty", func() bool { return f.waiting(t, queue) == "0+0" })
	if left := f.waiting(t, dead); left != "0+1" {
		t.Errorf("dead letters: %s, want the one that is received", left)
	}
	put, err := f.lambda(t).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: f.output(t, "SseCPut")})
	if err != nil {
		t.Fatal(err)
	}
	logs := newEndpoint(t, f.s, "logs", source).send(t, "POST", "/", map[string]string{"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Logs_20140328.FilterLogEvents"},
		fmt.Sprintf(`{"logGroupName":%q}`, *put.LoggingConfig.LogGroup))
	if n := strings.Count(logs.body, `\"a message failed\"`); n != 5 || !strings.Contains(logs.body, `\"S3Seal.BadRequest\"`) {
		t.Errorf("the log tells of %d failures, want 5: %d %.300s", n, logs.status, logs.body)
	}
}

// TestIngestOfADeployedStage: what is uploaded to another bucket is copied, and
// streamed from the copy.
func TestIngestOfADeployedStage(t *testing.T) {
	t.Parallel()
	f := deployFlow(t)
	notify := func(bucket string) error {
		_, err := f.s3.PutBucketNotificationConfiguration(t.Context(), &s3.PutBucketNotificationConfigurationInput{
			Bucket: &bucket, NotificationConfiguration: &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{{
				QueueArn: f.output(t, "SseCIngestQueueArn"), Events: []s3types.Event{"s3:ObjectCreated:*"},
			}}},
		})
		return err
	}
	newBucket(t, f.s3, flowUploads)
	newBucket(t, f.s3, "flow-stranger")
	if err := notify("flow-stranger"); err == nil || !strings.Contains(err.Error(), "Unable to validate") {
		t.Errorf("another bucket's notifications: %v", err)
	}
	if err := notify(flowUploads); err != nil {
		t.Fatal(err)
	}
	upload := func(key string, body []byte) {
		t.Helper()
		if _, err := f.s3.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(flowUploads), Key: &key, Body: bytes.NewReader(body), ContentType: aws.String("text/x-flow"), Tagging: aws.String("team=data"),
		}); err != nil {
			t.Fatal(err)
		}
	}
	const key = "in/a b+ü.txt"
	for _, body := range []string{"first", "second"} {
		upload(key, []byte(body))
		f.awaitObject(t, key, body)
	}
	if got := f.read(t, key); got["contentType"] != "text/x-flow" {
		t.Errorf("the copy: %v", got)
	}
	large := bytes.Repeat([]byte("0123456789abcde\n"), 1<<19) // more than a function answers at once
	upload("large", large)
	await(t, "large is copied", func() bool {
		_, err := f.s3.GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: &f.bucket, Key: aws.String("large")})
		return err == nil
	})
	f.checkSealed(t, "large")
	if got, last := f.stream(t, `{"key":"large"}`); !bytes.Equal(got, large) || last.ErrorCode != nil {
		t.Errorf("the stream has %d bytes: %s %s", len(got), aws.ToString(last.ErrorCode), aws.ToString(last.ErrorDetails))
	}
	if got, _ := f.stream(t, `{"key":"large","range":"bytes=1-3"}`); !bytes.Equal(got, large[1:4]) {
		t.Errorf("the stream of three bytes has %d", len(got))
	}
	if got, last := f.stream(t, `{"key":"none"}`); len(got) > 0 || aws.ToString(last.ErrorCode) != "S3Seal.ObjectNotFound" {
		t.Errorf("the stream of no object: %q %s %s", got, aws.ToString(last.ErrorCode), aws.ToString(last.ErrorDetails))
	}
	if left := f.waiting(t, f.output(t, "SseCIngestDeadLetters")); left != "0+0" {
		t.Errorf("notifications that failed: %s", left)
	}
}

// stream is what the stream function sends.
func (f flowStage) stream(t testing.TB, event string) (body []byte, last lambdatypes.InvokeWithResponseStreamCompleteEvent) {
	t.Helper()
	out, err := f.lambda(t).InvokeWithResponseStream(t.Context(), &lambda.InvokeWithResponseStreamInput{
		FunctionName: f.output(t, "SseCStream"), Payload: []byte(event),
	})
	if err != nil {
		t.Fatal(err)
	}
	stream := out.GetStream()
	defer stream.Close()
	for e := range stream.Events() {
		switch e := e.(type) {
		case *lambdatypes.InvokeWithResponseStreamResponseEventMemberPayloadChunk:
			body = append(body, e.Value.Payload...)
		case *lambdatypes.InvokeWithResponseStreamResponseEventMemberInvokeComplete:
			last = e.Value
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	return body, last
}
