package localaws_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// queueDifferences are about SQS.
var queueDifferences = map[string]func(*testing.T){
	"A short poll of a queue finds every message, none comes twice before its visibility timeout ends, and counts of messages are exact": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		queue := newQueue(t, s, "q", "")
		for i := range 30 {
			sendMessage(t, s, queue, fmt.Sprint(i))
		}
		seen := map[string]bool{}
		for range 3 {
			_, answer := call(t, s, "sqs", "ReceiveMessage", `{"QueueUrl":"`+queue+`","MaxNumberOfMessages":10}`)
			for _, part := range strings.Split(answer, `"Body":"`)[1:] {
				body, _, _ := strings.Cut(part, `"`)
				if seen[body] {
					t.Errorf("%s comes twice", body)
				}
				seen[body] = true
			}
		}
		if _, answer := call(t, s, "sqs", "GetQueueAttributes", `{"QueueUrl":"`+queue+`","AttributeNames":["All"]}`); len(seen) != 30 || !strings.Contains(answer, `"ApproximateNumberOfMessagesNotVisible":"30"`) {
			t.Errorf("%d found: %s", len(seen), answer)
		}
	},

	"All queues together hold 64 MiB of messages, in plain; more is 400 `OverLimit`. KMS is asked for each message of a queue under a key": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		queue := newQueue(t, s, "q", "")
		body := strings.Repeat("x", 1<<20)
		for range 64 {
			sendMessage(t, s, queue, body)
		}
		if status, answer := call(t, s, "sqs", "SendMessage", `{"QueueUrl":"`+newQueue(t, s, "other", "")+`","MessageBody":"x"}`); status != 400 || !strings.Contains(answer, "OverLimit") {
			t.Errorf("%d %s", status, answer)
		}
		call(t, s, "sqs", "DeleteQueue", `{"QueueUrl":"`+queue+`"}`)
		sealed := newQueue(t, s, "sealed", `"KmsMasterKeyId":"alias/aws/sqs"`)
		before := len(s.Decisions())
		for range 2 {
			sendMessage(t, s, sealed, "x")
		}
		asked := 0
		for _, d := range s.Decisions()[before:] {
			if d.Action == "kms:GenerateDataKey" {
				asked++
			}
		}
		if asked != 2 {
			t.Errorf("KMS was asked %d times for two messages", asked)
		}
	},

	"SQS in the query protocol, `AddPermission`, `RemovePermission`, `ReceiveRequestAttemptId` and moving messages out of a dead-letter queue: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		queue := newQueue(t, s, "q", "")
		if status, answer := send(t, s, "sqs", "POST", "/", "Action=ListQueues&Version=2012-11-05", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}); status != 400 || !strings.Contains(answer, "AmazonSQS") {
			t.Errorf("%d %s", status, answer)
		}
		refuses(t, s,
			unsupported{"AddPermission", "sqs", "AddPermission", `{"QueueUrl":"` + queue + `","Label":"l","AWSAccountIds":["` + source + `"],"Actions":["SendMessage"]}`},
			unsupported{"RemovePermission", "sqs", "RemovePermission", `{"QueueUrl":"` + queue + `","Label":"l"}`},
			unsupported{"ReceiveRequestAttemptId", "sqs", "ReceiveMessage", `{"QueueUrl":"` + newQueue(t, s, "f.fifo", `"FifoQueue":"true"`) + `","ReceiveRequestAttemptId":"a"}`},
			unsupported{"StartMessageMoveTask", "sqs", "StartMessageMoveTask", `{"SourceArn":"arn:aws:sqs:eu-west-1:` + source + `:q"}`},
		)
	},
}

// newQueue makes a queue with attributes, `"Name":"value"`, and gives its address.
func newQueue(t *testing.T, s *localaws.Server, name, attributes string) string {
	t.Helper()
	status, answer := call(t, s, "sqs", "CreateQueue", `{"QueueName":"`+name+`","Attributes":{`+attributes+`}}`)
	if status != 200 {
		t.Fatal(answer)
	}
	return field(answer, "QueueUrl")
}

func sendMessage(t *testing.T, s *localaws.Server, queue, body string) {
	t.Helper()
	if status, answer := call(t, s, "sqs", "SendMessage", `{"QueueUrl":"`+queue+`","MessageBody":"`+body+`"}`); status != 200 {
		t.Fatal(answer)
	}
}
