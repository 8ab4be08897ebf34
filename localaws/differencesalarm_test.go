package localaws_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws"
)

// alarmDifferences are about SNS and CloudWatch.
var alarmDifferences = map[string]func(*testing.T){
	"`OperationsPendingReplication`, `BytesPendingReplication` and `ReplicationLatency` are metrics of the source's account, in the Region of the destination": func(t *testing.T) {
		t.Parallel()
		s, _, _ := told(t)
		s.EvaluateAlarms()
		_, answer := call(t, s, "monitoring", "ListMetrics", `{"Namespace":"AWS/S3"}`)
		for _, name := range []string{"OperationsPendingReplication", "BytesPendingReplication", "ReplicationLatency"} {
			if !strings.Contains(answer, `"MetricName":"`+name+`"`) {
				t.Errorf("no %s: %s", name, answer)
			}
		}
	},

	"A topic without a policy lets its own account in, and no service; what can't be delivered is tried once, and the log says why": func(t *testing.T) {
		t.Parallel()
		s, closed := startLogged(t)
		topic := "arn:aws:sns:eu-west-1:" + source + ":t"
		call(t, s, "sns", "CreateTopic", "Name=t")
		withBucket(t, s, "acme")
		if status, answer := call(t, s, "s3", "PUT /acme?notification", "<NotificationConfiguration><TopicConfiguration><Topic>"+topic+"</Topic><Event>s3:ObjectCreated:*</Event></TopicConfiguration></NotificationConfiguration>"); status != 400 || !strings.Contains(answer, "Unable to validate") {
			t.Errorf("S3: %d %s", status, answer)
		}
		newQueue(t, s, "q", "")
		call(t, s, "sns", "Subscribe", "TopicArn="+topic+"&Protocol=sqs&Endpoint=arn:aws:sqs:eu-west-1:"+source+":q")
		if status, answer := call(t, s, "sns", "Publish", "TopicArn="+topic+"&Message=m"); status != 200 {
			t.Errorf("the owner: %d %s", status, answer)
		}
		if log := closed(); strings.Count(log, "notification of "+topic+" to arn:aws:sqs:eu-west-1:"+source+":q failed") != 1 || !strings.Contains(log, "sqs:SendMessage") {
			t.Error(log)
		}
	},

	"FIFO topics, attributes of messages, filter and delivery policies, dead-letter queues of subscriptions, SMS and push: refused by name. An e-mail address or URL waits for a confirmation that never comes": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		call(t, s, "sns", "CreateTopic", "Name=t")
		const on = "TopicArn=arn:aws:sns:eu-west-1:" + source + ":t"
		attribute := func(name, value string) string {
			return "&Attributes.entry.1.key=" + name + "&Attributes.entry.1.value=" + value
		}
		toQueue := on + "&Protocol=sqs&Endpoint=arn:aws:sqs:eu-west-1:" + source + ":q"
		refuses(t, s,
			unsupported{"FIFO", "sns", "CreateTopic", "Name=t.fifo" + attribute("FifoTopic", "true")},
			unsupported{"MessageAttributes", "sns", "Publish", on + "&Message=m&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String"},
			unsupported{"FilterPolicy", "sns", "Subscribe", toQueue + attribute("FilterPolicy", "{}")},
			unsupported{"DeliveryPolicy", "sns", "SetTopicAttributes", on + "&AttributeName=DeliveryPolicy&AttributeValue={}"},
			unsupported{"RedrivePolicy", "sns", "Subscribe", toQueue + attribute("RedrivePolicy", "{}")},
			unsupported{"sms", "sns", "Subscribe", on + "&Protocol=sms&Endpoint=1"},
			unsupported{"application", "sns", "Subscribe", on + "&Protocol=application&Endpoint=a"},
			unsupported{"ConfirmSubscription", "sns", "ConfirmSubscription", on + "&Token=a"},
		)
		for protocol, endpoint := range map[string]string{"email": "a@example.com", "https": "https://example.com"} {
			if _, answer := call(t, s, "sns", "Subscribe", on+"&Protocol="+protocol+"&Endpoint="+endpoint); !strings.Contains(answer, "pending confirmation") {
				t.Error(answer)
			}
		}
	},

	"Alarms are evaluated each minute, with the minute that isn't over, over their evaluation periods and two more": func(t *testing.T) {
		t.Parallel()
		var now clock
		s := start(t, func(o *localaws.Options) { o.Now = now.now })
		putAlarm(t, s)
		value := func(v int) {
			t.Helper()
			if status, answer := call(t, s, "monitoring", "PutMetricData", fmt.Sprintf(`{"Namespace":"N","MetricData":[{"MetricName":"m","Value":%d}]}`, v)); status != 200 {
				t.Fatal(answer)
			}
		}
		value(1)
		for minutes, want := range map[int]string{0: "ALARM"} {
			now.offset = time.Duration(minutes) * time.Minute
			s.EvaluateAlarms()
			if got := alarmState(t, s, "a"); got != want {
				t.Errorf("in the minute of the value: %s", got)
			}
		}
		for _, step := range []struct {
			minutes int
			want    string
		}{{2, "ALARM"}, {3, "INSUFFICIENT_DATA"}} {
			now.offset = time.Duration(step.minutes) * time.Minute
			s.EvaluateAlarms()
			if got := alarmState(t, s, "a"); got != step.want {
				t.Errorf("after %d minutes: %s, want %s", step.minutes, got, step.want)
			}
		}
	},

	"All metrics together hold 100,000 minutes, the oldest of each go after 5,000; a dashboard is kept as it is, and drawn nowhere": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		var data []string
		for i := range 1000 {
			data = append(data, fmt.Sprintf(`{"MetricName":"m%%d","Value":1,"Timestamp":%d}`, time.Now().Unix()-int64(60*i)))
		}
		body := `{"Namespace":"N","MetricData":[` + strings.Join(data, ",") + `]}`
		full := 0
		for i := range 101 {
			status, answer := call(t, s, "monitoring", "PutMetricData", strings.ReplaceAll(body, "%d", fmt.Sprint(i)))
			if status != 200 {
				if full++; !strings.Contains(answer, "LimitExceeded") {
					t.Fatal(answer)
				}
			}
		}
		if full != 1 {
			t.Errorf("%d of 101,000 minutes are refused", full*1000)
		}
		other := start(t)
		for page := range 6 {
			data = data[:0]
			for i := range 1000 {
				data = append(data, fmt.Sprintf(`{"MetricName":"m","Value":1,"Timestamp":%d}`, time.Now().Unix()-int64(60*(1000*page+i))))
			}
			call(t, other, "monitoring", "PutMetricData", `{"Namespace":"N","MetricData":[`+strings.Join(data, ",")+`]}`)
		}
		_, answer := call(t, other, "monitoring", "GetMetricStatistics", fmt.Sprintf(`{"Namespace":"N","MetricName":"m","Period":604800,"StartTime":%d,"EndTime":%d,"Statistics":["SampleCount"]}`, time.Now().Unix()-1209600, time.Now().Unix()+60))
		count := 0
		for _, part := range strings.Split(answer, `"SampleCount":`)[1:] {
			var n int
			if _, err := fmt.Sscanf(part, "%d", &n); err != nil {
				t.Fatal(answer)
			}
			count += n
		}
		if count != 5000 {
			t.Errorf("%d minutes are kept: %s", count, answer)
		}
		drawn := `"{\"widgets\":[{\"type\":\"metric\",\"properties\":{\"colour\":\"red\"}}]}"`
		call(t, s, "monitoring", "PutDashboard", `{"DashboardName":"d","DashboardBody":`+drawn+`}`)
		if _, answer := call(t, s, "monitoring", "GetDashboard", `{"DashboardName":"d"}`); !strings.Contains(answer, drawn) {
			t.Error(answer)
		}
	},

	"Percentiles, periods below a minute or of several lengths, anomaly detection, `SEARCH`, other accounts' metrics, composite alarms, and alarm actions that are no topic or function: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		const alarm = `{"AlarmName":"a","Namespace":"N","MetricName":"m","Period":60,"Statistic":"Sum","EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanThreshold"}`
		with := func(old, next string) string { return strings.Replace(alarm, old, next, 1) }
		query := func(queries string) string {
			return `{"StartTime":0,"EndTime":600,"MetricDataQueries":[` + queries + `]}`
		}
		const one = `{"Id":"a","MetricStat":{"Metric":{"Namespace":"N","MetricName":"m"},"Period":60,"Stat":"Sum"}}`
		refuses(t, s,
			unsupported{"ExtendedStatistic", "monitoring", "PutMetricAlarm", with(`"Statistic":"Sum"`, `"ExtendedStatistic":"p99"`)},
			unsupported{"p99", "monitoring", "GetMetricData", query(strings.Replace(one, "Sum", "p99", 1))},
			unsupported{"by the minute", "monitoring", "PutMetricAlarm", with(`"Period":60`, `"Period":10`)},
			unsupported{"one period", "monitoring", "GetMetricData", query(one + strings.NewReplacer(`"a"`, `"b"`, "60", "300", "{\"Id", ",{\"Id").Replace(one))},
			unsupported{"GreaterThanUpperThreshold", "monitoring", "PutMetricAlarm", with("GreaterThanThreshold", "GreaterThanUpperThreshold")},
			unsupported{"SEARCH", "monitoring", "GetMetricData", query(`{"Id":"a","Expression":"SEARCH('{N} m', 'Sum', 300)","Period":300}`)},
			unsupported{"222233334444", "monitoring", "GetMetricData", query(strings.Replace(one, `"Id"`, `"AccountId":"222233334444","Id"`, 1))},
			unsupported{"PutCompositeAlarm", "monitoring", "PutCompositeAlarm", `{"AlarmName":"c","AlarmRule":"ALARM(a)"}`},
			unsupported{"ec2:stop", "monitoring", "PutMetricAlarm", with(`"Threshold":1`, `"Threshold":1,"AlarmActions":["arn:aws:automate:eu-west-1:ec2:stop"]`)},
		)
	},
}

// putAlarm puts the alarm a on the metric N/m, of one minute.
func putAlarm(t *testing.T, s *localaws.Server) {
	t.Helper()
	if status, answer := call(t, s, "monitoring", "PutMetricAlarm", `{"AlarmName":"a","Namespace":"N","MetricName":"m","Period":60,"Statistic":"Sum","EvaluationPeriods":1,"Threshold":0,"ComparisonOperator":"GreaterThanThreshold"}`); status != 200 {
		t.Fatal(answer)
	}
}
