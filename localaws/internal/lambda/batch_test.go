package lambda

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// TestWhatIsProcessed has each condition that AWS's page lists.
func TestWhatIsProcessed(t *testing.T) {
	t.Parallel()
	list := []api.QueueMessage{{ID: "1", ReceiptHandle: "a"}, {ID: "2", ReceiptHandle: "b"}, {ID: "3", ReceiptHandle: "c"}}
	const all, none = "abc", ""
	for answer, want := range map[string]string{
		`{"batchItemFailures":[]}`:   all,
		`{"batchItemFailures":null}`: all,
		`{}`:                         all,
		`null`:                       all,
		``:                           all,
		`{"other":1}`:                all,
		`{"BatchItemFailures":[{"itemIdentifier":"1"}]}`:                                               all,
		`{"batchItemFailures":[{"itemIdentifier":"2"}]}`:                                               "ac",
		`{"batchItemFailures":[{"itemIdentifier":"1"},{"itemIdentifier":"3"},{"itemIdentifier":"1"}]}`: "b",
		`{"batchItemFailures":[{"itemIdentifier":""}]}`:                                                none,
		`{"batchItemFailures":[{"itemIdentifier":null}]}`:                                              none,
		`{"batchItemFailures":[{"itemIdentifier":4}]}`:                                                 none,
		`{"batchItemFailures":[{"ItemIdentifier":"2"}]}`:                                               none,
		`{"batchItemFailures":[{"itemIdentifier":"4"}]}`:                                               none,
		`{"batchItemFailures":[null]}`:                                                                 none,
		`{"batchItemFailures":["2"]}`:                                                                  none,
		`{"batchItemFailures":"2"}`:                                                                    none,
		`{"batchItemFailures":[`:                                                                       none,
		`not JSON`:                                                                                     none,
		`"text"`:                                                                                       none,
		`[]`:                                                                                           none,
	} {
		if got := strings.Join(processed(list, result{payload: []byte(answer)}, true), ""); got != want {
			t.Errorf("%s: %q processed, want %q", answer, got, want)
		}
		if got := strings.Join(processed(list, result{payload: []byte(answer)}, false), ""); got != all {
			t.Errorf("%s: where nothing is reported, %q is processed", answer, got)
		}
		if got := processed(list, result{payload: []byte(answer), failed: true}, true); got != nil {
			t.Errorf("%s: of a function that failed, %q is processed", answer, got)
		}
	}
}

// TestEventOfMessages is what the types of AWS's own runtime read.
func TestEventOfMessages(t *testing.T) {
	t.Parallel()
	p := &poller{settings: mappingSettings{EventSourceArn: "arn:aws:sqs:eu-west-1:111111111111:q"}}
	text := "v"
	one := api.QueueMessage{
		ID: "1", ReceiptHandle: "h", Body: "<b>", MD5: "m", Attributes: map[string]string{"SentTimestamp": "1"},
		MessageAttributes: map[string]api.QueueAttribute{"t": {DataType: "String", Text: &text}, "b": {DataType: "Binary", Binary: []byte{1}}},
	}
	raw, n := p.event([]api.QueueMessage{one})
	var got events.SQSEvent
	if err := json.Unmarshal(raw, &got); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	m := got.Records[0]
	have := fmt.Sprint(m.MessageId, m.ReceiptHandle, m.Body, m.Md5OfBody, m.EventSource, m.EventSourceARN, m.AWSRegion, m.Attributes, *m.MessageAttributes["t"].StringValue, m.MessageAttributes["b"].BinaryValue)
	if want := "1h<b>maws:sqsarn:aws:sqs:eu-west-1:111111111111:qeu-west-1map[SentTimestamp:1]v[1]"; have != want {
		t.Errorf("%s, want %s", have, want)
	}
	large := api.QueueMessage{Body: strings.Repeat("\n", 1<<20)} // two bytes each
	if raw, n := p.event([]api.QueueMessage{large, large, large}); n != 2 || len(raw) > maxPayload || !json.Valid(raw) {
		t.Errorf("%d of 2 MB messages in an event of %d bytes", n, len(raw))
	}
}
