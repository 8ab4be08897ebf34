package sqs_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"
)

func TestQueueAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	if want := "https://sqs.eu-central-1.amazonaws.com/111122223333/q"; q != want {
		t.Errorf("address %s, want %s", q, want)
	}
	all := func(address string) map[string]string {
		return must[*awssqs.GetQueueAttributesOutput](t)(w.admin().GetQueueAttributes(ctx, &awssqs.GetQueueAttributesInput{QueueUrl: &address, AttributeNames: []types.QueueAttributeName{"All"}})).Attributes
	}
	want := map[string]string{
		"ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0",
		"CreatedTimestamp": "1777636800", "LastModifiedTimestamp": "1777636800", "QueueArn": arn("q"),
		"DelaySeconds": "0", "MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
		"SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
	}
	if diff := cmp.Diff(want, all(q)); diff != "" {
		t.Error(diff)
	}
	fifo := w.queue(t, "f.fifo", "FifoQueue", "true")
	maps.Copy(want, map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "false", "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue", "QueueArn": arn("f.fifo")})
	if diff := cmp.Diff(want, all(fifo)); diff != "" {
		t.Error(diff)
	}
	w.Advance(time.Minute)
	set := func(name, value string) error {
		_, err := w.admin().SetQueueAttributes(ctx, &awssqs.SetQueueAttributesInput{QueueUrl: &q, Attributes: map[string]string{name: value}})
		return err
	}
	if err := set("KmsMasterKeyId", "alias/aws/sqs"); err != nil {
		t.Fatal(err)
	}
	if got := all(q); got["SqsManagedSseEnabled"] != "false" || got["KmsMasterKeyId"] != "alias/aws/sqs" || got["LastModifiedTimestamp"] != "1777636860" {
		t.Error(got)
	}
	if err := set("SqsManagedSseEnabled", "true"); err != nil || w.attribute(t, q, "KmsMasterKeyId") != "" {
		t.Error("two kinds of encryption", err)
	}
	for name, value := range map[string]string{
		"VisibilityTimeout": "43201", "DelaySeconds": "901", "MaximumMessageSize": "1048577", "MessageRetentionPeriod": "59",
		"ReceiveMessageWaitTimeSeconds": "21", "KmsDataKeyReusePeriodSeconds": "59", "SqsManagedSseEnabled": "yes",
		"Policy": "{}}", "RedriveAllowPolicy": `{"redrivePermission":"some"}`,
	} {
		wantError(t, set(name, value), "InvalidAttributeValue", name)
	}
	for _, name := range []string{"Colour", "FifoQueue", "ContentBasedDeduplication", "QueueArn"} {
		wantError(t, set(name, "true"), "InvalidAttributeName", name)
	}
	_, err := w.admin().GetQueueAttributes(ctx, &awssqs.GetQueueAttributesInput{QueueUrl: &q, AttributeNames: []types.QueueAttributeName{"Colour"}})
	wantError(t, err, "InvalidAttributeName", "Colour")
}

func TestQueueNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	create := func(name string, attributes map[string]string) error {
		_, err := w.admin().CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		return err
	}
	for name, fifo := range map[string]bool{"a b": false, "q.fifo": false, strings.Repeat("x", 81): false, "q": true, ".fifo": true} {
		attributes := map[string]string{}
		if fifo {
			attributes["FifoQueue"] = "true"
		}
		wantError(t, create(name, attributes), "InvalidParameterValue", "alphanumeric")
	}
	q := w.queue(t, "q", "VisibilityTimeout", "60")
	if w.queue(t, "q", "VisibilityTimeout", "60") != q || w.queue(t, "q") != q {
		t.Error("the same queue is another")
	}
	wantError(t, create("q", map[string]string{"VisibilityTimeout": "61"}), "QueueAlreadyExists", "VisibilityTimeout")
	must[any](t)(w.admin().DeleteQueue(ctx, &awssqs.DeleteQueueInput{QueueUrl: &q}))
	wantError(t, create("q", nil), "AWS.SimpleQueueService.QueueDeletedRecently", "60 seconds")
	w.Advance(time.Minute)
	if err := create("q", nil); err != nil {
		t.Error(err)
	}
}

func TestQueueLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"b", "a2", "a1"} {
		w.queue(t, name)
	}
	var got []string
	in := &awssqs.ListQueuesInput{MaxResults: new(int32)}
	*in.MaxResults = 2
	for p := awssqs.NewListQueuesPaginator(w.admin(), in); p.HasMorePages(); {
		out := must[*awssqs.ListQueuesOutput](t)(p.NextPage(ctx))
		for _, address := range out.QueueUrls {
			got = append(got, address[strings.LastIndex(address, "/")+1:])
		}
	}
	if diff := cmp.Diff([]string{"a1", "a2", "b"}, got); diff != "" {
		t.Error(diff)
	}
	if out := must[*awssqs.ListQueuesOutput](t)(w.admin().ListQueues(ctx, &awssqs.ListQueuesInput{QueueNamePrefix: text("a")})); len(out.QueueUrls) != 2 || out.NextToken != nil {
		t.Error(out.QueueUrls)
	}
	if out := must[*awssqs.ListQueuesOutput](t)(w.client(abroad+"/admin").ListQueues(ctx, &awssqs.ListQueuesInput{})); len(out.QueueUrls) != 0 {
		t.Error(out.QueueUrls)
	}
}

// TestPurge is in all but the time that it takes as on AWS.
func TestPurge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	for i := range 3 {
		w.send(t, q, strconv.Itoa(i))
	}
	w.receive(t, q)
	w.send(t, q, "visible")
	must[any](t)(w.admin().PurgeQueue(ctx, &awssqs.PurgeQueueInput{QueueUrl: &q}))
	_, err := w.admin().PurgeQueue(ctx, &awssqs.PurgeQueueInput{QueueUrl: &q})
	wantError(t, err, "AWS.SimpleQueueService.PurgeQueueInProgress", "60 seconds")
	w.Advance(time.Hour)
	if got := w.receive(t, q); len(got) != 0 {
		t.Error(bodies(got))
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := *must[*awssqs.CreateQueueOutput](t)(w.admin().CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: text("q"), Tags: map[string]string{"a": "1", "b": "2"}})).QueueUrl
	must[any](t)(w.admin().TagQueue(ctx, &awssqs.TagQueueInput{QueueUrl: &q, Tags: map[string]string{"b": "3", "c": "4"}}))
	must[any](t)(w.admin().UntagQueue(ctx, &awssqs.UntagQueueInput{QueueUrl: &q, TagKeys: []string{"a"}}))
	out := must[*awssqs.ListQueueTagsOutput](t)(w.admin().ListQueueTags(ctx, &awssqs.ListQueueTagsInput{QueueUrl: &q}))
	if diff := cmp.Diff(map[string]string{"b": "3", "c": "4"}, out.Tags); diff != "" {
		t.Error(diff)
	}
	_, err := w.admin().TagQueue(ctx, &awssqs.TagQueueInput{QueueUrl: &q, Tags: map[string]string{"aws:x": "3"}})
	wantError(t, err, "InvalidParameterValue", "aws:")
}

// TestDeadLetters: a message that was received as often as it may be goes to the
// dead-letter queue instead of to the next receiver.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dead := w.queue(t, "dead", "RedriveAllowPolicy", `{"redrivePermission":"byQueue","sourceQueueArns":["`+arn("q")+`"]}`)
	policy := `{"deadLetterTargetArn":"` + arn("dead") + `","maxReceiveCount":2}`
	q := w.queue(t, "q", "RedrivePolicy", policy, "VisibilityTimeout", "1")
	id := w.send(t, q, "poison")
	for range 2 {
		if got := w.receive(t, q); len(got) != 1 {
			t.Fatal(got)
		}
		w.Advance(2 * time.Second)
	}
	if got := w.receive(t, dead); len(got) != 0 {
		t.Error("the message is dead before its last chance")
	}
	if got := w.receive(t, q); len(got) != 0 {
		t.Error("the message is received a third time")
	}
	got := w.receive(t, dead)
	if len(got) != 1 || *got[0].MessageId != id || got[0].Attributes["ApproximateReceiveCount"] != "3" ||
		got[0].Attributes["DeadLetterQueueSourceArn"] != arn("q") || got[0].Attributes["SentTimestamp"] != "1777636800000" {
		t.Fatal(got)
	}
	must[any](t)(w.admin().DeleteMessage(ctx, deleteMessage(dead, got[0])))
	if out := must[*awssqs.ListDeadLetterSourceQueuesOutput](t)(w.admin().ListDeadLetterSourceQueues(ctx, &awssqs.ListDeadLetterSourceQueuesInput{QueueUrl: &dead})); len(out.QueueUrls) != 1 || out.QueueUrls[0] != q {
		t.Error(out.QueueUrls)
	}
	w.queue(t, "f.fifo", "FifoQueue", "true")
	for reason, value := range map[string]string{
		"not a valid JSON":  `{`,
		"maxReceiveCount: ": `{"deadLetterTargetArn":"` + arn("dead") + `","maxReceiveCount":"1001"}`,
		"does not exist":    `{"deadLetterTargetArn":"` + arn("none") + `","maxReceiveCount":1}`,
		"same type":         `{"deadLetterTargetArn":"` + arn("f.fifo") + `","maxReceiveCount":1}`,
		"not permitted":     policy,
	} {
		_, err := w.admin().CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: text("new"), Attributes: map[string]string{"RedrivePolicy": value}})
		wantError(t, err, "InvalidParameterValue", reason)
	}
}
