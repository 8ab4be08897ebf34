package test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/alarm"
	"github.com/s3seal/s3seal/internal/template"
)

// An alarm that names nothing, or another thing than it is about, is never heard.
func TestEveryAlarmWatchesWhatItSays(t *testing.T) {
	a := read(t, exampleAssembly(t))
	made := map[string]bool{}
	for _, s := range a.Stacks {
		for _, r := range s.ResourcesOfType("AWS::CloudWatch::Alarm") {
			p := r.Properties()
			i := slices.IndexFunc(alarm.All(), func(a alarm.Alarm) bool {
				link, after, ok := strings.Cut(text(t, p.Get("AlarmDescription")), "https://")
				return ok && strings.HasSuffix(a.Text, after) && link != ""
			})
			if i < 0 {
				t.Errorf("%s/%s is no alarm of the table", s.Name, r.LogicalID)
				continue
			}
			row := alarm.All()[i]
			made[row.ID] = true
			for _, list := range []string{"AlarmActions", "OKActions"} {
				if arn := text(t, p.Get(list).Index(0)); !strings.Contains(arn, ":sns:"+s.Region+":") {
					t.Errorf("%s/%s: %s of %s is %s", s.Name, r.LogicalID, list, s.Region, arn)
				}
			}
			metric := p
			if row.Quota || row.Silence {
				metric = p.Get("Metrics").Index(1).Get("MetricStat", "Metric")
			}
			if got := text(t, metric.Get("Namespace")) + " " + text(t, metric.Get("MetricName")); got != row.Namespace+" "+row.Metric {
				t.Errorf("%s/%s watches %s, want %s %s", s.Name, r.LogicalID, got, row.Namespace, row.Metric)
			}
			checkDimensions(t, s, r, metric, row)
		}
	}
	for _, row := range alarm.All() {
		if !made[row.ID] {
			t.Errorf("no stage has the alarm %s", row.ID)
		}
	}
}

// checkDimensions: each has a value, and what is of the stack is in it.
func checkDimensions(t *testing.T, s *template.Stack, r *template.Resource, metric template.Value, row alarm.Alarm) {
	t.Helper()
	types := map[string]string{"FunctionName": "AWS::Lambda::Function", "QueueName": "AWS::SQS::Queue", "RuleName": "AWS::Events::Rule"}
	for i, name := range row.Dimensions {
		d := metric.Get("Dimensions").Index(i)
		value := text(t, d.Get("Value"))
		if text(t, d.Get("Name")) != name || value == "" || row.Fixed[name] != "" && row.Fixed[name] != value {
			t.Errorf("%s/%s: dimension %s is %q", s.Name, r.LogicalID, name, value)
		}
		typ, ok := types[name]
		if ok && !slices.ContainsFunc(s.ResourcesOfType(typ), func(r *template.Resource) bool {
			ref, err := r.Ref()
			return err == nil && (ref == value || strings.HasSuffix(ref, "/"+value)) && (name != "QueueName" || strings.Contains(r.LogicalID, "DeadLetters"))
		}) {
			t.Errorf("%s/%s: the stack has no %s %q", s.Name, r.LogicalID, typ, value)
		}
	}
}

func TestAlarmOptionsReachTheTemplates(t *testing.T) {
	a := read(t, exampleAssembly(t))
	alarmOf := func(stack, prefix string) template.Value {
		return one(t, a, stack, "AWS::CloudWatch::Alarm", prefix).Properties()
	}
	threshold := func(stack, prefix string) string {
		return fmt.Sprint(number(t, alarmOf(stack, prefix).Get("Threshold")))
	}
	tells := func(stack, prefix string) string { return text(t, alarmOf(stack, prefix).Get("AlarmActions").Index(0)) }
	source := one(t, a, "full-replication", "AWS::S3::Bucket", "Source").Properties()
	filter := one(t, a, "full-buckets", "AWS::Logs::MetricFilter", "AlarmsSourceDeniedUploads").Properties()
	job := document(t, one(t, a, "full-replication", "AWS::IAM::Role", "RepairRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	topic, err := one(t, a, "wide-alarms", "AWS::SNS::Topic", "Topic").Ref()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ option, got, want string }{
		{"functionErrors", threshold("full-buckets", "AlarmsSseCPutErrors"), "5"},
		{"latencyMinutes", threshold("full-latency", "AlarmsReplicationLate"), "1800"},
		{"latencyMinutes is of the source account", stackNamed(t, a, "full-latency").Account, "222233334444"},
		{"latencyTopicArn", tells("full-latency", "AlarmsReplicationLate"), "arn:aws:sns:eu-west-1:555566667777:on-call"},
		{"failedObjects", text(t, source.Get("NotificationConfiguration", "TopicConfigurations").Index(0).Get("Topic")), "arn:aws:sns:us-east-1:555566667777:on-call"},
		{"trailLogGroup", text(t, filter.Get("LogGroupName")), "data-events"},
		{"trailLogGroup of a bucket", fmt.Sprint(strings.Contains(text(t, filter.Get("FilterPattern")), `"full-source-222233334444-us-east-1"`)), "true"},
		{"silentLogDays", fmt.Sprint(number(t, alarmOf("full-logs", "AlarmsServerAccessLogsStopped").Get("EvaluationPeriods"))), "2"},
		{"silentLogDays needs events", fmt.Sprint(boolean(t, one(t, a, "full-logs", "AWS::S3::Bucket", "Logs").Properties().Get("NotificationConfiguration", "EventBridgeConfiguration", "EventBridgeEnabled"))), "true"},
		{"emails", tells("wide-buckets", "AlarmsKeyQuota"), topic},
		{"emails, of replication", tells("wide-replication", "AlarmsReplicationFailed"), topic},
		{"emails, of the latency", tells("wide-latency", "AlarmsReplicationLate"), strings.Replace(topic, "eu-central-1", "eu-west-3", 1)},
		{"emails are told", text(t, one(t, a, "wide-alarms", "AWS::SNS::Subscription", "TopicEmail").Properties().Get("Endpoint")), "on-call@example.com"},
		{"replica.repair", statement(t, job, "InitiateReplication").Resource[0], "arn:aws:s3:::full-source-222233334444-us-east-1/*"},
		{"replica.repair reports", statement(t, job, "WriteReport").Resource[0], "arn:aws:s3:::full-logs-222233334444-us-east-1/repair/*"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %s, want %s", tc.option, tc.got, tc.want)
		}
	}
}

// S3 and CloudWatch refuse what the topic's policy does not let in yet.
func TestTheTopicComesFirst(t *testing.T) {
	a := read(t, exampleAssembly(t))
	for _, name := range []string{"wide-buckets", "wide-replication"} {
		if !slices.Contains(stackNamed(t, a, name).Dependencies, "wide-alarms") {
			t.Errorf("%s doesn't wait for wide-alarms: %v", name, stackNamed(t, a, name).Dependencies)
		}
	}
}

func TestTheDashboardIsWhole(t *testing.T) {
	a := read(t, exampleAssembly(t))
	body := text(t, one(t, a, "full-buckets", "AWS::CloudWatch::Dashboard", "Dashboard").Properties().Get("DashboardBody"))
	var parsed struct{ Widgets []any }
	if err := json.Unmarshal([]byte(body), &parsed); err != nil || len(parsed.Widgets) < 12 || strings.Contains(body, "${") {
		t.Errorf("%v: %s", err, body)
	}
	for _, f := range stackNamed(t, a, "full-buckets").ResourcesOfType("AWS::Lambda::Function") {
		if name, err := f.Ref(); err != nil || !strings.Contains(body, name) {
			t.Errorf("the dashboard has no %s: %v", name, err)
		}
	}
}
