package cloudwatch

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// metric is what a metric is called in requests.
type metric struct {
	Namespace  string      `json:",omitempty"`
	MetricName string      `json:",omitempty"`
	Dimensions []dimension `json:",omitempty"`
}

type dimension struct{ Name, Value string }

// check refuses what no metric can be.
//
// Source: CloudWatch API reference, MetricDatum and Dimension.
func (m *metric) check() error {
	switch {
	case m.Namespace == "":
		return missing("Namespace")
	case m.MetricName == "":
		return missing("MetricName")
	case len(m.Namespace) > 255 || strings.HasPrefix(m.Namespace, ":"):
		return invalid("The parameter Namespace is not 1 to 255 characters that don't begin with a colon.")
	case len(m.MetricName) > 255:
		return invalid("The parameter MetricName is longer than 255 characters.")
	case len(m.Dimensions) > 30:
		return invalid("The parameter Dimensions has more than 30 members.")
	}
	seen := map[string]bool{}
	for _, d := range m.Dimensions {
		if d.Name == "" || d.Value == "" || len(d.Name) > 255 || len(d.Value) > 1024 || seen[d.Name] {
			return invalid("The parameter Dimensions has a member without a name or value, one that is too long, or one twice: %.300q.", d.Name)
		}
		seen[d.Name] = true
	}
	return nil
}

// key is the name under which the values of a metric are kept. Dimensions are
// compared in any order, and all of them.
func (m metric) key(p api.Place, unit string) seriesKey {
	list := slices.Clone(m.Dimensions)
	slices.SortFunc(list, func(a, b dimension) int { return cmp.Compare(a.Name, b.Name) })
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.Name + "\x00" + d.Value + "\x00")
	}
	return seriesKey{p, m.Namespace, m.MetricName, b.String(), unit}
}

type seriesKey struct {
	place                             api.Place
	namespace, name, dimensions, unit string
}

func (k seriesKey) metric() metric {
	m := metric{Namespace: k.namespace, MetricName: k.name}
	parts := strings.Split(k.dimensions, "\x00")
	for i := 0; i+1 < len(parts); i += 2 {
		m.Dimensions = append(m.Dimensions, dimension{parts[i], parts[i+1]})
	}
	return m
}

// series are the values of a metric of one unit, by the minute. Service.mu guards
// it.
type series struct{ points []point } // by time

// point is what is kept of the values of a minute.
type point struct {
	minute           int64 // Unix time / 60
	count, sum       float64
	minimum, maximum float64
}

func (p *point) add(q point) {
	if p.count == 0 {
		p.minimum, p.maximum = q.minimum, q.maximum
	}
	p.count, p.sum = p.count+q.count, p.sum+q.sum
	p.minimum, p.maximum = min(p.minimum, q.minimum), max(p.maximum, q.maximum)
}

// A server that runs for days must not grow. maxSeriesPoints are three days and a
// half: an alarm looks at no more than its evaluation periods and two.
const (
	maxPoints       = 100_000
	maxSeriesPoints = 5_000
)

// units are those of a value.
//
// Source: CloudWatch API reference, MetricDatum, Unit.
var units = strings.Fields("Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits Terabits Percent Count " +
	"Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None")

// add puts values into the minute of a time. s.mu is held.
func (s *Service) add(k seriesKey, t time.Time, p point) bool {
	x := s.series[k]
	if s.points >= maxPoints {
		return false
	}
	if x == nil {
		x = &series{}
		s.series[k] = x
	}
	p.minute = t.Unix() / 60
	i, found := slices.BinarySearchFunc(x.points, p.minute, func(p point, m int64) int { return cmp.Compare(p.minute, m) })
	if found {
		x.points[i].add(p)
		return true
	}
	x.points = slices.Insert(x.points, i, p)
	s.points++
	if n := len(x.points) - maxSeriesPoints; n > 0 {
		x.points = slices.Delete(x.points, 0, n)
		s.points -= n
	}
	return true
}
