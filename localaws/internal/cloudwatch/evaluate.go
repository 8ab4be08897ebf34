package cloudwatch

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Evaluate evaluates all alarms, as if the minute that has begun were over, and
// carries out the actions of those whose state changes.
func (s *Service) Evaluate() {
	s.evaluating.Lock()
	defer s.evaluating.Unlock()
	if s.opt.Sample != nil {
		s.opt.Sample()
	}
	now := s.opt.Now()
	var changes []change
	s.mu.Lock()
	for _, n := range slices.SortedFunc(maps.Keys(s.alarms), func(a, b named) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region), cmp.Compare(a.name, b.name))
	}) {
		a := s.alarms[n]
		e := s.window(a, now)
		if e.state != "" && e.state != a.state {
			changes = append(changes, s.transition(a, e.state, e.reason(a), e.data(a, now), now))
		}
	}
	s.mu.Unlock()
	for _, c := range changes {
		s.act(c)
	}
}

// window looks at the datapoints of an alarm. s.mu is held.
//
// CloudWatch looks at more of them than the evaluation periods, in case some are
// missing, and its page doesn't say at how many: in its examples at two more.
//
// Source: CloudWatch user guide, alarm-evaluation (sliding window, not aligned to
// the clock) and alarms-and-missing-data.
func (s *Service) window(a *alarm, now time.Time) evaluated {
	period, err := a.queries.period()
	if err != nil {
		return evaluated{}
	}
	n := a.EvaluationPeriods + 2
	end := now.Truncate(time.Minute).Add(time.Minute)
	x := span{from: end.Add(-time.Duration(n*period) * time.Second), period: period, n: n}
	v, err := s.evaluation(a.place, a.queries, x).result(a.watched)
	if err != nil {
		return evaluated{} // of values that no expression can be computed of: the state stays
	}
	list := v.spread(n)
	if len(list) != 1 {
		return evaluated{}
	}
	e := evaluated{span: x, points: list[0]}
	e.judge(a)
	return e
}

// evaluated is what an evaluation found: its state is "" if the alarm's stays.
type evaluated struct {
	span   span
	points []*float64
	state  string
	used   []int // indexes of the datapoints that decided, the newest first
}

// judge follows the page's two tables.
//
// Source: CloudWatch user guide, alarms-and-missing-data.
func (e *evaluated) judge(a *alarm) {
	periods, needed := a.EvaluationPeriods, a.needed()
	breaches := comparisons[a.ComparisonOperator].breaches
	breaching, oldest := 0, -1
	for i := len(e.points) - 1; i >= 0 && len(e.used) < periods; i-- {
		if e.points[i] == nil {
			continue
		}
		e.used = append(e.used, i)
		if breaches(*e.points[i], *a.Threshold) {
			breaching, oldest = breaching+1, i
		}
	}
	missing := periods - len(e.used)
	good := len(e.used) - breaching
	e.state = ok
	switch {
	case breaching >= needed:
		e.state = inAlarm
	case missing == 0 || a.TreatMissingData == "notBreaching":
	case a.TreatMissingData == "breaching":
		if breaching+missing >= needed {
			e.state = inAlarm
		}
	case good > 0:
	case a.TreatMissingData == "ignore":
		e.state = ""
	case len(e.used) == 0:
		e.state = insufficient
	case len(e.points)-oldest >= needed: // too old for the next datapoint to decide
		e.state = inAlarm
	default:
		e.state = ""
	}
}
