package sqs_test

import (
	"testing"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
)

func (w *world) sendFIFO(t *testing.T, q, body, group, id string) *awssqs.SendMessageOutput {
	t.Helper()
	in := &awssqs.SendMessageInput{QueueUrl: &q, MessageBody: &body, MessageGroupId: &group}
	if id != "" {
		in.MessageDeduplicationId = &id
	}
	return must[*awssqs.SendMessageOutput](t)(w.admin().SendMessage(ctx, in))
}

// TestFIFOOrder: while a message of a group is in flight, no later one of it is
// received, and none overtakes one that comes back.
func TestFIFOOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q.fifo", "FifoQueue", "true", "ContentBasedDeduplication", "true")
	for _, body := range []string{"a1", "b1", "a2", "a3"} {
		w.sendFIFO(t, q, body, body[:1], "")
	}
	one := must[*awssqs.ReceiveMessageOutput](t)(w.admin().ReceiveMessage(ctx, &awssqs.ReceiveMessageInput{QueueUrl: &q})).Messages
	if bodies(one) != "a1" {
		t.Fatal(bodies(one))
	}
	rest := w.receive(t, q)
	if bodies(rest) != "b1" || rest[0].Attributes["MessageGroupId"] != "b" || rest[0].Attributes["SequenceNumber"] != "00000000000000000002" {
		t.Error(bodies(rest), rest[0].Attributes)
	}
	w.Advance(31 * time.Second)
	_, err := w.admin().DeleteMessage(ctx, deleteMessage(q, one[0]))
	wantError(t, err, "InvalidParameterValue", "expired")
	back := w.receive(t, q)
	if bodies(back) != "a1 b1 a2 a3" {
		t.Error(bodies(back))
	}
	must[any](t)(w.admin().DeleteMessage(ctx, deleteMessage(q, back[0])))
	must[any](t)(w.admin().ChangeMessageVisibility(ctx, hide(q, back[3], 0)))
	if got := bodies(w.receive(t, q)); got != "" {
		t.Errorf("%s overtakes", got)
	}
}

func TestDeduplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q.fifo", "FifoQueue", "true")
	first := w.sendFIFO(t, q, "one", "g", "same")
	must[any](t)(w.admin().DeleteMessage(ctx, deleteMessage(q, w.receive(t, q)[0])))
	again := w.sendFIFO(t, q, "two", "other", "same")
	if *again.MessageId != *first.MessageId || *again.SequenceNumber != *first.SequenceNumber || len(w.receive(t, q)) != 0 {
		t.Error("a duplicate is delivered")
	}
	w.Advance(5 * time.Minute)
	w.sendFIFO(t, q, "three", "g", "same")
	if got := bodies(w.receive(t, q)); got != "three" {
		t.Errorf("after the interval: %q", got)
	}
	by := w.queue(t, "by.fifo", "FifoQueue", "true", "DeduplicationScope", "messageGroup", "FifoThroughputLimit", "perMessageGroupId")
	w.sendFIFO(t, by, "one", "g", "same")
	w.sendFIFO(t, by, "two", "other", "same")
	if got := bodies(w.receive(t, by)); got != "one two" {
		t.Errorf("by group: %q", got)
	}
}
