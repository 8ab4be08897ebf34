package cloudwatch

import (
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type statisticsInput struct {
	metric
	StartTime, EndTime *api.Timestamp
	Period             int
	Statistics         []string
	Unit               string
}

type datapoint struct {
	Timestamp   api.Timestamp
	SampleCount *float64 `json:",omitempty"`
	Average     *float64 `json:",omitempty"`
	Sum         *float64 `json:",omitempty"`
	Minimum     *float64 `json:",omitempty"`
	Maximum     *float64 `json:",omitempty"`
	Unit        string
}

type statisticsOutput struct {
	Label      string
	Datapoints []datapoint
}

// maxDatapoints is the most that GetMetricStatistics gives.
//
// Source: CloudWatch API reference, GetMetricStatistics.
const maxDatapoints = 1440

// getMetricStatistics gives a datapoint for each unit of a period, the values of
// different units apart.
func (s *Service) getMetricStatistics(c api.Call, in statisticsInput) (out statisticsOutput, err error) {
	if err := s.authorize(c, "GetMetricStatistics", "*", nil); err != nil {
		return out, err
	}
	if err := in.check(); err != nil {
		return out, err
	}
	if in.StartTime == nil || in.EndTime == nil || len(in.Statistics) == 0 {
		return out, missing("StartTime, EndTime and Statistics")
	}
	if err := checkPeriod(in.Period); err != nil {
		return out, err
	}
	for _, name := range in.Statistics {
		if err := checkStatistic(name); err != nil {
			return out, err
		}
	}
	x, err := spanOf(in.StartTime.Time, in.EndTime.Time, in.Period)
	if err != nil {
		return out, err
	}
	if x.n > maxDatapoints {
		return out, combination("You have requested up to %d datapoints, which exceeds the limit of %d.", x.n, maxDatapoints)
	}
	out = statisticsOutput{Label: in.MetricName, Datapoints: []datapoint{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, unit := range units {
		if in.Unit != "" && in.Unit != unit {
			continue
		}
		for i, p := range s.collect(c.Place(), in.metric, unit, x) {
			if p.count > 0 {
				out.Datapoints = append(out.Datapoints, p.datapoint(in.Statistics, api.Timestamp{Time: x.at(i)}, unit))
			}
		}
	}
	return out, nil
}

func (p point) datapoint(names []string, t api.Timestamp, unit string) datapoint {
	d := datapoint{Timestamp: t, Unit: unit}
	for name, to := range map[string]**float64{
		"SampleCount": &d.SampleCount, "Average": &d.Average, "Sum": &d.Sum, "Minimum": &d.Minimum, "Maximum": &d.Maximum,
	} {
		if slices.Contains(names, name) {
			v := statistics[name](p)
			*to = &v
		}
	}
	return d
}
