package alarm

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
)

// An alarm on a metric that nobody sends never goes off. Each on a metric of ours
// watches what a function writes, by name, unit and all dimensions.
func TestAlarmsWatchWhatFunctionsWrite(t *testing.T) {
	t.Parallel()
	ofRing, ofVerbs := written(t), written(t, metric.Dimension{Name: "Verb", Value: "put"})
	watched := 0
	for _, a := range All() {
		if a.Namespace != metric.Namespace || a.Metric == DeniedUploads {
			continue
		}
		watched++
		if !slices.ContainsFunc(slices.Concat(ofRing, ofVerbs), func(d directive) bool { return d.has(a) }) {
			t.Errorf("%s watches %s %s %v, and functions write %+v %+v", a.ID, a.Metric, a.Unit, a.Dimensions, ofRing, ofVerbs)
		}
	}
	if watched != 3 {
		t.Errorf("%d alarms on metrics of functions, want 3", watched)
	}
	if throttled != string(function.Throttled) {
		t.Errorf("the type of a throttled request is %s", function.Throttled)
	}
}

// directive is what a line of a function's log says of its metrics.
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []struct{ Name, Unit string }
}

func (d directive) has(a Alarm) bool {
	return d.Namespace == a.Namespace && slices.Equal(d.Dimensions[0], a.Dimensions) &&
		slices.ContainsFunc(d.Metrics, func(m struct{ Name, Unit string }) bool { return m.Name == a.Metric && m.Unit == a.Unit })
}

// written is what a function with all metrics, and a failure, writes.
func written(t *testing.T, dimensions ...metric.Dimension) []directive {
	t.Helper()
	var out bytes.Buffer
	environment := map[string]string{"METRICS": "true", "AWS_LAMBDA_FUNCTION_NAME": "f", "BUCKET_NAME": "b"}
	writer := metric.FromEnvironment(func(name string) string { return environment[name] }, &out, dimensions...)
	ctx, end := writer.Begin(t.Context())
	for _, m := range metric.All() {
		metric.Add(ctx, m, 1)
	}
	metric.Fail(ctx, throttled)
	end()
	var list []directive
	for text := range bytes.Lines(out.Bytes()) {
		var line struct {
			AWS struct {
				CloudWatchMetrics []directive
			} `json:"_aws"`
		}
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatal(err)
		}
		list = append(list, line.AWS.CloudWatchMetrics...)
	}
	return list
}

// CloudWatch refuses an alarm over more than seven days, or over more than one if
// its periods are shorter than an hour.
//
// Source: AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, Period.
func TestPeriodsAreAccepted(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, a := range append(All(), LogsStopped(7)) {
		total, limit := a.Period*time.Duration(a.Periods), 7*24*time.Hour
		if a.Period < time.Hour {
			limit = 24 * time.Hour
		}
		if a.Periods < 1 || a.Period%time.Minute != 0 || total > limit {
			t.Errorf("%s: %d periods of %s", a.ID, a.Periods, a.Period)
		}
		if a.Missing != Ignore && a.Missing != Good && a.Missing != Bad {
			t.Errorf("%s: missing is %q", a.ID, a.Missing)
		}
		ids[a.ID] = true
	}
	if len(ids) != len(All()) {
		t.Errorf("%d ids of %d alarms", len(ids), len(All()))
	}
}

// CloudWatch Logs accepts patterns of up to 1024 characters.
//
// Source: AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html,
// filterPattern.
func TestThePatternIsShortEnough(t *testing.T) {
	t.Parallel()
	if p := DeniedUploadsPattern(strings.Repeat("b", 63)); len(p) > 1024 {
		t.Errorf("%d characters: %s", len(p), p)
	}
}
