package logs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// transformation makes a metric of what a filter matches.
//
// Source: CloudWatch Logs API reference, MetricTransformation.
type transformation struct {
	MetricNamespace string            `json:"metricNamespace"`
	MetricName      string            `json:"metricName"`
	MetricValue     string            `json:"metricValue"`
	DefaultValue    *float64          `json:"defaultValue,omitempty"`
	Unit            string            `json:"unit,omitempty"`
	Dimensions      map[string]string `json:"dimensions,omitempty"`
}

// metricFilter is one filter of a group, by its name.
type metricFilter struct {
	pattern         string
	match           jsonPattern
	transformations []transformation
	created         time.Time
}

type putFilterInput struct {
	LogGroupName          string           `json:"logGroupName"`
	FilterName            string           `json:"filterName"`
	FilterPattern         string           `json:"filterPattern"`
	MetricTransformations []transformation `json:"metricTransformations"`
}

// readFilter refuses what is not carried out: patterns that are not of JSON, values
// by a member, and default values, which need no line to be published.
func readFilter(in putFilterInput) (*metricFilter, error) {
	if in.FilterName == "" || len(in.FilterName) > 512 || strings.ContainsAny(in.FilterName, ":*") {
		return nil, invalid("filterName has 1 to 512 characters, none of them : or *")
	}
	if !strings.HasPrefix(strings.TrimSpace(in.FilterPattern), "{") {
		return nil, invalid("the local AWS has metric filters with patterns of JSON only, not %.100q", in.FilterPattern)
	}
	match, err := readJSONPattern(in.FilterPattern)
	if err != nil {
		return nil, invalid("Invalid metric filter pattern: %v", err)
	}
	if len(in.MetricTransformations) != 1 {
		return nil, invalid("metricTransformations has one member")
	}
	t := in.MetricTransformations[0]
	_, err = strconv.ParseFloat(t.MetricValue, 64)
	switch {
	case t.MetricName == "" || t.MetricNamespace == "" || strings.HasPrefix(t.MetricNamespace, "AWS/"):
		return nil, invalid("a metric transformation has metricName and metricNamespace, which doesn't begin with AWS/")
	case err != nil:
		return nil, invalid("the local AWS has metric filters with a number as metricValue, not %.100q", t.MetricValue)
	case t.DefaultValue != nil:
		return nil, invalid("the local AWS has no defaultValue of metric filters")
	case len(t.Dimensions) > 3:
		return nil, invalid("a metric transformation has at most three dimensions")
	}
	for _, selector := range t.Dimensions {
		if !strings.HasPrefix(selector, "$.") {
			return nil, invalid("the value of a dimension is a member such as $.name, not %.100q", selector)
		}
	}
	return &metricFilter{pattern: in.FilterPattern, match: match, transformations: in.MetricTransformations}, nil
}

// maxFilters is how many a group may have.
//
// Source: CloudWatch Logs user guide, cloudwatch_limits_cwl.
const maxFilters = 100

func (s *Service) putMetricFilter(c api.Call, in putFilterInput) (struct{}, error) {
	f, err := readFilter(in)
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, s.onStream(c, "PutMetricFilter", in.LogGroupName, "", func(g *group) error {
		if g.filters == nil {
			g.filters = map[string]*metricFilter{}
		}
		if g.filters[in.FilterName] == nil && len(g.filters) >= maxFilters {
			return api.Errorf(400, "LimitExceededException", "Resource limit exceeded.")
		}
		f.created = c.Time
		g.filters[in.FilterName] = f
		return nil
	})
}

type metricFilterInput struct {
	LogGroupName string `json:"logGroupName"`
	FilterName   string `json:"filterName"`
}

func (s *Service) deleteMetricFilter(c api.Call, in metricFilterInput) (struct{}, error) {
	return struct{}{}, s.onStream(c, "DeleteMetricFilter", in.LogGroupName, "", func(g *group) error {
		if g.filters[in.FilterName] == nil {
			return notFound("metric filter")
		}
		delete(g.filters, in.FilterName)
		return nil
	})
}

type describeFiltersInput struct {
	LogGroupName     string `json:"logGroupName"`
	FilterNamePrefix string `json:"filterNamePrefix"`
}

type shownFilter struct {
	putFilterInput
	CreationTime int64 `json:"creationTime"`
}

type describeFiltersOutput struct {
	MetricFilters []shownFilter `json:"metricFilters"`
}

// describeMetricFilters needs the name of a group here, and no pages: a group has
// few.
func (s *Service) describeMetricFilters(c api.Call, in describeFiltersInput) (out describeFiltersOutput, err error) {
	out.MetricFilters = []shownFilter{}
	err = s.onStream(c, "DescribeMetricFilters", in.LogGroupName, "", func(g *group) error {
		for name, f := range g.filters {
			if strings.HasPrefix(name, in.FilterNamePrefix) {
				out.MetricFilters = append(out.MetricFilters, shownFilter{putFilterInput{in.LogGroupName, name, f.pattern, f.transformations}, f.created.UnixMilli()})
			}
		}
		return nil
	})
	slices.SortFunc(out.MetricFilters, func(a, b shownFilter) int { return strings.Compare(a.FilterName, b.FilterName) })
	return out, err
}

// filter publishes what the filters of a group make of lines. A line that lacks a
// dimension makes no metric.
//
// Source: CloudWatch Logs user guide, FilterAndPatternSyntaxForMetricFilters.
func (s *Service) filter(p api.Place, g *group, lines []inputEvent) {
	if s.opt.Metrics == nil {
		return
	}
	for _, f := range g.filters {
		for _, line := range lines {
			members, matched := f.match.matches(line.Message)
			for _, t := range f.transformations {
				value, _ := strconv.ParseFloat(t.MetricValue, 64) // checked
				set := map[string]string{}
				for name, selector := range t.Dimensions {
					if text, ok := member(members, strings.Split(selector, ".")[1:]).(string); ok && text != "" {
						set[name] = text
					}
				}
				if matched && len(set) == len(t.Dimensions) {
					s.opt.Metrics.Record(p, t.MetricNamespace, api.Datum{Name: t.MetricName, Unit: t.Unit, Dimensions: set, Value: value, Time: time.UnixMilli(line.Timestamp)})
				}
			}
		}
	}
}
