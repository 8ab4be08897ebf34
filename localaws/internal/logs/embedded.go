package logs

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// embedded is the part of a log line that says which of its members are metrics.
//
// Source: CloudWatch user guide, CloudWatch_Embedded_Metric_Format_Specification.
type embedded struct {
	AWS *struct {
		Timestamp         *int64
		CloudWatchMetrics []struct {
			Namespace  string
			Dimensions [][]string
			Metrics    []struct{ Name, Unit string }
		}
	} `json:"_aws"`
}

// The limits of the format.
const (
	maxEmbeddedMetrics    = 100
	maxEmbeddedDimensions = 30
)

// record publishes the metrics in log lines. A line that is not of the format, or
// breaks its rules, is a line as any other.
func (s *Service) record(p api.Place, lines []inputEvent) {
	if s.opt.Metrics == nil {
		return
	}
	for _, line := range lines {
		var e embedded
		var members map[string]json.RawMessage
		text := []byte(line.Message)
		if json.Unmarshal(text, &e) != nil || e.AWS == nil || json.Unmarshal(text, &members) != nil {
			continue
		}
		at := time.UnixMilli(line.Timestamp)
		if e.AWS.Timestamp != nil {
			at = time.UnixMilli(*e.AWS.Timestamp)
		}
		for _, d := range e.AWS.CloudWatchMetrics {
			if len(d.Metrics) > maxEmbeddedMetrics || d.Namespace == "" {
				continue
			}
			for _, set := range dimensionSets(d.Dimensions, members) {
				for _, m := range d.Metrics {
					for _, v := range numbers(members[m.Name]) {
						s.opt.Metrics.Record(p, d.Namespace, api.Datum{Name: m.Name, Unit: m.Unit, Dimensions: set, Value: v, Time: at})
					}
				}
			}
		}
	}
}

// dimensionSets are the sets of dimensions with their values, which are text
// members of the line. A set that lacks one is left out.
func dimensionSets(names [][]string, members map[string]json.RawMessage) (sets []map[string]string) {
	if len(names) == 0 {
		return []map[string]string{{}}
	}
	for _, list := range names {
		set := map[string]string{}
		for _, name := range list {
			var text string
			if json.Unmarshal(members[name], &text) == nil && text != "" {
				set[name] = text
			}
		}
		if slices.Equal(slices.Sorted(maps.Keys(set)), slices.Sorted(slices.Values(list))) && len(list) <= maxEmbeddedDimensions {
			sets = append(sets, set)
		}
	}
	return sets
}

// numbers are the values of a metric: one, or a list of at most a hundred.
func numbers(member json.RawMessage) (list []float64) {
	var one float64
	if member == nil {
		return nil
	}
	if json.Unmarshal(member, &one) == nil {
		return []float64{one}
	}
	if json.Unmarshal(member, &list) != nil || len(list) > maxEmbeddedMetrics {
		return nil
	}
	return list
}
