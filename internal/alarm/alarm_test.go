package alarm

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/s3seal/s3seal/internal/metric"
)

func all() []Alarm { return []Alarm{RotationFailed(), RingNearlyFull(), OldKey(90)} }

// An alarm on a metric that nobody sends never goes off. Each on a metric of ours
// watches what a function writes, by name, unit and all dimensions.
func TestAlarmsWatchWhatFunctionsWrite(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	environment := map[string]string{"METRICS": "true", "AWS_LAMBDA_FUNCTION_NAME": "f", "BUCKET_NAME": "b"}
	writer := metric.FromEnvironment(func(name string) string { return environment[name] }, &out)
	ctx, end := writer.Begin(t.Context())
	for _, m := range metric.All() {
		metric.Add(ctx, m, 1)
	}
	end()
	var line struct {
		AWS struct {
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		} `json:"_aws"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || len(line.AWS.CloudWatchMetrics) != 1 {
		t.Fatal(err, out.String())
	}
	sent := line.AWS.CloudWatchMetrics[0]
	for _, a := range all() {
		if a.Namespace == "AWS/Lambda" {
			continue
		}
		found := false
		for _, m := range sent.Metrics {
			found = found || m.Name == a.Metric && m.Unit == a.Unit
		}
		if !found || a.Namespace != sent.Namespace || !slices.Equal(sent.Dimensions[0], a.Dimensions) {
			t.Errorf("%s watches %s %s %s %v, and functions write %+v", a.ID, a.Namespace, a.Metric, a.Unit, a.Dimensions, sent)
		}
	}
}
