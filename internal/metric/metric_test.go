package metric

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/s3seal/s3seal/internal/golden"
)

// writer returns a Writer whose clock stands still, and what it writes to.
func writer() (*Writer, *bytes.Buffer) {
	var b bytes.Buffer
	w := NewWriter(&b, Dimension{"FunctionName", "f"}, Dimension{"Bucket", "b"})
	w.now = func() time.Time { return time.UnixMilli(1574109732004) }
	return w, &b
}

// lines are the lines of b, each of which must be a document of the format.
func lines(t *testing.T, b *bytes.Buffer) []map[string]any {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("testdata/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for line := range strings.Lines(b.String()) {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		var root map[string]any
		if err := json.Unmarshal([]byte(line), &root); err != nil {
			t.Fatal(err)
		}
		checkTargets(t, root)
		all = append(all, root)
	}
	return all
}

// checkTargets checks what the page says of the members that metrics and
// dimensions name, and its schema does not.
func checkTargets(t *testing.T, root map[string]any) {
	t.Helper()
	for _, d := range root["_aws"].(map[string]any)["CloudWatchMetrics"].([]any) {
		d := d.(map[string]any)
		for _, name := range d["Dimensions"].([]any)[0].([]any) {
			if text, ok := root[name.(string)].(string); !ok || text == "" {
				t.Errorf("the dimension %v is %v, want a text", name, root[name.(string)])
			}
		}
		for _, m := range d["Metrics"].([]any) {
			name := m.(map[string]any)["Name"].(string)
			switch v := root[name].(type) {
			case float64:
			case []any:
				if len(v) == 0 || len(v) > 100 {
					t.Errorf("%s has %d values, want 1 to 100", name, len(v))
				}
			default:
				t.Errorf("%s is %v, want a number or numbers", name, v)
			}
		}
	}
}

func TestALineForEachInvocation(t *testing.T) {
	t.Parallel()
	w, b := writer()
	ctx, end := w.Begin(lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "id-1"}))
	Add(ctx, Bytes, 3)
	Add(ctx, Bytes, 4)
	Add(ctx, S3Duration, 1.5)
	Add(ctx, S3Duration, 2.5)
	end()
	_, end = w.Begin(t.Context())
	end()
	got := lines(t, b)
	if len(got) != 2 {
		t.Fatalf("%d lines, want one of each invocation:\n%s", len(got), b)
	}
	first := got[0]
	delete(first, "_aws")
	want := map[string]any{
		"FunctionName": "f", "Bucket": "b", "requestId": "id-1",
		"timestamp": "2019-11-18T20:42:12.004Z", "level": "INFO", "message": "metrics",
		"Bytes": 7.0, "S3Duration": []any{1.5, 2.5},
		"RingRefreshes": 0.0, "KeyTries": 0.0, "BatchItems": 0.0, "BatchFailures": 0.0, "Errors": 0.0,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error("-want +got", diff)
	}
	if got[1]["Bytes"] != 0.0 || got[1]["S3Duration"] != nil {
		t.Errorf("an invocation that did nothing wrote %v", got[1])
	}
}

func TestAFailureHasItsTypeAsDimension(t *testing.T) {
	t.Parallel()
	w, b := writer()
	ctx, end := w.Begin(t.Context())
	for _, errorType := range []string{"S3Seal.Throttled", "S3Seal.BadRequest", "S3Seal.Throttled"} {
		Fail(ctx, errorType)
	}
	end()
	got := lines(t, b)
	if len(got) != 3 || got[0]["Errors"] != 3.0 || got[0]["ErrorType"] != nil {
		t.Fatalf("lines %v, want 3 errors of no type in the first of three", got)
	}
	for i, want := range []map[string]any{{"ErrorType": "S3Seal.BadRequest", "Errors": 1.0}, {"ErrorType": "S3Seal.Throttled", "Errors": 2.0}} {
		line := got[i+1]
		if line["ErrorType"] != want["ErrorType"] || line["Errors"] != want["Errors"] || line["Bytes"] != nil {
			t.Errorf("line %v, want %v", line, want)
		}
	}
}

func TestNoValueIsLostAboveTheFormatsLimit(t *testing.T) {
	t.Parallel()
	w, b := writer()
	ctx, end := w.Begin(t.Context())
	for i := range 250 {
		Add(ctx, S3Duration, float64(i))
		Add(ctx, Bytes, 1)
	}
	end()
	got := lines(t, b)
	next, total := 0.0, 0.0
	for _, line := range got {
		for _, v := range line["S3Duration"].([]any) {
			if v != next {
				t.Fatalf("value %v, want %v", v, next)
			}
			next++
		}
		if bytes, ok := line["Bytes"].(float64); ok {
			total += bytes
		}
	}
	if len(got) != 3 || next != 250 || total != 250 {
		t.Errorf("%d lines with %v values and %v bytes, want 3, 250, 250", len(got), next, total)
	}
}

func TestMetricsAreOffWithoutAWriter(t *testing.T) {
	t.Parallel()
	ctx, end := (*Writer)(nil).Begin(t.Context())
	Add(ctx, Bytes, 1)
	Fail(ctx, "S3Seal.Internal")
	end()
	Add(context.Background(), Bytes, 1)
}

// A number that JSON has no form for must not break the log.
func TestANumberThatIsNoneWritesNothing(t *testing.T) {
	t.Parallel()
	w, b := writer()
	ctx, end := w.Begin(t.Context())
	Add(ctx, Bytes, math.NaN())
	end()
	if b.Len() > 0 {
		t.Errorf("wrote %s", b)
	}
}

func TestInvocationsAtTheSameTime(t *testing.T) {
	t.Parallel()
	w, b := writer()
	done := make(chan struct{})
	for range 8 {
		go func() {
			ctx, end := w.Begin(t.Context())
			for range 150 {
				Add(ctx, S3Duration, 1)
				Add(ctx, KeyTries, 1)
			}
			Fail(ctx, "S3Seal.Timeout")
			end()
			done <- struct{}{}
		}()
	}
	for range 8 {
		<-done
	}
	if got := lines(t, b); len(got) != 8*3 {
		t.Errorf("%d lines, want 24", len(got))
	}
}

func TestThePageHasEveryMetric(t *testing.T) {
	t.Parallel()
	table := "| metric | unit | is |\n| --- | --- | --- |\n"
	seen := map[string]bool{}
	for _, m := range All() {
		if seen[m.Name] {
			t.Errorf("%s is there twice", m.Name)
		}
		seen[m.Name] = true
		of := m.Of
		if m.each {
			of += "; one value each"
		}
		table += fmt.Sprintf("| `%s` | %s | %s |\n", m.Name, m.Unit, of)
	}
	golden.Part(t, "../../docs/functions-events.md", "<!-- Made by `go test ./internal/metric -update`: metrics. -->", table)
}
