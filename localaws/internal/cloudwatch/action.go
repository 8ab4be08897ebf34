package cloudwatch

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// act carries out the actions of the state that an alarm is now in. One that fails
// is lost, and the log tells.
func (s *Service) act(c change) {
	if !c.enabled() {
		return
	}
	actions := map[string][]string{ok: c.OKActions, inAlarm: c.AlarmActions, insufficient: c.InsufficientDataActions}[c.state]
	for _, action := range actions {
		call := s.actor(c.alarm, action)
		call.Trace = new(api.Trace)
		var err error
		if strings.Contains(action, ":lambda:") {
			err = s.opt.InvokeLater(call, action, c.event())
		} else {
			err = s.opt.Topics.PublishTo(call, action, c.subject(), c.notification())
		}
		outcome := "Successfully executed action " + action
		if err != nil {
			outcome = fmt.Sprintf("Failed to execute action %s. Received error: %q", action, err)
			s.opt.Log.Entry(fmt.Sprintf("action %s of the alarm %s failed: %v", action, c.AlarmName, err), call.Trace.Denials()...)
		}
		s.mu.Lock()
		s.remember(historyItem{
			place: c.place, AlarmName: c.AlarmName, HistoryItemType: "Action", Timestamp: api.Timestamp{Time: c.updated}, HistorySummary: outcome, HistoryData: "{}",
		})
		s.mu.Unlock()
	}
}

// actor is the call by which CloudWatch acts for an alarm. To topics it also
// says so by the older key aws:SourceOwner.
//
// Source: CloudWatch user guide, Notify_Users_Alarm_Changes and
// alarms-and-actions-Lambda; SNS developer guide, sns-access-policy-use-cases.
func (s *Service) actor(a alarm, action string) api.Call {
	principal := "cloudwatch.amazonaws.com"
	if strings.Contains(action, ":lambda:") {
		principal = "lambda.alarms.cloudwatch.amazonaws.com"
	}
	c := api.ServiceCall(principal, "", a.place.Region, s.opt.Now()).For(a.arn, a.place.Account)
	c.Context["aws:SourceOwner"] = iam.Strings{a.place.Account}
	return c
}

func (c *change) subject() string {
	name := strings.Map(func(r rune) rune {
		if r > '~' {
			return '?'
		}
		return r
	}, c.AlarmName)
	subject := fmt.Sprintf("%s: %q in %s", c.state, name, c.place.Region)
	return subject[:min(len(subject), 100)]
}

// notification is the text that a topic gets.
//
// Source: CloudWatch user guide, Notify_Users_Alarm_Changes, alarm-sns-schema.
func (c *change) notification() string {
	text, _ := json.Marshal(map[string]any{
		"AlarmName": c.AlarmName, "AlarmDescription": c.AlarmDescription, "AWSAccountId": c.place.Account,
		"AlarmConfigurationUpdatedTimestamp": when(c.configured), "NewStateValue": c.state, "NewStateReason": c.reason,
		"StateChangeTime": when(c.updated), "Region": c.place.Region, "AlarmArn": c.arn, "OldStateValue": c.before,
		"OKActions": filled(c.OKActions), "AlarmActions": filled(c.AlarmActions), "InsufficientDataActions": filled(c.InsufficientDataActions),
		"Trigger": c.trigger(),
	})
	return string(text)
}

func when(t time.Time) string { return t.UTC().Format(reasonTime) }

// filled is a list that is written as [] and not as null.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (c *change) trigger() map[string]any {
	t := map[string]any{
		"EvaluationPeriods": c.EvaluationPeriods, "DatapointsToAlarm": c.needed(), "ComparisonOperator": c.ComparisonOperator,
		"Threshold": *c.Threshold, "TreatMissingData": c.TreatMissingData, "EvaluateLowSampleCountPercentile": nil,
	}
	if c.Metrics != nil {
		t["Metrics"] = c.Metrics
		return t
	}
	type named struct {
		Value string `json:"value"`
		Name  string `json:"name"`
	}
	list := []named{}
	for _, d := range c.Dimensions {
		list = append(list, named{d.Value, d.Name})
	}
	t["MetricName"], t["Namespace"], t["StatisticType"], t["Statistic"] = c.MetricName, c.Namespace, "Statistic", strings.ToUpper(c.Statistic)
	t["Dimensions"], t["Period"], t["Unit"] = list, c.Period, nil
	if c.Unit != "" {
		t["Unit"] = c.Unit
	}
	return t
}

// event is what a function gets.
//
// Source: CloudWatch user guide, alarms-and-actions-Lambda.
func (c *change) event() []byte {
	text, _ := json.Marshal(map[string]any{
		"source": "aws.cloudwatch", "alarmArn": c.arn, "accountId": c.place.Account, "time": when(c.updated), "region": c.place.Region,
		"alarmData": map[string]any{
			"alarmName":     c.AlarmName,
			"state":         map[string]string{"value": c.state, "reason": c.reason, "reasonData": c.reasonData, "timestamp": when(c.updated)},
			"previousState": map[string]string{"value": c.before},
			"configuration": map[string]any{"description": c.AlarmDescription, "metrics": c.queries.list},
		},
	})
	return text
}
