package metric

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// maxValues is how many values a metric may have in one line.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const maxValues = 100

// ErrorType is the dimension of the types of failures.
const ErrorType = "ErrorType"

type metadata struct {
	Timestamp         int64
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

// write writes the lines of an invocation: one, and one more for each further
// maxValues of a metric and for each type of failure. A line that can't be
// written is lost, as any line of a log is.
func (w *Writer) write(s *set, requestID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for first, more := true, true; more; first = false {
		more = false
		var metrics []definition
		values := map[string]any{}
		for _, m := range All() {
			switch of := s.values[m.Name]; {
			case m.each && len(of) > 0:
				n := min(len(of), maxValues)
				values[m.Name], s.values[m.Name] = of[:n], of[n:]
				more = more || len(of) > n
			case !m.each && first:
				values[m.Name] = append(of, 0)[0]
			default:
				continue
			}
			metrics = append(metrics, definition{m.Name, m.Unit})
		}
		w.line(metrics, values, requestID)
	}
	for _, t := range slices.Sorted(maps.Keys(s.failed)) {
		w.line([]definition{{Errors.Name, Errors.Unit}}, map[string]any{Errors.Name: s.failed[t]}, requestID, Dimension{ErrorType, t})
	}
}

// line writes one line, with the names of the JSON log format beside the
// metrics: without a timestamp of ours Lambda would add one.
func (w *Writer) line(metrics []definition, root map[string]any, requestID string, more ...Dimension) {
	now := w.now()
	d := directive{Namespace: Namespace, Metrics: metrics, Dimensions: [][]string{{}}}
	for _, of := range slices.Concat(w.dimensions, more) {
		d.Dimensions[0] = append(d.Dimensions[0], of.Name)
		root[of.Name] = of.Value
	}
	root["_aws"] = metadata{now.UnixMilli(), []directive{d}}
	root["timestamp"], root["level"], root["message"] = now.UTC().Format(time.RFC3339Nano), "INFO", "metrics"
	if requestID != "" {
		root["requestId"] = requestID
	}
	// This fails only for a number that isn't finite, which JSON has no form for.
	if text, err := json.Marshal(root); err == nil {
		w.out.Write(append(text, '\n'))
	}
}
