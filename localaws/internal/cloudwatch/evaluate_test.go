package cloudwatch_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// TestMissingData is the two tables of the page: the points of five minutes, X
// breaching, and the state for MISSING, IGNORE, BREACHING and NOT BREACHING; "-"
// is that the alarm stays as it is.
//
// Source: CloudWatch user guide, alarms-and-missing-data.
func TestMissingData(t *testing.T) {
	t.Parallel()
	treatments := []string{"missing", "ignore", "breaching", "notBreaching"}
	for _, row := range []struct {
		needed int32
		points string
		want   string
	}{
		{3, "0-X-X", "OK OK OK OK"},
		{3, "0----", "OK OK OK OK"},
		{3, "-----", "INSUFFICIENT_DATA - ALARM OK"},
		{3, "0XX-X", "ALARM ALARM ALARM ALARM"},
		{3, "--X--", "ALARM - ALARM OK"},
		{3, "----X", "- - ALARM OK"}, // premature
		{3, "---X-", "- - ALARM OK"}, // premature
		{2, "0-X-X", "ALARM ALARM ALARM ALARM"},
		{2, "00X0X", "ALARM ALARM ALARM ALARM"},
		{2, "0-X--", "OK OK ALARM OK"},
		{2, "----0", "OK OK ALARM OK"},
		{2, "---X-", "ALARM - ALARM OK"},
	} {
		for i, want := range strings.Fields(row.want) {
			t.Run(fmt.Sprint(row.needed, row.points, treatments[i]), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.put(t, alarm(func(in *awscloudwatch.PutMetricAlarmInput) {
					in.EvaluationPeriods, in.DatapointsToAlarm, in.TreatMissingData = aws.Int32(3), &row.needed, &treatments[i]
				}))
				before := "OK"
				must[any](t)(w.admin().SetAlarmState(ctx, &awscloudwatch.SetAlarmStateInput{AlarmName: text("a"), StateValue: types.StateValueOk, StateReason: text("test")}))
				if want == before { // it must not only stay so
					before = "ALARM"
					must[any](t)(w.admin().SetAlarmState(ctx, &awscloudwatch.SetAlarmStateInput{AlarmName: text("a"), StateValue: types.StateValueAlarm, StateReason: text("test")}))
				}
				for j, p := range row.points {
					switch p {
					case 'X':
						w.record(4-j, 1)
					case '0':
						w.record(4-j, 0)
					}
				}
				if want == "-" {
					want = before
				}
				if got := w.state(t); got != want {
					t.Errorf("%s, want %s: %s", got, want, *w.alarms(t)[0].StateReason)
				}
			})
		}
	}
}

// TestAlarmTells: a topic gets each change of state once, from CloudWatch in the
// name of the alarm, and a function too.
func TestAlarmTells(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	function := "arn:aws:lambda:" + region + ":" + home + ":function:f"
	w.put(t, alarm(func(in *awscloudwatch.PutMetricAlarmInput) { in.AlarmActions = []string{topic, function} }))
	w.record(0, 2)
	for range 2 {
		if got := w.state(t); got != "ALARM" {
			t.Fatal(got)
		}
	}
	w.Advance(4 * time.Minute)
	w.record(0, 0)
	if got := w.state(t); got != "OK" {
		t.Fatal(got)
	}
	arn := "arn:aws:cloudwatch:" + region + ":" + home + ":alarm:a"
	if len(w.published) != 3 || !strings.HasPrefix(w.published[0], "cloudwatch.amazonaws.com "+arn+" "+topic+` ALARM: "a" in `+region+" {") ||
		!strings.HasPrefix(w.published[1], "lambda.alarms.cloudwatch.amazonaws.com "+arn+" "+function) || !strings.Contains(w.published[2], ` OK: "a"`) {
		t.Fatalf("%q", w.published)
	}
	var m struct {
		AlarmName, AWSAccountId, NewStateValue, OldStateValue, NewStateReason, AlarmArn string
		Trigger                                                                         struct {
			MetricName, Namespace, Statistic string
			Dimensions                       []struct{ Name, Value string }
			Threshold                        float64
		}
	}
	_, body, _ := strings.Cut(w.published[0], region+" {")
	if err := json.Unmarshal([]byte("{"+body), &m); err != nil || m.AlarmName != "a" || m.AWSAccountId != home || m.NewStateValue != "ALARM" || m.OldStateValue != "INSUFFICIENT_DATA" ||
		m.AlarmArn != arn || m.Trigger.MetricName != "m" || m.Trigger.Statistic != "SUM" || len(m.Trigger.Dimensions) != 2 {
		t.Errorf("%v %s", err, body)
	}
	if want := "Threshold Crossed: 1 out of the last 1 datapoints [2.0 (01/05/26 12:00:00)] was greater than the threshold (0.0)."; m.NewStateReason != want {
		t.Errorf("%s, want %s", m.NewStateReason, want)
	}
	history := must[*awscloudwatch.DescribeAlarmHistoryOutput](t)(w.admin().DescribeAlarmHistory(ctx, &awscloudwatch.DescribeAlarmHistoryInput{AlarmName: text("a")})).AlarmHistoryItems
	var kinds []string
	for _, h := range history {
		kinds = append(kinds, string(h.HistoryItemType))
	}
	if got := strings.Join(kinds, " "); got != "Action StateUpdate Action Action StateUpdate ConfigurationUpdate" {
		t.Error(got)
	}
}

// TestAlarmThatCannotTell: the log says so, and the alarm goes on.
func TestAlarmThatCannotTell(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.closed = true
	w.put(t, alarm())
	w.record(0, 1)
	if got := w.state(t); got != "ALARM" || !strings.Contains(w.log.String(), "action "+topic+" of the alarm a failed") {
		t.Error(got, w.log.String())
	}
	w.closed = false
	must[any](t)(w.admin().DisableAlarmActions(ctx, &awscloudwatch.DisableAlarmActionsInput{AlarmNames: []string{"a"}}))
	w.Advance(10 * time.Minute)
	w.record(0, 0)
	if got := w.state(t); got != "OK" || w.published != nil {
		t.Error(got, w.published)
	}
	must[any](t)(w.admin().EnableAlarmActions(ctx, &awscloudwatch.EnableAlarmActionsInput{AlarmNames: []string{"a"}}))
	w.Advance(10 * time.Minute)
	w.record(0, 1)
	if got := w.state(t); got != "ALARM" || len(w.published) != 1 {
		t.Error(got, w.published)
	}
}

// TestAlarmOnAnExpression: what is watched is the one query that returns data.
func TestAlarmOnAnExpression(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stat := func(s string) *types.MetricStat {
		return &types.MetricStat{Metric: &types.Metric{Namespace: text("Acme"), MetricName: text("m"), Dimensions: dimensions}, Period: aws.Int32(300), Stat: &s}
	}
	w.put(t, alarm(func(in *awscloudwatch.PutMetricAlarmInput) {
		in.Namespace, in.MetricName, in.Dimensions, in.Period, in.Statistic = nil, nil, nil, nil, ""
		in.Threshold = aws.Float64(50)
		in.Metrics = []types.MetricDataQuery{
			{Id: text("failed"), MetricStat: stat("Sum"), ReturnData: aws.Bool(false)},
			{Id: text("all"), MetricStat: stat("SampleCount"), ReturnData: aws.Bool(false)},
			{Id: text("rate"), Expression: text("100 * failed / all")},
		}
	}))
	w.record(0, 1)
	w.record(2, 0)
	if got := w.state(t); got != "OK" {
		t.Errorf("half failed: %s", got)
	}
	w.record(1, 1)
	if got := w.state(t); got != "ALARM" {
		t.Errorf("two thirds failed: %s", got)
	}
}
