package cloudwatch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type listMetricsInput struct {
	Namespace, MetricName string
	Dimensions            []dimensionFilter
	RecentlyActive        string
	NextToken             string
}

type dimensionFilter struct {
	Name  string
	Value *string
}

type listMetricsOutput struct {
	Metrics   []metric
	NextToken string `json:",omitempty"`
}

// listMetrics gives the metrics that have values, at most 500 on a page.
//
// Source: CloudWatch API reference, ListMetrics.
func (s *Service) listMetrics(c api.Call, in listMetricsInput) (out listMetricsOutput, err error) {
	if err := s.authorize(c, "ListMetrics", "*", nil); err != nil {
		return out, err
	}
	if in.RecentlyActive != "" && in.RecentlyActive != "PT3H" {
		return out, invalid("The parameter RecentlyActive is not PT3H.")
	}
	since := s.opt.Now().Unix()/60 - 180
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[seriesKey]bool{}
	out.Metrics = []metric{}
	for k, x := range s.series {
		k.unit = ""
		m := k.metric()
		active := in.RecentlyActive == "" || x.points[len(x.points)-1].minute >= since
		if k.place == c.Place() && active && !seen[k] && in.selects(m) {
			seen[k] = true
			out.Metrics = append(out.Metrics, m)
		}
	}
	slices.SortFunc(out.Metrics, func(a, b metric) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	var ok bool
	if out.Metrics, out.NextToken, ok = api.Page(out.Metrics, 500, in.NextToken); !ok {
		return out, invalid("The parameter NextToken is not one that ListMetrics gave.")
	}
	return out, nil
}

func (in *listMetricsInput) selects(m metric) bool {
	if in.Namespace != "" && in.Namespace != m.Namespace || in.MetricName != "" && in.MetricName != m.MetricName {
		return false
	}
	for _, f := range in.Dimensions {
		if !slices.ContainsFunc(m.Dimensions, func(d dimension) bool { return d.Name == f.Name && (f.Value == nil || *f.Value == d.Value) }) {
			return false
		}
	}
	return true
}
