package cloudwatch

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type putDataInput struct {
	Namespace  string
	MetricData []metricDatum
}

type metricDatum struct {
	MetricName        string
	Dimensions        []dimension
	Timestamp         *api.Timestamp
	Value             *float64
	Values, Counts    []float64
	StatisticValues   *statisticSet
	Unit              string
	StorageResolution *int
}

type statisticSet struct{ SampleCount, Sum, Minimum, Maximum float64 }

// The limits of PutMetricData.
//
// Source: CloudWatch API reference, PutMetricData and MetricDatum.
const (
	maxData   = 1000
	maxValues = 150
	maxAge    = 14 * 24 * time.Hour
	maxAhead  = 2 * time.Hour
)

// putMetricData keeps all values of a request, or none.
func (s *Service) putMetricData(c api.Call, in putDataInput) (empty, error) {
	if err := s.authorize(c, "PutMetricData", "*", map[string]iam.Strings{"cloudwatch:namespace": {in.Namespace}}); err != nil {
		return empty{}, err
	}
	switch {
	case strings.HasPrefix(in.Namespace, "AWS/"):
		return empty{}, invalid("The value AWS/ for parameter Namespace is invalid.")
	case len(in.MetricData) > maxData:
		return empty{}, invalid("The collection MetricData must not have a size greater than %d.", maxData)
	}
	now := s.opt.Now()
	type entry struct {
		key  seriesKey
		time time.Time
		point
	}
	var entries []entry
	for _, d := range in.MetricData {
		m := metric{in.Namespace, d.MetricName, d.Dimensions}
		if err := m.check(); err != nil {
			return empty{}, err
		}
		p, err := d.point()
		if err != nil {
			return empty{}, err
		}
		t := now
		if d.Timestamp != nil {
			t = d.Timestamp.Time
		}
		if t.Before(now.Add(-maxAge)) || t.After(now.Add(maxAhead)) {
			return empty{}, invalid("The parameter Timestamp is more than two weeks ago or more than two hours ahead.")
		}
		entries = append(entries, entry{m.key(c.Place(), cmp.Or(d.Unit, "None")), t, p})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.points+len(entries) > maxPoints {
		return empty{}, fail("LimitExceededFault", "the metrics of the local AWS hold %d minutes at most", maxPoints)
	}
	for _, e := range entries {
		s.add(e.key, e.time, e.point)
	}
	return empty{}, nil
}

// point are the values of a datum, which are given in one of three ways.
func (d *metricDatum) point() (p point, err error) {
	given := 0
	for _, there := range []bool{d.Value != nil, d.Values != nil, d.StatisticValues != nil} {
		if there {
			given++
		}
	}
	switch {
	case d.Unit != "" && !slices.Contains(units, d.Unit):
		return p, invalid("The parameter Unit %q is none of a metric's.", d.Unit)
	case d.StorageResolution != nil && *d.StorageResolution != 60:
		return p, invalid("the local AWS keeps metrics by the minute: StorageResolution %d", *d.StorageResolution)
	case given != 1:
		return p, combination("a datum has one of Value, Values and StatisticValues")
	case d.Counts != nil && len(d.Counts) != len(d.Values), len(d.Values) > maxValues:
		return p, combination("Values has at most %d members, and Counts as many", maxValues)
	case d.Value != nil:
		p = point{count: 1, sum: *d.Value, minimum: *d.Value, maximum: *d.Value}
	case d.StatisticValues != nil:
		x := d.StatisticValues
		p = point{count: x.SampleCount, sum: x.Sum, minimum: x.Minimum, maximum: x.Maximum}
		if x.SampleCount <= 0 || x.Minimum > x.Maximum {
			return p, invalid("StatisticValues has no samples, or a Minimum above its Maximum")
		}
	}
	for i, v := range d.Values {
		n := 1.0
		if d.Counts != nil {
			n = d.Counts[i]
		}
		if n <= 0 {
			return p, invalid("a member of Counts is not above 0")
		}
		p.add(point{count: n, sum: n * v, minimum: v, maximum: v})
	}
	for _, v := range []float64{p.count, p.sum, p.minimum, p.maximum} {
		if math.IsNaN(v) || math.Abs(v) > math.Exp2(360) {
			return p, invalid("a value is beyond 2^360")
		}
	}
	return p, nil
}
