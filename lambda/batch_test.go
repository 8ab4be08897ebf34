package lambda

import (
	"encoding/json"
	"strings"
	"testing"
)

// A batch of a queue with a message that can never succeed, as the Runtime API
// hands it over: the answer names that message, and the log has the metrics as a
// line of their own.
func TestABatchOfAQueue(t *testing.T) {
	t.Parallel()
	const queue = "arn:aws:sqs:us-east-2:123456789012:my-queue"
	_, env := environment(t)
	put := startFunction(t, "put", append(env, "QUEUE_ARN="+queue, "METRICS=true")...)
	message := func(id, body string) string {
		return `{"messageId":"` + id + `","receiptHandle":"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...","body":` + body + `,
			"attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1545082649183","SenderId":"AIDAIENQZJOLO23YVJ4VO","ApproximateFirstReceiveTimestamp":"1545082649185"},
			"messageAttributes":{},"md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","eventSource":"aws:sqs","eventSourceARN":"` + queue + `","awsRegion":"us-east-2"}`
	}
	a := put.invoke(t, `{"Records": [`+message("059f36b4", `"{\"key\":\"a\",\"body\":\"1\"}"`)+`,`+message("2e1424d4", `"Test message."`)+`]}`)
	if want := `{"batchItemFailures":[{"itemIdentifier":"2e1424d4"}]}`; a.failed || a.body != want {
		t.Errorf("answer %s, want %s", a.body, want)
	}
	put.kill() // until then, what it has written may still be on its way
	metrics := 0
	for line := range strings.Lines(put.output.String()) {
		var root map[string]any
		if err := json.Unmarshal([]byte(line), &root); err != nil {
			t.Fatalf("a line of the log is no JSON: %s", line)
		}
		if root["_aws"] == nil {
			continue
		}
		metrics++
		if root["FunctionName"] != "put" || root["Verb"] != "put" || root["requestId"] != a.id || root["Errors"] != 1.0 {
			t.Errorf("metrics %s", line)
		}
	}
	if metrics != 2 {
		t.Errorf("%d lines of metrics, want one of the invocation and one of its failure", metrics)
	}
	checkNoKey(t, a.body, put.output.String())
}
