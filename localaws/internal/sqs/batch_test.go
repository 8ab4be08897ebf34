package sqs_test

import (
	"strconv"
	"strings"
	"testing"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestBatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	sent := must[*awssqs.SendMessageBatchOutput](t)(w.admin().SendMessageBatch(ctx, &awssqs.SendMessageBatchInput{QueueUrl: &q, Entries: []types.SendMessageBatchRequestEntry{
		{Id: text("a"), MessageBody: text("one")}, {Id: text("b"), MessageBody: text("\x01")}, {Id: text("c"), MessageBody: text("three")},
	}}))
	if len(sent.Successful) != 2 || len(sent.Failed) != 1 || *sent.Failed[0].Id != "b" || *sent.Failed[0].Code != "InvalidMessageContents" || !sent.Failed[0].SenderFault {
		t.Fatal(sent)
	}
	got := w.receive(t, q)
	if bodies(got) != "one three" {
		t.Fatal(bodies(got))
	}
	hidden := must[*awssqs.ChangeMessageVisibilityBatchOutput](t)(w.admin().ChangeMessageVisibilityBatch(ctx, &awssqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
		{Id: text("a"), ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 0}, {Id: text("b"), ReceiptHandle: text("none")},
	}}))
	if len(hidden.Successful) != 1 || len(hidden.Failed) != 1 || *hidden.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Error(hidden)
	}
	deleted := must[*awssqs.DeleteMessageBatchOutput](t)(w.admin().DeleteMessageBatch(ctx, &awssqs.DeleteMessageBatchInput{QueueUrl: &q, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: text("a"), ReceiptHandle: got[1].ReceiptHandle},
	}}))
	if len(deleted.Successful) != 1 || bodies(w.receive(t, q)) != "one" {
		t.Error(deleted)
	}
}

func TestBatchesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue(t, "q")
	entry := func(id string, size int) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: &id, MessageBody: text(strings.Repeat("x", size))}
	}
	var eleven []types.SendMessageBatchRequestEntry
	for i := range 11 {
		eleven = append(eleven, entry(strconv.Itoa(i), 1))
	}
	for code, entries := range map[string][]types.SendMessageBatchRequestEntry{
		"EmptyBatchRequest": {}, "TooManyEntriesInBatchRequest": eleven, "BatchEntryIdsNotDistinct": {entry("a", 1), entry("a", 1)},
		"InvalidBatchEntryId": {entry("a b", 1)}, "BatchRequestTooLong": {entry("a", 1<<19), entry("b", 1<<19+1)},
	} {
		_, err := w.admin().SendMessageBatch(ctx, &awssqs.SendMessageBatchInput{QueueUrl: &q, Entries: entries})
		wantError(t, err, "AWS.SimpleQueueService."+code, "")
	}
	if got := w.attribute(t, q, "ApproximateNumberOfMessages"); got != "0" {
		t.Errorf("%s messages of refused batches", got)
	}
}
