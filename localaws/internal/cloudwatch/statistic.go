package cloudwatch

import (
	"cmp"
	"slices"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// statistics are those of the values of a period.
var statistics = map[string]func(point) float64{
	"SampleCount": func(p point) float64 { return p.count },
	"Sum":         func(p point) float64 { return p.sum },
	"Average":     func(p point) float64 { return p.sum / p.count },
	"Minimum":     func(p point) float64 { return p.minimum },
	"Maximum":     func(p point) float64 { return p.maximum },
}

func checkStatistic(name string) error {
	if statistics[name] == nil {
		return invalid("the local AWS has the statistics SampleCount, Sum, Average, Minimum and Maximum, not %q", name)
	}
	return nil
}

// checkPeriod refuses periods of another length than minutes.
//
// Source: CloudWatch API reference, PutMetricAlarm and MetricStat, Period.
func checkPeriod(seconds int) error {
	if seconds < 60 || seconds%60 != 0 || seconds > 604800 {
		return invalid("The parameter Period is not a multiple of 60, up to 604800; the local AWS keeps metrics by the minute.")
	}
	return nil
}

// span are periods of one length, one after the other.
type span struct {
	from   time.Time // of the first
	period int       // seconds
	n      int
}

// maxSpan is the most that a request may ask for, in periods.
//
// Source: CloudWatch API reference, GetMetricData, MaxDatapoints.
const maxSpan = 100_800

// spanOf are the periods that begin in a time, aligned to their length.
func spanOf(from, to time.Time, period int) (span, error) {
	switch start := from.Unix() / int64(period) * int64(period); {
	case !from.Before(to):
		return span{}, invalid("The parameter StartTime must be less than the parameter EndTime.")
	case from.Unix() < 0 || (to.Unix()-start)/int64(period) >= maxSpan:
		return span{}, invalid("the times span more than %d periods", maxSpan)
	default:
		return span{time.Unix(start, 0).UTC(), period, int((to.Unix() - start + int64(period) - 1) / int64(period))}, nil
	}
}

func (x span) at(i int) time.Time { return x.from.Add(time.Duration(i*x.period) * time.Second) }

// collect are the values of each period; a point with no count had none. Without a
// unit, those of all units. s.mu is held.
func (s *Service) collect(p api.Place, m metric, unit string, x span) []point {
	out := make([]point, x.n)
	wanted := units
	if unit != "" {
		wanted = []string{unit}
	}
	for _, unit := range wanted {
		have := s.series[m.key(p, unit)]
		if have == nil {
			continue
		}
		first := x.from.Unix() / 60
		i, _ := slices.BinarySearchFunc(have.points, first, func(p point, m int64) int { return cmp.Compare(p.minute, m) })
		for _, p := range have.points[i:] {
			n := int((p.minute - first) * 60 / int64(x.period))
			if n >= x.n {
				break
			}
			out[n].add(p)
		}
	}
	return out
}

// values are a statistic of each period: nil where there was no value.
func (s *Service) values(p api.Place, m metric, unit, statistic string, x span) []*float64 {
	out := make([]*float64, x.n)
	for i, point := range s.collect(p, m, unit, x) {
		if point.count > 0 {
			v := statistics[statistic](point)
			out[i] = &v
		}
	}
	return out
}
