package cloudwatch

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type dataInput struct {
	MetricDataQueries  []query
	StartTime, EndTime *api.Timestamp
	ScanBy, NextToken  string
	MaxDatapoints      int
}

type dataResult struct {
	Id, Label  string
	StatusCode string
	Timestamps []api.Timestamp
	Values     []float64
}

type dataOutput struct {
	Messages          []empty
	MetricDataResults []dataResult
}

// getMetricData answers whole: a request that has more datapoints than it may is
// refused, where AWS gives pages.
func (s *Service) getMetricData(c api.Call, in dataInput) (out dataOutput, err error) {
	if err := s.authorize(c, "GetMetricData", "*", nil); err != nil {
		return out, err
	}
	if in.StartTime == nil || in.EndTime == nil {
		return out, missing("StartTime and EndTime")
	}
	if in.ScanBy != "" && in.ScanBy != "TimestampDescending" && in.ScanBy != "TimestampAscending" || in.NextToken != "" {
		return out, invalid("ScanBy is TimestampDescending or TimestampAscending, and NextToken none that GetMetricData gave.")
	}
	q, err := readQueries(c, in.MetricDataQueries)
	if err != nil {
		return out, err
	}
	period, err := q.period()
	if err != nil {
		return out, err
	}
	x, err := spanOf(in.StartTime.Time, in.EndTime.Time, period)
	if err != nil {
		return out, err
	}
	most := maxSpan
	if in.MaxDatapoints > 0 {
		most = min(most, in.MaxDatapoints)
	}
	if x.n*len(q.list) > most {
		return out, invalid("the local AWS gives no pages: the queries have up to %d datapoints, and at most %d are asked for", x.n*len(q.list), most)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.evaluation(c.Place(), q, x)
	out.MetricDataResults, out.Messages = []dataResult{}, []empty{}
	for _, one := range q.list {
		v, err := e.result(one.Id)
		if err != nil {
			return out, invalid("Error in expression %s [%s]", one.Id, err)
		}
		if one.returned() {
			out.MetricDataResults = append(out.MetricDataResults, one.results(v, x, in.ScanBy == "TimestampAscending")...)
		}
	}
	return out, nil
}

// evaluation computes with the metrics of a place. s.mu is held.
func (s *Service) evaluation(p api.Place, q queries, x span) *evaluation {
	return &evaluation{queries: q, span: x, quotas: s.opt.Quotas, results: map[string]value{}, fetch: func(m *metricStat) []*float64 {
		return s.values(p, m.Metric, m.Unit, m.Stat, x)
	}}
}

// results are the answer to a query: one for each of its series.
func (q *query) results(v value, x span, ascending bool) (list []dataResult) {
	label := q.Label
	if label == "" {
		label = q.Id
		if q.MetricStat != nil {
			label = q.MetricStat.Metric.MetricName
		}
	}
	for _, series := range v.spread(x.n) {
		r := dataResult{Id: q.Id, Label: label, StatusCode: "Complete", Timestamps: []api.Timestamp{}, Values: []float64{}}
		for i, p := range series {
			if p != nil {
				r.Timestamps, r.Values = append(r.Timestamps, api.Timestamp{Time: x.at(i)}), append(r.Values, *p)
			}
		}
		if !ascending {
			slices.Reverse(r.Timestamps)
			slices.Reverse(r.Values)
		}
		list = append(list, r)
	}
	return list
}
