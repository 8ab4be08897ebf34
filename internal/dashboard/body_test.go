package dashboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/alarm"
)

func whole() Dashboard {
	return Dashboard{
		Stage: "prod", Region: "eu-west-1",
		Functions:   []Function{{"put", "f", "b", "put"}, {"get", "g", "", ""}},
		Queues:      []Named{{"put", "q"}},
		Keys:        []Named{{"SseKmsCmk", "arn:aws:kms:eu-west-1:111122223333:key/k"}},
		Logs:        []Named{{"access logs", "logs"}},
		Ring:        &Ring{"b", "r", "s"},
		Replication: &Replication{"from", "to", "rule", "eu-west-2"},
		Denied:      []Named{{"SseS3", "b"}},
	}
}

type body struct {
	Widgets []struct {
		X, Y, Width, Height int
		Properties          struct {
			Title, Region string
			Metrics       [][]any
		}
	}
}

func parse(t *testing.T, d Dashboard) body {
	t.Helper()
	var b body
	if err := json.Unmarshal([]byte(d.Body()), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// Every metric that an alarm watches has its graph, in the Region where it is.
func TestEveryAlarmHasAGraph(t *testing.T) {
	t.Parallel()
	regions := map[string]string{}
	for _, w := range parse(t, whole()).Widgets {
		for _, m := range w.Properties.Metrics {
			if len(m) > 1 {
				regions[fmt.Sprint(m[0], " ", m[1])] = w.Properties.Region
			}
		}
	}
	for _, a := range alarm.All() {
		if a.Namespace == "AWS/Events" { // the log buckets themselves say more
			continue
		}
		want := "eu-west-1"
		if a.ID == "ReplicationLate" {
			want = "eu-west-2"
		}
		if got := regions[a.Namespace+" "+a.Metric]; got != want {
			t.Errorf("%s: %s %s is in %q, want %q", a.ID, a.Namespace, a.Metric, got, want)
		}
	}
}

// CloudWatch refuses a metric whose dimensions have no value, and graphs that lie
// over each other can't be read.
func TestGraphsAreWhole(t *testing.T) {
	t.Parallel()
	var cells []string
	for _, w := range parse(t, whole()).Widgets {
		cells = append(cells, fmt.Sprint(w.X, w.Y))
		if w.X+w.Width > 24 || w.Width == 0 || w.Height == 0 {
			t.Errorf("%+v", w)
		}
		for _, m := range w.Properties.Metrics {
			if slices.Contains(m, any("")) || len(m)%2 == 0 {
				t.Errorf("%s: %v", w.Properties.Title, m)
			}
		}
	}
	slices.Sort(cells)
	if n := len(cells); n < 12 || len(slices.Compact(cells)) != n {
		t.Errorf("%d cells: %v", n, cells)
	}
}

func TestAStageWithLittleHasFewGraphs(t *testing.T) {
	t.Parallel()
	if b := parse(t, Dashboard{Stage: "dev", Region: "eu-west-1"}); len(b.Widgets) != 1 {
		t.Errorf("%+v", b)
	}
	if text := (Dashboard{Stage: "dev"}).Body(); !strings.Contains(text, "docs/alarms.md") {
		t.Error(text)
	}
}
