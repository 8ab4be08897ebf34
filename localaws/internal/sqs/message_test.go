package sqs_test

import (
	"strings"
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// TestMessageLife: a message is hidden while somebody has it, comes back if it
// isn't deleted in time, and is gone when it is.
func TestMessageLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q", "VisibilityTimeout", "40")
	id := w.send(t, q, "one")
	first := w.receive(t, q)
	if len(first) != 1 || *first[0].MessageId != id || *first[0].Body != "one" {
		t.Fatal(first)
	}
	for name, want := range map[string]string{
		"SenderId": "AIDA" + home, "ApproximateReceiveCount": "1", "SentTimestamp": "1777636800000", "ApproximateFirstReceiveTimestamp": "1777636800000",
	} {
		if got := first[0].Attributes[name]; got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	if again := w.receive(t, q); len(again) != 0 || w.attribute(t, q, "ApproximateNumberOfMessagesNotVisible") != "1" {
		t.Errorf("a message in flight is received: %v", again)
	}
	w.Advance(41 * time.Second)
	second := w.receive(t, q)
	if len(second) != 1 || second[0].Attributes["ApproximateReceiveCount"] != "2" || *second[0].ReceiptHandle == *first[0].ReceiptHandle {
		t.Fatal(second)
	}
	must[any](t)(w.admin().DeleteMessage(ctx, deleteMessage(q, first[0])))
	if w.attribute(t, q, "ApproximateNumberOfMessagesNotVisible") != "1" {
		t.Error("an old receipt handle deletes")
	}
	for range 2 { // the second time it is gone already, which is no error
		must[any](t)(w.admin().DeleteMessage(ctx, deleteMessage(q, second[0])))
	}
	w.Advance(time.Hour)
	if left := w.receive(t, q); len(left) != 0 {
		t.Errorf("a deleted message is received: %v", left)
	}
	_, err := w.admin().DeleteMessage(ctx, deleteMessage(w.queue(t, "other"), second[0]))
	wantError(t, err, "ReceiptHandleIsInvalid", "receipt handle")
}

func TestVisibilityCanBeChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	w.send(t, q, "one")
	m := w.receive(t, q)[0]
	must[any](t)(w.admin().ChangeMessageVisibility(ctx, hide(q, m, 3600)))
	w.Advance(time.Hour - time.Second)
	if len(w.receive(t, q)) != 0 {
		t.Error("the message is visible before its time")
	}
	_, err := w.admin().ChangeMessageVisibility(ctx, hide(q, m, 43000))
	wantError(t, err, "InvalidParameterValue", "beyond the limit [43200 seconds]")
	must[any](t)(w.admin().ChangeMessageVisibility(ctx, hide(q, m, 0)))
	_, err = w.admin().ChangeMessageVisibility(ctx, hide(q, m, 10))
	wantError(t, err, "AWS.SimpleQueueService.MessageNotInflight", "") // the model of this error has no message
	if len(w.receive(t, q)) != 1 {
		t.Error("a message whose timeout is 0 is hidden")
	}
	_, err = w.admin().ChangeMessageVisibility(ctx, hide(q, m, 43201))
	wantError(t, err, "InvalidParameterValue", "43201")
}

func TestDelayAndRetention(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q", "DelaySeconds", "10", "MessageRetentionPeriod", "60")
	w.send(t, q, "late")
	must[any](t)(w.admin().SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text("later"), DelaySeconds: 30}))
	if len(w.receive(t, q)) != 0 || w.attribute(t, q, "ApproximateNumberOfMessagesDelayed") != "2" {
		t.Error("a delayed message is received")
	}
	w.Advance(11 * time.Second)
	if got := bodies(w.receive(t, q)); got != "late" {
		t.Errorf("received %q", got)
	}
	w.Advance(50 * time.Second)
	if got := bodies(w.receive(t, q)); got != "" || w.attribute(t, q, "ApproximateNumberOfMessages") != "0" {
		t.Errorf("%q is older than the queue retains", got)
	}
}

// TestMessageAttributes: the SDK compares the digests of the bodies with what it
// has sent and received.
func TestMessageAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	given := map[string]types.MessageAttributeValue{
		"text.a": {DataType: text("String"), StringValue: text("zß水")},
		"text.b": {DataType: text("Number.int"), StringValue: text("-7")},
		"bytes":  {DataType: text("Binary.gif"), BinaryValue: []byte{0, 1, 255}},
	}
	out := must[*awssqs.SendMessageOutput](t)(w.admin().SendMessage(ctx, &awssqs.SendMessageInput{
		QueueUrl: &q, MessageBody: text("b"), MessageAttributes: given,
		MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: text("String"), StringValue: text("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")},
		},
	}))
	if *out.MD5OfMessageBody != "92eb5ffee6ae2fec3ad71c777531578f" || out.MD5OfMessageSystemAttributes == nil {
		t.Error(out)
	}
	// The example of AWS's page of SendMessageBatch.
	two := must[*awssqs.SendMessageOutput](t)(w.admin().SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: text(w.queue(t, "two")), MessageBody: text("b"), MessageAttributes: map[string]types.MessageAttributeValue{
		"my_attribute_name_1": {DataType: text("String"), StringValue: text("my_attribute_value_1")},
	}}))
	if got := *two.MD5OfMessageAttributes; got != "8ef4d60dbc8efda9f260e1dfd09d29f3" {
		t.Errorf("digest of attributes %s", got)
	}
	receive := func(names ...string) types.Message {
		w.Advance(time.Minute)
		return must[*awssqs.ReceiveMessageOutput](t)(w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{
			QueueUrl: &q, MessageAttributeNames: names, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"AWSTraceHeader"},
		})).Messages[0]
	}
	for names, want := range map[string]int{"": 0, "All": 3, ".*": 3, "text.*": 2, "bytes": 1, "none": 0} {
		m := receive(strings.Fields(names)...)
		if len(m.MessageAttributes) != want || !strings.HasPrefix(m.Attributes["AWSTraceHeader"], "Root=1-5759e988") || len(m.Attributes) != 1 {
			t.Errorf("%q: %v %v", names, m.MessageAttributes, m.Attributes)
		}
	}
	if m := receive("All"); *m.MD5OfMessageAttributes != *out.MD5OfMessageAttributes || string(m.MessageAttributes["bytes"].BinaryValue) != "\x00\x01\xff" {
		t.Error(m)
	}
}

func TestMessagesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q, fifo := w.queue(t, "q", "MaximumMessageSize", "2048"), w.queue(t, "f.fifo", "FifoQueue", "true")
	attribute := func(name, typ, value string) map[string]types.MessageAttributeValue {
		return map[string]types.MessageAttributeValue{name: {DataType: &typ, StringValue: &value}}
	}
	eleven := map[string]types.MessageAttributeValue{}
	for i := range 11 {
		eleven[strings.Repeat("a", i+1)] = types.MessageAttributeValue{DataType: text("String"), StringValue: text("x")}
	}
	for name, test := range map[string]struct {
		in            awssqs.SendMessageInput
		code, message string
	}{
		"empty":               {awssqs.SendMessageInput{MessageBody: text("")}, "MissingParameter", "MessageBody"},
		"control character":   {awssqs.SendMessageInput{MessageBody: text("a\x01")}, "InvalidMessageContents", "allowed set"},
		"not a character":     {awssqs.SendMessageInput{MessageBody: text("a\uFFFF")}, "InvalidMessageContents", "allowed set"},
		"too long":            {awssqs.SendMessageInput{MessageBody: text(strings.Repeat("x", 2049))}, "InvalidParameterValue", "shorter than 2048 bytes"},
		"too long with names": {awssqs.SendMessageInput{MessageBody: text(strings.Repeat("x", 2040)), MessageAttributes: attribute("name", "String", "v")}, "InvalidParameterValue", "shorter than 2048 bytes"},
		"delay":               {awssqs.SendMessageInput{MessageBody: text("x"), DelaySeconds: 901}, "InvalidParameterValue", "DelaySeconds"},
		"reserved name":       {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: attribute("aws.a", "String", "v")}, "InvalidParameterValue", "aws.a"},
		"two periods":         {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: attribute("a..b", "String", "v")}, "InvalidParameterValue", "a..b"},
		"type":                {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: attribute("a", "Text", "v")}, "InvalidParameterValue", "Binary, Number, and String"},
		"no number":           {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: attribute("a", "Number", "v")}, "InvalidParameterValue", "number"},
		"empty value":         {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: attribute("a", "String", "")}, "InvalidParameterValue", "non-empty"},
		"binary as text":      {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: attribute("a", "Binary", "v")}, "InvalidParameterValue", "non-empty"},
		"too many attributes": {awssqs.SendMessageInput{MessageBody: text("x"), MessageAttributes: eleven}, "InvalidParameterValue", "[11]"},
		"trace":               {awssqs.SendMessageInput{MessageBody: text("x"), MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{"AWSTraceHeader": {DataType: text("String"), StringValue: text("none")}}}, "InvalidParameterValue", "AWSTraceHeader"},
		"duplicate id":        {awssqs.SendMessageInput{MessageBody: text("x"), MessageDeduplicationId: text("d")}, "InvalidParameterValue", "MessageDeduplicationId"},
		"no group":            {awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("x"), MessageDeduplicationId: text("d")}, "MissingParameter", "MessageGroupId"},
		"no duplicate id":     {awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("x"), MessageGroupId: text("g")}, "InvalidParameterValue", "ContentBasedDeduplication"},
		"group with a space":  {awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("x"), MessageGroupId: text("g g"), MessageDeduplicationId: text("d")}, "InvalidParameterValue", "MessageGroupId"},
		"delay of one":        {awssqs.SendMessageInput{QueueUrl: &fifo, MessageBody: text("x"), MessageGroupId: text("g"), MessageDeduplicationId: text("d"), DelaySeconds: 1}, "InvalidParameterValue", "DelaySeconds"},
		"no such queue":       {awssqs.SendMessageInput{QueueUrl: text(strings.TrimSuffix(q, "q") + "none"), MessageBody: text("x")}, "AWS.SimpleQueueService.NonExistentQueue", "does not exist"},
		"another Region":      {awssqs.SendMessageInput{QueueUrl: text("https://sqs.us-east-1.amazonaws.com/" + home + "/q"), MessageBody: text("x")}, "InvalidAddress", "us-east-1"},
		"no address":          {awssqs.SendMessageInput{QueueUrl: text("q"), MessageBody: text("x")}, "InvalidAddress", "q"},
	} {
		in := test.in
		if in.QueueUrl == nil {
			in.QueueUrl = &q
		}
		_, err := w.admin().SendMessage(ctx, &in)
		t.Log(name)
		wantError(t, err, test.code, test.message)
	}
	for _, address := range []string{q, fifo} {
		if got := w.attribute(t, address, "ApproximateNumberOfMessages"); got != "0" {
			t.Errorf("%s has %s messages", address, got)
		}
	}
}

func TestLongestMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	longest := strings.Repeat("\t", 1<<20) // two bytes each in JSON
	w.send(t, q, longest)
	if got := w.receive(t, q); len(got) != 1 || *got[0].Body != longest {
		t.Error("a message of 1 MiB doesn't arrive")
	}
	_, err := w.admin().SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text(longest + "x")})
	wantError(t, err, "InvalidParameterValue", "1048576")
	for range 63 {
		if err := w.SendTo(call(home+"/admin", region), arn("q"), longest); err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.admin().SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: text("x")})
	wantError(t, err, "OverLimit", "67108864")
	must[any](t)(w.admin().PurgeQueue(ctx, &awssqs.PurgeQueueInput{QueueUrl: &q}))
	w.send(t, q, "x")
}

func TestLongPolling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	poll := func(seconds int32) *awssqs.ReceiveMessageOutput {
		return must[*awssqs.ReceiveMessageOutput](t)(w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &q, WaitTimeSeconds: seconds}))
	}
	begun := time.Now()
	if out := poll(1); len(out.Messages) != 0 || time.Since(begun) < time.Second {
		t.Errorf("%v after %v", out.Messages, time.Since(begun))
	}
	go func() {
		time.Sleep(50 * time.Millisecond)
		w.send(t, q, "here")
	}()
	if out := poll(20); len(out.Messages) != 1 || time.Since(begun) > 15*time.Second {
		t.Errorf("%v after %v", out.Messages, time.Since(begun))
	}
	m := w.queue(t, "hidden")
	w.send(t, m, "hidden")
	taken := w.receive(t, m)[0]
	go func() {
		time.Sleep(50 * time.Millisecond)
		_, _ = w.admin().ChangeMessageVisibility(ctx, hide(m, taken, 0))
	}()
	q = m
	if out := poll(20); len(out.Messages) != 1 {
		t.Error("a message that becomes visible again ends no wait")
	}
	_, err := w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &q, WaitTimeSeconds: 21})
	wantError(t, err, "InvalidParameterValue", "WaitTimeSeconds")
	_, err = w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &q, MaxNumberOfMessages: 11})
	wantError(t, err, "InvalidParameterValue", "MaxNumberOfMessages")
	_, err = w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &q, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"Colour"}})
	wantError(t, err, "InvalidAttributeName", "Colour")
}
