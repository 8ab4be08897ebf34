package localaws_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws"
)

// sumOf is the sum of a metric's values within ten minutes.
func sumOf(t *testing.T, s *localaws.Server, namespace, name string, dimensions ...string) string {
	t.Helper()
	var list []string
	for i := 0; i < len(dimensions); i += 2 {
		list = append(list, fmt.Sprintf(`{"Name":%q,"Value":%q}`, dimensions[i], dimensions[i+1]))
	}
	now := time.Now().Unix()
	_, answer := call(t, s, "monitoring", "GetMetricStatistics", fmt.Sprintf(`{"Namespace":%q,"MetricName":%q,"Dimensions":[%s],"Period":60,"StartTime":%d,"EndTime":%d,"Statistics":["Sum"]}`,
		namespace, name, strings.Join(list, ","), now-300, now+300))
	var got []string
	for _, part := range strings.Split(answer, `"Sum":`)[1:] {
		v, _, _ := strings.Cut(part, ",")
		got = append(got, v)
	}
	return strings.Join(got, " ")
}

func TestFunctionMetrics(t *testing.T) {
	t.Parallel()
	s := start(t)
	withFunction(t, s, "exit 1\n", nil)
	runs(t, s)
	for name, want := range map[string]string{"Invocations": "1", "Errors": "1", "Throttles": "0"} {
		if got := sumOf(t, s, "AWS/Lambda", name, "FunctionName", "run"); got != want {
			t.Errorf("%s is %q, want %s", name, got, want)
		}
	}
	if got := sumOf(t, s, "AWS/Lambda", "Duration", "FunctionName", "run"); got == "" {
		t.Error("no Duration")
	}
}

// logLine writes a line to the group g.
func logLine(t *testing.T, s *localaws.Server, line string) {
	t.Helper()
	call(t, s, "logs", "CreateLogGroup", `{"logGroupName":"g"}`)
	call(t, s, "logs", "CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`)
	if status, answer := call(t, s, "logs", "PutLogEvents", fmt.Sprintf(`{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":%d,"message":%q}]}`, time.Now().UnixMilli(), line)); status != 200 {
		t.Fatal(answer)
	}
}

// TestEmbeddedMetrics: a line of the format is a metric under each set of
// dimensions that it has; one that breaks the rules is only a line.
func TestEmbeddedMetrics(t *testing.T) {
	t.Parallel()
	s := start(t)
	const format = `{"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"Acme","Dimensions":[["A"],["A","B"],["C"]],"Metrics":[{"Name":"m","Unit":"Count"},{"Name":"missing"}]}]},"A":"1","B":"2","m":%s}`
	for _, value := range []string{"2", "[1,2,3]", `"text"`} {
		logLine(t, s, fmt.Sprintf(format, time.Now().UnixMilli(), value))
	}
	logLine(t, s, `{"_aws":`)
	for _, dimensions := range [][]string{{"A", "1"}, {"A", "1", "B", "2"}} {
		if got := sumOf(t, s, "Acme", "m", dimensions...); got != "8" {
			t.Errorf("%v: %q", dimensions, got)
		}
	}
	if _, answer := call(t, s, "monitoring", "ListMetrics", `{"Namespace":"Acme"}`); strings.Count(answer, "MetricName") != 2 {
		t.Error(answer)
	}
}

// deniedPattern is that of uploads which CloudTrail tells were denied.
const deniedPattern = `{ ($.eventSource = "s3.amazonaws.com") && ($.errorCode = "AccessDenied") && ($.requestParameters.bucketName = "acme") && (($.eventName = PutObject) || ($.eventName = Copy*)) }`

// TestMetricFilter counts the lines that it matches, under what they say.
func TestMetricFilter(t *testing.T) {
	t.Parallel()
	s := start(t)
	if !create(t, s, `{"Resources":{"G":{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"g"}},
		"F":{"Type":"AWS::Logs::MetricFilter","Properties":{"LogGroupName":{"Ref":"G"},"FilterPattern":`+strings.ReplaceAll(fmt.Sprintf("%q", deniedPattern), "&", `\u0026`)+`,
			"MetricTransformations":[{"MetricNamespace":"Acme","MetricName":"Denied","MetricValue":"1","Unit":"Count","Dimensions":[{"Key":"Bucket","Value":"$.requestParameters.bucketName"}]}]}}}}`) {
		_, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		t.Fatal(events)
	}
	const line = `{"eventSource":"s3.amazonaws.com","errorCode":"AccessDenied","eventName":"PutObject","requestParameters":{"bucketName":"acme"}}`
	for _, change := range [][2]string{{"", ""}, {"PutObject", "CopyObject"}, {"PutObject", "GetObject"}, {"AccessDenied", "NoSuchKey"}, {`"acme"`, `"other"`}, {`"acme"`, `1`}, {"{", "["}} {
		logLine(t, s, strings.Replace(line, change[0], change[1], 1))
	}
	if got := sumOf(t, s, "Acme", "Denied", "Bucket", "acme"); got != "2" {
		t.Errorf("%q uploads are counted", got)
	}
	if _, answer := call(t, s, "logs", "DescribeMetricFilters", `{"logGroupName":"g"}`); !strings.Contains(answer, `"metricName":"Denied"`) {
		t.Error(answer)
	}
	filter := func(pattern, more string) string {
		return `{"logGroupName":"g","filterName":"f","filterPattern":` + fmt.Sprintf("%q", pattern) + `,"metricTransformations":[{"metricNamespace":"N","metricName":"m","metricValue":"1"` + more + `}]}`
	}
	for _, number := range []struct {
		pattern, want string
	}{{"{ $.a = 1 }", "1"}, {"{ $.a > 1 || $.b.c <= 2.5 }", "1"}, {"{ $.a != 1 && $.b.c >= 2 }", ""}} {
		if status, answer := call(t, s, "logs", "PutMetricFilter", strings.Replace(filter(number.pattern, ""), `"m"`, fmt.Sprintf("%q", number.pattern), 1)); status != 200 {
			t.Fatal(answer)
		}
		logLine(t, s, `{"a":1,"b":{"c":2.5}}`)
		if got := sumOf(t, s, "N", number.pattern); got != number.want {
			t.Errorf("%s: %q, want %q", number.pattern, got, number.want)
		}
	}
	refuses(t, s,
		unsupported{"JSON only", "logs", "PutMetricFilter", filter("ERROR", "")},
		unsupported{"NOT EXISTS", "logs", "PutMetricFilter", filter("{ $.a NOT EXISTS }", "")},
		unsupported{"[0]", "logs", "PutMetricFilter", filter("{ $.a[0] = 1 }", "")},
		unsupported{"too deep", "logs", "PutMetricFilter", filter("{ "+strings.Repeat("(", 40)+" }", "")},
		unsupported{"not closed", "logs", "PutMetricFilter", filter("{ ($.a = 1 }", "")},
		unsupported{"defaultValue", "logs", "PutMetricFilter", filter("{ $.a = 1 }", `,"defaultValue":0`)},
		unsupported{"dimension", "logs", "PutMetricFilter", filter("{ $.a = 1 }", `,"dimensions":{"a":"b"}`)},
	)
	if status, answer := call(t, s, "logs", "DeleteMetricFilter", `{"logGroupName":"g","filterName":"f"}`); status != 200 {
		t.Error(answer)
	}
}

// TestQueueMetrics: how many messages a queue has, by the minute.
func TestQueueMetrics(t *testing.T) {
	t.Parallel()
	s := start(t)
	queue := newQueue(t, s, "q", "")
	sendMessage(t, s, queue, "a")
	s.EvaluateAlarms()
	if got := sumOf(t, s, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "q"); got != "1" {
		t.Error(got)
	}
}

// TestUsageOfKMS: an alarm on a part of the quota, which the test makes small.
func TestUsageOfKMS(t *testing.T) {
	t.Parallel()
	for quota, want := range map[float64]string{0: "OK", 2: "ALARM", 1000: "OK"} {
		s := start(t, func(o *localaws.Options) {
			if quota > 0 {
				o.Quotas = map[string]float64{"CryptographicOperationsSymmetric": quota}
			}
		})
		alarm := `{"AlarmName":"quota","Metrics":[{"Id":"percent","Expression":"100*usage/SERVICE_QUOTA(usage)"},{"Id":"usage","ReturnData":false,"MetricStat":{"Period":60,"Stat":"Sum","Metric":{"Namespace":"AWS/Usage","MetricName":"CallCount","Dimensions":[` +
			`{"Name":"Service","Value":"KMS"},{"Name":"Type","Value":"API"},{"Name":"Resource","Value":"CryptographicOperationsSymmetric"},{"Name":"Class","Value":"None"}]}}}],` +
			`"EvaluationPeriods":1,"Threshold":80,"ComparisonOperator":"GreaterThanThreshold","TreatMissingData":"notBreaching"}`
		if status, answer := call(t, s, "monitoring", "PutMetricAlarm", alarm); status != 200 {
			t.Fatal(answer)
		}
		_, answer := call(t, s, "kms", "CreateKey", `{}`)
		_, id, _ := strings.Cut(answer, `"KeyId":"`)
		id, _, _ = strings.Cut(id, `"`)
		for range 3 {
			if status, answer := call(t, s, "kms", "GenerateDataKey", `{"KeyId":"`+id+`","KeySpec":"AES_256"}`); status != 200 {
				t.Fatal(answer)
			}
		}
		s.EvaluateAlarms()
		if got := alarmState(t, s, "quota"); got != want {
			t.Errorf("quota %v: %s", quota, got)
		}
	}
}
