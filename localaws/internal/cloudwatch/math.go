package cloudwatch

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// value is what a part of an expression is: a number, or a list of series, which
// have a number for each period, or nil where there is none.
type value struct {
	number *float64
	text   string
	list   [][]*float64
	single bool // the list is one series, and not an array of one
}

func oneSeries(s []*float64) value { return value{list: [][]*float64{s}, single: true} }

// spread is a value as series.
func (v value) spread(n int) [][]*float64 {
	if v.number == nil {
		return v.list
	}
	return [][]*float64{slices.Repeat([]*float64{v.number}, n)}
}

// result computes the query with an id. Queries that refer to each other in a
// circle are refused.
func (e *evaluation) result(id string) (value, error) {
	if v, ok := e.results[id]; ok {
		return v, nil
	}
	i := slices.IndexFunc(e.list, func(q query) bool { return q.Id == id })
	switch {
	case i < 0:
		return value{}, fmt.Errorf("there is no query with the id %s", id)
	case slices.Contains(e.under, id):
		return value{}, fmt.Errorf("%s refers to itself", id)
	}
	var v value
	var err error
	if m := e.list[i].MetricStat; m != nil {
		v = oneSeries(e.fetch(m))
	} else {
		e.under = append(e.under, id)
		v, err = e.compute(e.parsed[id])
		e.under = e.under[:len(e.under)-1]
	}
	if err == nil && v.number == nil && v.list == nil {
		err = fmt.Errorf("%s is neither a number nor a time series", id)
	}
	if err == nil {
		e.results[id] = v
	}
	return v, err
}

func (e *evaluation) compute(n node) (value, error) {
	switch n.kind {
	case number:
		return value{number: &n.number}, nil
	case text:
		return value{text: n.name}, nil
	case reference:
		if n.name == "REPEAT" || n.name == "LINEAR" {
			return value{text: n.name}, nil
		}
		return e.result(n.name)
	}
	var arguments []value
	for _, a := range n.arguments {
		v, err := e.compute(a)
		if err != nil {
			return value{}, err
		}
		arguments = append(arguments, v)
	}
	if n.kind == operator {
		return e.combine(n.name, arguments[0], arguments[1])
	}
	f, ok := functions[strings.ToUpper(n.name)]
	if !ok {
		return value{}, fmt.Errorf("the local AWS has no function %s", n.name)
	}
	return f(e, n, arguments)
}

// combine applies an operator to each pair of values. Where one is missing, so is
// the result; of two arrays nothing is combined.
func (e *evaluation) combine(sign string, a, b value) (value, error) {
	switch {
	case a.text != "" || b.text != "":
		return value{}, fmt.Errorf("%s has a text beside it", sign)
	case a.number != nil && b.number != nil:
		v := apply(sign, *a.number, *b.number)
		if v == nil {
			return value{}, fmt.Errorf("%s has no result", sign)
		}
		return value{number: v}, nil
	}
	left, right := a.spread(e.span.n), b.spread(e.span.n)
	if len(left) > 1 && len(right) > 1 {
		return value{}, fmt.Errorf("%s is between two arrays", sign)
	}
	out := value{single: (a.number != nil || a.single) && (b.number != nil || b.single)}
	for i := range max(len(left), len(right)) {
		if len(left) == 0 || len(right) == 0 {
			break
		}
		x, y := left[min(i, len(left)-1)], right[min(i, len(right)-1)]
		series := make([]*float64, e.span.n)
		for t := range series {
			if x[t] != nil && y[t] != nil {
				series[t] = apply(sign, *x[t], *y[t])
			}
		}
		out.list = append(out.list, series)
	}
	return out, nil
}

// apply gives nil where there is no result, as behind a division by zero.
func apply(sign string, a, b float64) *float64 {
	truth := func(is bool) float64 {
		if is {
			return 1
		}
		return 0
	}
	var v float64
	switch sign {
	case "+":
		v = a + b
	case "-":
		v = a - b
	case "*":
		v = a * b
	case "/":
		v = a / b
	case "^":
		v = math.Pow(a, b)
	case "==":
		v = truth(a == b)
	case "!=":
		v = truth(a != b)
	case "<":
		v = truth(a < b)
	case "<=":
		v = truth(a <= b)
	case ">":
		v = truth(a > b)
	case ">=":
		v = truth(a >= b)
	case "AND", "&&":
		v = truth(a != 0 && b != 0)
	default:
		v = truth(a != 0 || b != 0)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
