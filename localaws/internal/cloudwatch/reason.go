package cloudwatch

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// reason is why a state is so, in the words that AWS's example has.
//
// Source: CloudWatch user guide, alarm-actions, "Example Notification Content".
func (e evaluated) reason(a *alarm) string {
	if len(e.used) == 0 {
		if e.state == insufficient {
			return fmt.Sprintf("Insufficient Data: %d datapoints were unknown.", a.EvaluationPeriods)
		}
		return fmt.Sprintf("Threshold Crossed: no datapoints were received for %d periods and %d missing datapoints were treated as [%s].", a.EvaluationPeriods, a.EvaluationPeriods, treated(a))
	}
	breaches := comparisons[a.ComparisonOperator]
	var shown []string
	n := 0
	for _, i := range e.used {
		v := *e.points[i]
		if breaches.breaches(v, *a.Threshold) == (e.state == inAlarm) {
			n++
			shown = append(shown, fmt.Sprintf("%s (%s)", decimal(v), e.span.at(i).UTC().Format("02/01/06 15:04:05")))
		}
	}
	were, not := "were", "not "
	if n == 1 {
		were = "was"
	}
	if e.state == inAlarm {
		not = ""
	}
	return fmt.Sprintf("Threshold Crossed: %d out of the last %d datapoints [%s] %s %s%s the threshold (%s).",
		n, len(e.used), strings.Join(shown, ", "), were, not, breaches.words, decimal(*a.Threshold))
}

func treated(a *alarm) string {
	if a.TreatMissingData == "breaching" {
		return "Breaching"
	}
	return "NonBreaching"
}

// decimal is a number with at least one digit behind the point.
func decimal(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

const reasonTime = "2006-01-02T15:04:05.000-0700"

// data is the reason for programs.
func (e evaluated) data(a *alarm, now time.Time) string {
	type evaluatedPoint struct {
		Timestamp string  `json:"timestamp"`
		Value     float64 `json:"value"`
	}
	d := struct {
		Version             string           `json:"version"`
		QueryDate           string           `json:"queryDate"`
		StartDate           string           `json:"startDate,omitempty"`
		Statistic           string           `json:"statistic,omitempty"`
		Period              int              `json:"period"`
		RecentDatapoints    []float64        `json:"recentDatapoints"`
		Threshold           float64          `json:"threshold"`
		EvaluatedDatapoints []evaluatedPoint `json:"evaluatedDatapoints"`
	}{
		Version: "1.0", QueryDate: now.UTC().Format(reasonTime), Statistic: a.Statistic, Period: e.span.period, Threshold: *a.Threshold,
		RecentDatapoints: []float64{}, EvaluatedDatapoints: []evaluatedPoint{},
	}
	for _, i := range e.used {
		at := e.span.at(i).UTC().Format(reasonTime)
		d.StartDate = at
		d.RecentDatapoints = append([]float64{*e.points[i]}, d.RecentDatapoints...)
		d.EvaluatedDatapoints = append(d.EvaluatedDatapoints, evaluatedPoint{at, *e.points[i]})
	}
	text, _ := json.Marshal(d)
	return string(text)
}
