package object

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
)

// metricsOf are the lines of metrics that a call writes, without what differs
// from run to run.
func (f *functions) metricsOf(t testing.TB, h *Handler, event string) []map[string]any {
	t.Helper()
	before := len(f.log.String())
	f.call(t, h, event)
	var lines []map[string]any
	for line := range strings.Lines(f.log.String()[before:]) {
		if !strings.Contains(line, "CloudWatchMetrics") {
			continue
		}
		var root map[string]any
		if err := json.Unmarshal([]byte(line), &root); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for _, name := range []string{"S3Duration", "RingDuration"} {
			if values, ok := root[name].([]any); ok {
				root[name] = len(values)
			}
		}
		for _, name := range []string{"_aws", "timestamp", "level", "message"} {
			delete(root, name)
		}
		lines = append(lines, root)
	}
	return lines
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	on := []string{"METRICS=true", "AWS_LAMBDA_FUNCTION_NAME=f", "QUEUE_ARN=" + standardQueue}
	put, get := f.open(invokePut, on...), f.open(invokeGet, on...)
	line := func(changes map[string]any) map[string]any {
		m := map[string]any{
			"FunctionName": "f", "Bucket": "bucket", "Verb": "test",
			"Bytes": 0.0, "RingRefreshes": 0.0, "KeyTries": 0.0, "BatchItems": 0.0, "BatchFailures": 0.0, "Errors": 0.0,
		}
		for name, value := range changes {
			m[name] = value
		}
		return m
	}
	failure := func(errorType string) map[string]any {
		return map[string]any{"FunctionName": "f", "Bucket": "bucket", "Verb": "test", "ErrorType": errorType, "Errors": 1.0}
	}
	for _, c := range []struct {
		what    string
		handler *Handler
		event   string
		want    []map[string]any
	}{
		{"a first put", put, `{"body":"four"}`, []map[string]any{line(map[string]any{"Bytes": 4.0, "RingRefreshes": 1.0, "S3Duration": 1, "RingDuration": 1})}},
		{"another put", put, `{"body":"five!"}`, []map[string]any{line(map[string]any{"Bytes": 5.0, "S3Duration": 1})}},
		{"a get", get, `{}`, []map[string]any{line(map[string]any{"Bytes": 5.0, "RingRefreshes": 1.0, "S3Duration": 1, "RingDuration": 1, "KeyTries": 1.0})}},
		{"a bad event", put, `[]`, []map[string]any{line(map[string]any{"Errors": 1.0}), failure("S3Seal.BadRequest")}},
		{"a batch", put, batchOf(t, standardQueue, `{"body":"one"}`, `poison`), []map[string]any{
			line(map[string]any{"Bytes": 3.0, "S3Duration": 1, "BatchItems": 2.0, "BatchFailures": 1.0, "Errors": 1.0}), failure("S3Seal.BadRequest"),
		}},
	} {
		if diff := cmp.Diff(c.want, f.metricsOf(t, c.handler, c.event)); diff != "" {
			t.Errorf("%s: -want +got %s", c.what, diff)
		}
	}
	for _, event := range []string{`{}`, `[]`} {
		if lines := f.metricsOf(t, f.put, event); lines != nil {
			t.Errorf("without METRICS a function writes %v", lines)
		}
	}
}

func TestMetricsOfAFunctionThatCannotStart(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	put := f.open(invokePut, "METRICS=true", "ENCRYPTION=none")
	lines := f.metricsOf(t, put, `{}`)
	if len(lines) != 2 || lines[1]["ErrorType"] != "S3Seal.BadConfig" {
		t.Errorf("lines %v, want a BadConfig", lines)
	}
}
