package cloudwatch_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

func (w *world) json(who, operation, body string) (int, string) {
	return apitest.JSON(w, call(who, region), "GraniteServiceVersion20100801."+operation, body)
}

// TestEveryOperationAsks: who has no permission is refused by every operation, and
// the refusal names the action.
func TestEveryOperationAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	input := map[string]string{
		"DeleteAlarms": `{"AlarmNames":["a"]}`, "EnableAlarmActions": `{"AlarmNames":["a"]}`, "DisableAlarmActions": `{"AlarmNames":["a"]}`,
		"DeleteDashboards": `{"DashboardNames":["d"]}`, "PutMetricAlarm": `{"AlarmName":"a"}`, "SetAlarmState": `{"AlarmName":"a","StateValue":"OK","StateReason":"r"}`,
	}
	for _, operation := range w.Operations() {
		body, ok := input[operation]
		if !ok {
			body = "{}"
		}
		status, answer := w.json(home+"/nobody", operation, body)
		if status != 400 || !strings.Contains(answer, "AccessDenied") || !strings.Contains(answer, "cloudwatch:"+operation+" ") {
			t.Errorf("%s: %d %s", operation, status, answer)
		}
	}
}

// TestRefused: what isn't carried out is named, and what is wrong.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const ok = `"AlarmName":"a","Namespace":"N","MetricName":"m","Period":60,"Statistic":"Sum","EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold"`
	with := func(old, next string) string { return "{" + strings.Replace(ok, old, next, 1) + "}" }
	for _, test := range [][3]string{
		{"PutMetricAlarm", with(`"Period":60`, `"Period":10`), "multiple of 60"},
		{"PutMetricAlarm", with(`"Sum"`, `"p99"`), "p99"},
		{"PutMetricAlarm", with(`"Statistic":"Sum"`, `"ExtendedStatistic":"p99"`), "ExtendedStatistic"},
		{"PutMetricAlarm", with(`"GreaterThanThreshold"`, `"GreaterThanUpperThreshold"`), "GreaterThanUpperThreshold"},
		{"PutMetricAlarm", with(`"Threshold":1,`, ""), "Threshold"},
		{"PutMetricAlarm", with(`"EvaluationPeriods":1`, `"EvaluationPeriods":1,"DatapointsToAlarm":2`), "DatapointsToAlarm"},
		{"PutMetricAlarm", with(`"EvaluationPeriods":1`, `"EvaluationPeriods":20000`), "seven days"},
		{"PutMetricAlarm", with(`"Threshold":1`, `"Threshold":1,"TreatMissingData":"no"`), "TreatMissingData"},
		{"PutMetricAlarm", with(`"Threshold":1`, `"Threshold":1,"AlarmActions":["arn:aws:automate:eu-central-1:ec2:stop"]`), "automate"},
		{"PutMetricAlarm", with(`"Threshold":1`, `"Threshold":1,"AlarmActions":["arn:aws:sns:eu-west-1:111122223333:t"]`), "Invalid region eu-west-1"},
		{"PutMetricAlarm", with(`"Threshold":1`, `"Threshold":1,"Metrics":[]`), ""},
		{"PutMetricAlarm", with(`"Threshold":1`, `"Threshold":1,"Metrics":[{"Id":"a","Expression":"1"}]`), "not both"},
		{"PutMetricAlarm", with(`"Namespace":"N","MetricName":"m","Period":60,"Statistic":"Sum",`, `"Metrics":[{"Id":"a","Expression":"1","Period":60},{"Id":"b","Expression":"2"}],`), "exactly one"},
		{"PutMetricAlarm", with(`"a"`, `"a\n"`), "AlarmName"},
		{"PutCompositeAlarm", `{}`, "PutCompositeAlarm"},
		{"PutMetricData", `{"Namespace":"AWS/S3","MetricData":[]}`, "AWS/"},
		{"PutMetricData", `{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Values":[1]}]}`, "one of"},
		{"PutMetricData", `{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1e200}]}`, "2^360"},
		{"PutMetricData", `{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"StorageResolution":1}]}`, "StorageResolution"},
		{"PutMetricData", `{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Timestamp":0}]}`, "Timestamp"},
		{"PutMetricData", `{"Namespace":"N","MetricData":[{"MetricName":"m","Value":1,"Unit":"Fish"}]}`, "Fish"},
		{"PutMetricData", `{"Namespace":"N","EntityMetricData":[]}`, "EntityMetricData"},
		{"GetMetricStatistics", `{"Namespace":"N","MetricName":"m","Period":60,"StartTime":0,"EndTime":1000000,"Statistics":["Sum"]}`, "1440"},
		{"GetMetricStatistics", `{"Namespace":"N","MetricName":"m","Period":60,"StartTime":9,"EndTime":9,"Statistics":["Sum"]}`, "less than"},
		{"GetMetricData", `{"StartTime":0,"EndTime":9e9,"MetricDataQueries":[{"Id":"a","Expression":"1","Period":60}]}`, "span"},
		{"GetMetricData", `{"StartTime":0,"EndTime":60,"MetricDataQueries":[{"Id":"A","Expression":"1","Period":60}]}`, "lowercase"},
		{"GetMetricData", `{"StartTime":0,"EndTime":60,"MetricDataQueries":[]}`, "1 to 500"},
		{"GetMetricData", `{"StartTime":0,"EndTime":60,"MetricDataQueries":[{"Id":"a","Expression":"1"}]}`, "Period"},
		{"PutDashboard", `{"DashboardName":"d","DashboardBody":"{}"}`, "widgets"},
		{"PutDashboard", `{"DashboardName":"d","DashboardBody":"{\"widgets\":[{\"type\":\"fish\",\"properties\":{}}]}"}`, "fish"},
		{"PutDashboard", `{"DashboardName":"a b","DashboardBody":"{\"widgets\":[]}"}`, "DashboardName"},
		{"GetDashboard", `{"DashboardName":"none"}`, "DashboardNotFoundError"},
		{"DeleteDashboards", `{"DashboardNames":["none"]}`, "none"},
		{"DeleteAlarms", `{"AlarmNames":["none"]}`, "none"},
		{"DescribeAlarms", `{"MaxRecords":101}`, "MaxRecords"},
		{"DescribeAlarms", `{"NextToken":"x"}`, "NextToken"},
		{"TagResource", `{"ResourceARN":"x","Tags":[]}`, "Unknown resource"},
	} {
		status, answer := w.json(home+"/admin", test[0], test[1])
		if (status < 400 || status == 500 || !strings.Contains(answer, test[2])) && test[2] != "" {
			t.Errorf("%s %s: %d %s, want %s", test[0], test[1], status, answer, test[2])
		}
	}
}

// TestDashboards are of an account and in all its Regions.
func TestDashboards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := `{"widgets":[{"type":"text","x":0,"y":0,"width":6,"height":2,"properties":{"markdown":"hello"}}]}`
	quoted, _ := json.Marshal(body)
	if status, answer := w.json(home+"/admin", "PutDashboard", `{"DashboardName":"d","DashboardBody":`+string(quoted)+`}`); status != 200 {
		t.Fatal(answer)
	}
	elsewhere := call(home+"/admin", "eu-west-1")
	_, answer := apitest.JSON(w, elsewhere, "GraniteServiceVersion20100801.GetDashboard", `{"DashboardName":"d"}`)
	if !strings.Contains(answer, `"DashboardArn":"arn:aws:cloudwatch::`+home+`:dashboard/d"`) || !strings.Contains(answer, string(quoted)) {
		t.Error(answer)
	}
	if _, answer := w.json(home+"/admin", "ListDashboards", `{}`); !strings.Contains(answer, fmt.Sprintf(`"Size":%d`, len(body))) {
		t.Error(answer)
	}
	if status, _ := w.json(abroad+"/admin", "GetDashboard", `{"DashboardName":"d"}`); status != 404 {
		t.Error("another account has it")
	}
	if status, answer := w.json(home+"/admin", "DeleteDashboards", `{"DashboardNames":["d"]}`); status != 200 {
		t.Error(answer)
	}
}

func (w *world) stack() api.StackContext {
	return api.StackContext{Call: call(home+"/admin", region), StackName: "stack", Account: home, Region: region, Partition: "aws", Tags: map[string]string{"stack": "s"}}
}

func TestAlarmResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::CloudWatch::Alarm"], w.stack()
	properties := func(more string) json.RawMessage {
		return json.RawMessage(`{"Namespace":"N","MetricName":"m","Dimensions":[{"Name":"a","Value":"b"}],"Period":"60","Statistic":"Sum","EvaluationPeriods":1,"Threshold":"1","ComparisonOperator":"GreaterThanThreshold"` + more + `}`)
	}
	r, err := p.Create(ctx, s, "A", properties(`,"AlarmActions":["`+topic+`"]`))
	if err != nil || !strings.HasPrefix(r.PhysicalID, "stack-A-") || r.Attributes["Arn"] != "arn:aws:cloudwatch:"+region+":"+home+":alarm:"+r.PhysicalID {
		t.Fatal(err, r)
	}
	if a := w.alarms(t); len(a) != 1 || len(a[0].AlarmActions) != 1 || *a[0].Threshold != 1 {
		t.Errorf("%+v", a)
	}
	if _, err := p.Update(ctx, s, "A", r, properties(""), properties(`,"TreatMissingData":"ignore","Tags":[{"Key":"k","Value":"v"}]`)); err != nil {
		t.Fatal(err)
	}
	if a := w.alarms(t); *a[0].TreatMissingData != "ignore" || len(a[0].AlarmActions) != 0 {
		t.Errorf("%+v", a)
	}
	if _, answer := w.json(home+"/admin", "ListTagsForResource", `{"ResourceARN":"`+r.Attributes["Arn"]+`"}`); strings.TrimSpace(answer) != `{"Tags":[{"Key":"k","Value":"v"},{"Key":"stack","Value":"s"}]}` {
		t.Error(answer)
	}
	if _, err := p.Create(ctx, s, "B", properties(`,"AlarmName":"`+r.PhysicalID+`"`)); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("an alarm that is there becomes the stack's: %v", err)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "A", r); err != nil {
			t.Error(err)
		}
	}
	check := p.(api.Checker).Check
	unknown := api.NotYetKnown
	if err := check(properties(`,"AlarmActions":["` + unknown + `","` + topic + `"],"AlarmName":"` + unknown + `"`)); err != nil {
		t.Error(err)
	}
	if err := check(json.RawMessage(strings.Replace(string(properties("")), `"Threshold":"1"`, `"Threshold":"`+unknown+`"`, 1))); err != nil {
		t.Error(err)
	}
	for more, want := range map[string]string{
		`,"Colour":"red"`: "Colour", `,"Unit":"Fish"`: "Fish", `,"Tags":[{"Key":"aws:a","Value":"1"}]`: "Tags", `,"ThresholdMetricId":"a"`: "ThresholdMetricId", `,"OKActions":["x"]`: "x",
	} {
		if err := check(properties(more)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", more, err)
		}
	}
}

func TestDashboardResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, s := w.Providers()["AWS::CloudWatch::Dashboard"], w.stack()
	properties := json.RawMessage(`{"DashboardName":"d","DashboardBody":"{\"widgets\":[]}"}`)
	r, err := p.Create(ctx, s, "D", properties)
	if err != nil || r.PhysicalID != "d" {
		t.Fatal(err, r)
	}
	if _, err := p.Create(ctx, s, "E", properties); err == nil {
		t.Error("a dashboard that is there becomes the stack's")
	}
	if r, err = p.Update(ctx, s, "D", r, properties, json.RawMessage(`{"DashboardName":"d","DashboardBody":"{\"widgets\":[],\"start\":\"-PT1H\"}"}`)); err != nil {
		t.Error(err)
	}
	if _, answer := w.json(home+"/admin", "GetDashboard", `{"DashboardName":"d"}`); !strings.Contains(answer, "PT1H") {
		t.Error(answer)
	}
	for range 2 {
		if err := p.Delete(ctx, s, "D", r); err != nil {
			t.Error(err)
		}
	}
	check := p.(api.Checker).Check
	if err := check(json.RawMessage(`{"DashboardBody":"` + api.NotYetKnown + `"}`)); err != nil {
		t.Error(err)
	}
	if err := check(json.RawMessage(`{"DashboardBody":"{}"}`)); err == nil {
		t.Error("no widgets")
	}
}
