package cloudwatch

import (
	"fmt"
	"math"
	"strings"
)

type mathFunction func(e *evaluation, n node, arguments []value) (value, error)

var functions map[string]mathFunction

// The functions that there are; any other is refused by name.
//
// Source: CloudWatch user guide, using-metric-math.
func init() {
	functions = map[string]mathFunction{
		"ABS": each(math.Abs), "CEIL": each(math.Ceil), "FLOOR": each(math.Floor),
		"SUM": reduce(sum), "AVG": reduce(func(list []float64) float64 { return sum(list) / float64(len(list)) }),
		"MIN":           reduce(func(list []float64) float64 { return pick(list, math.Min) }),
		"MAX":           reduce(func(list []float64) float64 { return pick(list, math.Max) }),
		"DIFF":          onEachSeries(func(_ *evaluation, s []*float64) []*float64 { return differences(s, 1) }),
		"RATE":          onEachSeries(func(e *evaluation, s []*float64) []*float64 { return differences(s, float64(e.span.period)) }),
		"SERVICE_QUOTA": quota, "FILL": fill, "IF": choose, "METRICS": allMetrics, "PERIOD": periodOf,
	}
}

func sum(list []float64) (total float64) {
	for _, v := range list {
		total += v
	}
	return total
}

func pick(list []float64, better func(a, b float64) float64) float64 {
	best := list[0]
	for _, v := range list[1:] {
		best = better(best, v)
	}
	return best
}

func one(n node, arguments []value) (value, error) {
	if len(arguments) != 1 || arguments[0].text != "" {
		return value{}, fmt.Errorf("%s has one argument, a number or time series", n.name)
	}
	return arguments[0], nil
}

// each applies a function to each number.
func each(f func(float64) float64) mathFunction {
	return func(_ *evaluation, n node, arguments []value) (value, error) {
		v, err := one(n, arguments)
		if err != nil {
			return value{}, err
		}
		if v.number != nil {
			x := f(*v.number)
			return value{number: &x}, nil
		}
		return v.mapped(func(s []*float64) []*float64 {
			out := make([]*float64, len(s))
			for i, p := range s {
				if p != nil {
					x := f(*p)
					out[i] = &x
				}
			}
			return out
		}), nil
	}
}

func (v value) mapped(f func([]*float64) []*float64) value {
	out := value{single: v.single, list: [][]*float64{}}
	for _, s := range v.list {
		out.list = append(out.list, f(s))
	}
	return out
}

func onEachSeries(f func(*evaluation, []*float64) []*float64) mathFunction {
	return func(e *evaluation, n node, arguments []value) (value, error) {
		v, err := one(n, arguments)
		if err == nil && v.number != nil {
			err = fmt.Errorf("%s is of a time series", n.name)
		}
		return v.mapped(func(s []*float64) []*float64 { return f(e, s) }), err
	}
}

// differences are those between a value and the one before it, per divisor.
func differences(s []*float64, divisor float64) []*float64 {
	out := make([]*float64, len(s))
	last := -1
	for i, p := range s {
		if p == nil {
			continue
		}
		if last >= 0 {
			v := (*p - *s[last]) / (divisor * float64(i-last))
			out[i] = &v
		}
		last = i
	}
	return out
}

// reduce makes a number of a series, and a series of an array.
func reduce(f func([]float64) float64) mathFunction {
	return func(e *evaluation, n node, arguments []value) (value, error) {
		v, err := one(n, arguments)
		if err != nil {
			return value{}, err
		}
		total := func(list []*float64) *float64 {
			var there []float64
			for _, p := range list {
				if p != nil {
					there = append(there, *p)
				}
			}
			if there == nil {
				return nil
			}
			x := f(there)
			return &x
		}
		if v.number != nil {
			return v, nil
		}
		if v.single {
			if x := total(v.list[0]); x != nil {
				return value{number: x}, nil
			}
			return oneSeries(make([]*float64, e.span.n)), nil
		}
		out := make([]*float64, e.span.n)
		for t := range out {
			var column []*float64
			for _, s := range v.list {
				column = append(column, s[t])
			}
			out[t] = total(column)
		}
		return oneSeries(out), nil
	}
}

// fill gives missing values a number, or repeats the one before.
func fill(_ *evaluation, n node, arguments []value) (value, error) {
	if len(arguments) == 2 && arguments[0].number != nil { // of a statistic over time
		return arguments[0], nil
	}
	if len(arguments) != 2 || arguments[0].list == nil || arguments[1].number == nil && arguments[1].text != "REPEAT" {
		return value{}, fmt.Errorf("%s has a time series and a number or REPEAT here", n.name)
	}
	return arguments[0].mapped(func(s []*float64) []*float64 {
		out := make([]*float64, len(s))
		last := arguments[1].number
		for i, p := range s {
			if p != nil && arguments[1].number == nil {
				last = p
			}
			if out[i] = p; p == nil {
				out[i] = last
			}
		}
		return out
	}), nil
}

// choose gives the second argument where the first is not 0, else the third, or
// nothing if there is none.
func choose(e *evaluation, n node, arguments []value) (value, error) {
	if len(arguments) < 2 || len(arguments) > 3 {
		return value{}, fmt.Errorf("%s has two or three arguments", n.name)
	}
	out, numbers := make([]*float64, e.span.n), true
	var columns [3][]*float64
	for i, a := range arguments {
		list := a.spread(e.span.n)
		if a.text != "" || len(list) != 1 {
			return value{}, fmt.Errorf("an argument of %s is no number or single time series", n.name)
		}
		columns[i], numbers = list[0], numbers && a.number != nil
	}
	for t := range out {
		switch condition := columns[0][t]; {
		case condition != nil && *condition != 0:
			out[t] = columns[1][t]
		case condition != nil && columns[2] != nil:
			out[t] = columns[2][t]
		}
	}
	if numbers && out[0] != nil {
		return value{number: out[0]}, nil
	}
	return oneSeries(out), nil
}

// allMetrics is the array of all metrics that the queries have, or of those whose
// ids have a text in them.
func allMetrics(e *evaluation, n node, arguments []value) (value, error) {
	part := ""
	if len(arguments) > 1 || len(arguments) == 1 && arguments[0].text == "" {
		return value{}, fmt.Errorf("%s has at most one argument, a text", n.name)
	}
	if len(arguments) == 1 {
		part = arguments[0].text
	}
	out := value{list: [][]*float64{}}
	for _, q := range e.list {
		if q.MetricStat != nil && strings.Contains(q.Id, part) {
			v, err := e.result(q.Id)
			if err != nil {
				return value{}, err
			}
			out.list = append(out.list, v.list...)
		}
	}
	return out, nil
}

func periodOf(e *evaluation, n node, arguments []value) (value, error) {
	if _, err := one(n, arguments); err != nil {
		return value{}, err
	}
	x := float64(e.span.period)
	return value{number: &x}, nil
}

// quota is the quota of a usage metric: Options.Quotas has it, as no page says
// what it is of a rate. Without one there is no value.
func quota(e *evaluation, n node, arguments []value) (value, error) {
	if len(n.arguments) != 1 || n.arguments[0].kind != reference {
		return value{}, fmt.Errorf("%s has the id of a usage metric as its argument", n.name)
	}
	for _, q := range e.list {
		if q.Id != n.arguments[0].name || q.MetricStat == nil || q.MetricStat.Metric.Namespace != "AWS/Usage" {
			continue
		}
		for _, d := range q.MetricStat.Metric.Dimensions {
			if x, there := e.quotas[d.Value]; d.Name == "Resource" && there {
				return value{number: &x}, nil
			}
		}
		return oneSeries(make([]*float64, e.span.n)), nil
	}
	return value{}, fmt.Errorf("%s is of a metric of AWS/Usage", n.name)
}
