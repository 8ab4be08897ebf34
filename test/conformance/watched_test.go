package conformance

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/s3seal/s3seal/internal/alarm"
	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/localaws"
)

// watchedStage is the stage tell, as far as its functions, queues, keys and logs
// are watched. A function is throttled as soon as it is invoked.
type watchedStage struct {
	s      *localaws.Server
	cfg    aws.Config
	offset *atomic.Int64 // of the server's clock
}

func deployWatched(t *testing.T) watchedStage {
	t.Helper()
	offset := new(atomic.Int64)
	s := startWith(t, localaws.Options{
		Accounts: []string{source, replica}, Regions: []string{region}, Quotas: map[string]float64{"CryptographicOperationsSymmetric": 100},
		Now: func() time.Time { return time.Now().Add(time.Duration(offset.Load())) },
	})
	w := watchedStage{s, config(t, s, s.Credentials(source)), offset}
	uploadFunctions(t, s)
	w.logs(t, "CreateLogGroup", `{"logGroupName":"data-events"}`)
	for _, name := range []string{"tell-alarms", "tell-logs"} {
		createStack(t, s, source, name, stageStack(t, name, nil))
	}
	createStack(t, s, source, "tell-buckets", stageStack(t, "tell-buckets", func(template map[string]any) {
		for id, r := range template["Resources"].(map[string]any) {
			if r := r.(map[string]any); r["Type"] == "AWS::Lambda::Function" && strings.HasPrefix(id, "SseKmsCmkFunctionsGet") {
				r["Properties"].(map[string]any)["ReservedConcurrentExecutions"] = 0
			}
		}
	}))
	return w
}

func (w watchedStage) output(t *testing.T, name string) string {
	t.Helper()
	return output(t, w.s, source, "tell-buckets", name)
}

func (w watchedStage) logs(t *testing.T, operation, body string) {
	t.Helper()
	e := newEndpoint(t, w.s, "logs", source)
	a := e.send(t, "POST", "/", map[string]string{"X-Amz-Target": "Logs_20140328." + operation, "Content-Type": "application/x-amz-json-1.1"}, body)
	if a.status != 200 {
		t.Fatalf("%s: %d %s", operation, a.status, a.body)
	}
}

// writes puts a line into a log group.
func (w watchedStage) writes(t *testing.T, group, line string) {
	t.Helper()
	stream := fmt.Sprint("s", time.Now().UnixNano())
	w.logs(t, "CreateLogStream", fmt.Sprintf(`{"logGroupName":%q,"logStreamName":%q}`, group, stream))
	w.logs(t, "PutLogEvents", fmt.Sprintf(`{"logGroupName":%q,"logStreamName":%q,"logEvents":[{"timestamp":%d,"message":%q}]}`, group, stream, time.Now().UnixMilli(), line))
}

// measures has a function write what it would if a metric had a value, or it failed
// so.
func (w watchedStage) measures(t *testing.T, function, bucket, failure string, m metric.Metric, value float64, dimensions ...metric.Dimension) {
	t.Helper()
	var out bytes.Buffer
	environment := map[string]string{"METRICS": "true", "AWS_LAMBDA_FUNCTION_NAME": function, "BUCKET_NAME": bucket}
	ctx, end := metric.FromEnvironment(func(name string) string { return environment[name] }, &out, dimensions...).Begin(t.Context())
	if failure != "" {
		metric.Fail(ctx, failure)
	} else {
		metric.Add(ctx, m, value)
	}
	end()
	f, err := lambda.NewFromConfig(w.cfg).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: &function})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		w.writes(t, *f.LoggingConfig.LogGroup, strings.TrimSpace(line))
	}
}

func (w watchedStage) invoke(t *testing.T, function, event string) error {
	t.Helper()
	_, err := lambda.NewFromConfig(w.cfg).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &function, Payload: []byte(event)})
	return err
}

// logged has S3 deliver the logs of what has been requested.
func (w watchedStage) logged(t *testing.T) {
	t.Helper()
	if err := w.s.DeliverLogs(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// off are the alarms that have gone off when so much time has passed. A client's
// clock may not be as far from the server's.
func (w watchedStage) off(t *testing.T, later time.Duration) (list []string) {
	t.Helper()
	w.offset.Store(int64(later))
	w.s.EvaluateAlarms()
	w.offset.Store(0)
	out, err := cloudwatch.NewFromConfig(w.cfg).DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{MaxRecords: aws.Int32(100)})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range out.MetricAlarms {
		if a.StateValue == "ALARM" {
			_, name, _ := strings.Cut(*a.AlarmName, "-Alarms")
			name, _, _ = strings.Cut(name, "-")
			list = append(list, name[:len(name)-8]) // the CDK's hash
		}
	}
	slices.Sort(list)
	return list
}

// TestEachAlarmGoesOff: what each alarm of the table is about happens once, and it
// goes off, and no other does. Those of replication have tests of their own.
func TestEachAlarmGoesOff(t *testing.T) {
	t.Parallel()
	w := deployWatched(t)
	if got := w.off(t, 0); !slices.Equal(got, []string{"ServerAccessLogsStopped"}) {
		t.Fatalf("before anything happened: %q", got)
	}
	w.logged(t) // of the deployment's own requests
	if got := w.off(t, 0); len(got) != 0 {
		t.Fatalf("with the first log: %q", got)
	}
	put, bucket := w.output(t, "SseKmsCmkPut"), w.output(t, "SseKmsCmkBucket")
	rotate, sweep, sseC := w.output(t, "SseCRotate"), w.output(t, "SseCSweep"), w.output(t, "SseCBucket")
	seen := map[string]bool{}
	for _, step := range []struct {
		alarm   string
		happens func()
		later   time.Duration
	}{
		{alarm: "SseKmsCmkPutErrors", happens: func() { _ = w.invoke(t, put, `{"nonsense": 1}`) }},
		{alarm: "SseKmsCmkGetThrottled", happens: func() {
			if err := w.invoke(t, w.output(t, "SseKmsCmkGet"), `{}`); err == nil {
				t.Error("the get function was not throttled")
			}
		}},
		{alarm: "SseKmsCmkPutServiceThrottled", happens: func() {
			w.measures(t, put, bucket, "S3Seal.Throttled", metric.Metric{}, 0, metric.Dimension{Name: "Verb", Value: "put"})
		}},
		{alarm: "SseKmsCmkPutDeadLetters", happens: func() {
			if _, err := sqs.NewFromConfig(w.cfg).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(w.output(t, "SseKmsCmkPutDeadLetters")), MessageBody: aws.String("{}")}); err != nil {
				t.Fatal(err)
			}
		}},
		{alarm: "KeyQuota", happens: func() {
			key := w.output(t, "SseKmsCmkKeyArn")
			for range 100 {
				if _, err := kms.NewFromConfig(w.cfg).GenerateDataKey(t.Context(), &kms.GenerateDataKeyInput{KeyId: &key, KeySpec: "AES_256"}); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{alarm: "SseKmsCmkUploadsDenied", happens: func() {
			w.writes(t, "data-events", `{"eventSource":"s3.amazonaws.com","errorCode":"AccessDenied","eventName":"PutObject","requestParameters":{"bucketName":"`+bucket+`"}}`)
		}},
		{alarm: "RotationFailed", happens: func() { _ = w.invoke(t, rotate, `{"nonsense": 1}`) }},
		{alarm: "RingNearlyFull", happens: func() { w.measures(t, rotate, sseC, "", metric.RingBytes, 60000) }},
		{alarm: "OldKey", happens: func() { w.measures(t, sweep, sseC, "", metric.OldestKeyDays, 366) }},
		{alarm: "ServerAccessLogsStopped", happens: func() {}, later: 25 * time.Hour},
	} {
		step.happens()
		seen[step.alarm] = true
		got := w.off(t, step.later)
		if !slices.Contains(got, step.alarm) {
			t.Errorf("%s is not off: %q", step.alarm, got)
		}
		for _, name := range got {
			if !seen[name] {
				t.Errorf("with %s, %s went off", step.alarm, name)
			}
		}
	}
	for _, a := range alarm.All() {
		watched := func(name string) bool { return strings.HasSuffix(name, a.ID) }
		if replicationAlarms[a.ID] == nil && !slices.ContainsFunc(slices.Collect(maps.Keys(seen)), watched) {
			t.Errorf("nothing here makes an alarm %s go off", a.ID)
		}
	}
}
