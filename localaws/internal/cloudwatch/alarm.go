package cloudwatch

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// alarmSettings are what can be said of an alarm: the input of PutMetricAlarm,
// the properties of a template, and what DescribeAlarms shows, but for tags.
type alarmSettings struct {
	ActionsEnabled          *bool       `json:",omitempty"`
	AlarmActions            []string    `json:",omitempty"`
	AlarmDescription        string      `json:",omitempty"`
	AlarmName               string      `json:",omitempty"`
	ComparisonOperator      string      `json:",omitempty"`
	DatapointsToAlarm       int         `json:",omitempty"`
	Dimensions              []dimension `json:",omitempty"`
	EvaluationPeriods       int         `json:",omitempty"`
	InsufficientDataActions []string    `json:",omitempty"`
	MetricName              string      `json:",omitempty"`
	Metrics                 []query     `json:",omitempty"`
	Namespace               string      `json:",omitempty"`
	OKActions               []string    `json:",omitempty"`
	Period                  int         `json:",omitempty"`
	Statistic               string      `json:",omitempty"`
	Threshold               *float64    `json:",omitempty"`
	TreatMissingData        string      `json:",omitempty"`
	Unit                    string      `json:",omitempty"`
}

// alarm is one alarm. Service.mu guards it.
type alarm struct {
	alarmSettings
	place   api.Place
	arn     string
	queries queries // of settings.Metrics, or of the one metric
	watched string  // id of the query that is compared with the threshold
	tags    map[string]string

	configured         time.Time
	state              string
	reason, reasonData string
	updated            time.Time // when the state was, or its reason
	transitioned       time.Time
}

// The states of an alarm.
const (
	ok           = "OK"
	inAlarm      = "ALARM"
	insufficient = "INSUFFICIENT_DATA"
)

// comparisons say when a value breaches a threshold.
//
// Source: CloudWatch API reference, PutMetricAlarm, ComparisonOperator.
var comparisons = map[string]struct {
	breaches func(v, threshold float64) bool
	words    string
}{
	"GreaterThanOrEqualToThreshold": {func(v, t float64) bool { return v >= t }, "greater than or equal to"},
	"GreaterThanThreshold":          {func(v, t float64) bool { return v > t }, "greater than"},
	"LessThanThreshold":             {func(v, t float64) bool { return v < t }, "less than"},
	"LessThanOrEqualToThreshold":    {func(v, t float64) bool { return v <= t }, "less than or equal to"},
}

func alarmARN(p api.Place, name string) string { return p.ARN("cloudwatch", "alarm:"+name) }

// newAlarm reads the settings of an alarm, which it refuses as PutMetricAlarm
// does.
//
// Source: CloudWatch API reference, PutMetricAlarm.
func newAlarm(c api.Call, in alarmSettings) (*alarm, error) {
	a := &alarm{alarmSettings: in, place: c.Place(), arn: alarmARN(c.Place(), in.AlarmName), state: insufficient}
	if err := a.checkName(); err != nil {
		return nil, err
	}
	if err := a.checkEvaluation(); err != nil {
		return nil, err
	}
	for _, list := range [][]string{a.AlarmActions, a.OKActions, a.InsufficientDataActions} {
		if err := checkActions(list, c.Region); err != nil {
			return nil, err
		}
	}
	return a, a.readQueries(c)
}

func (a *alarm) checkName() error {
	switch {
	case a.AlarmName == "":
		return missing("AlarmName")
	case len(a.AlarmName) > 255 || strings.ContainsFunc(a.AlarmName, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return invalid("The parameter AlarmName is longer than 255 characters, or has a control character.")
	case len(a.AlarmDescription) > 1024:
		return invalid("The parameter AlarmDescription is longer than 1024 characters.")
	}
	return nil
}

func (a *alarm) checkEvaluation() error {
	_, known := comparisons[a.ComparisonOperator]
	switch {
	case a.EvaluationPeriods < 1:
		return missing("EvaluationPeriods")
	case a.Threshold == nil:
		return missing("Threshold")
	case math.IsNaN(*a.Threshold) || math.IsInf(*a.Threshold, 0):
		return invalid("The parameter Threshold is no number.")
	case !known:
		return invalid("the local AWS has no alarms with the ComparisonOperator %q", a.ComparisonOperator)
	case a.DatapointsToAlarm < 0 || a.DatapointsToAlarm > a.EvaluationPeriods:
		return invalid("The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.")
	case !slices.Contains([]string{"", "breaching", "notBreaching", "ignore", "missing"}, a.TreatMissingData):
		return invalid("The parameter TreatMissingData %q is none of breaching, notBreaching, ignore and missing.", a.TreatMissingData)
	case a.Unit != "" && !slices.Contains(units, a.Unit):
		return invalid("The parameter Unit %q is none of a metric's.", a.Unit)
	}
	return nil
}

// checkActions refuses actions that the local AWS doesn't carry out. A topic must
// be in the alarm's Region.
func checkActions(list []string, region string) error {
	if len(list) > 5 {
		return invalid("an alarm has at most 5 actions for a state")
	}
	for _, action := range list {
		a, err := arn.Parse(action)
		switch {
		case err != nil || a.Service != "sns" && a.Service != "lambda":
			return invalid("the local AWS does not carry out the action %q: topics and functions it does", action)
		case a.Region != region:
			return invalid("Invalid region %s specified. Only %s is supported.", a.Region, region)
		}
	}
	return nil
}

// onlyMetric is the id of the query of an alarm on one metric.
const onlyMetric = "m"

// readQueries reads what is watched: one metric, or the one query that returns
// data.
func (a *alarm) readQueries(c api.Call) (err error) {
	list := a.Metrics
	if a.MetricName != "" {
		if list != nil {
			return combination("an alarm has MetricName or Metrics, not both")
		}
		list = []query{{Id: onlyMetric, MetricStat: &metricStat{
			Metric: metric{a.Namespace, a.MetricName, a.Dimensions}, Period: a.Period, Stat: a.Statistic, Unit: a.Unit,
		}}}
	} else if a.Namespace != "" || a.Dimensions != nil || a.Period != 0 || a.Statistic != "" || a.Unit != "" {
		return combination("Namespace, Dimensions, Period, Statistic and Unit are of an alarm with MetricName")
	}
	if a.queries, err = readQueries(c, list); err != nil {
		return err
	}
	returned := 0
	for _, q := range list {
		if q.returned() {
			a.watched, returned = q.Id, returned+1
		}
	}
	if returned != 1 {
		return combination("exactly one of Metrics has ReturnData true, not %d", returned)
	}
	period, err := a.queries.period()
	if days := 7 * 24 * 60 * 60; err == nil && a.EvaluationPeriods*period > days {
		err = invalid("the evaluation periods of an alarm are at most seven days together")
	}
	return err
}

// needed is how many datapoints must breach.
func (a *alarm) needed() int { return cmp.Or(a.DatapointsToAlarm, a.EvaluationPeriods) }

func (a *alarm) enabled() bool { return a.ActionsEnabled == nil || *a.ActionsEnabled }
