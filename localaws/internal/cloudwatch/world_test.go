package cloudwatch_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
	"github.com/s3seal/s3seal/localaws/internal/cloudwatch"
)

const (
	home   = "111122223333"
	abroad = "444455556666"
	region = "eu-central-1"
	topic  = "arn:aws:sns:" + region + ":" + home + ":t"
)

var (
	ctx       = context.Background()
	user      = apitest.UserARN
	call      = apitest.Call
	wantError = apitest.WantError
)

func must[T any](t testing.TB) func(T, error) T { return apitest.Must[T](t) }

// world is CloudWatch with topics and functions that note what they get.
type world struct {
	*cloudwatch.Service
	*apitest.World
	url string
	log strings.Builder

	mu        sync.Mutex
	published []string // "principal aws:SourceArn topic subject message"
	closed    bool     // topics let nobody in
}

// PublishTo implements api.Topics.
func (w *world) PublishTo(c api.Call, topicARN, subject, message string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return api.Errorf(403, "AuthorizationError", "no")
	}
	w.published = append(w.published, strings.Join([]string{c.Caller.Service(), c.Context["aws:SourceArn"][0], topicARN, subject, message}, " "))
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: apitest.NewWorld()}
	w.Service = cloudwatch.New(cloudwatch.Options{
		Authorizer: w.World, Now: w.Now, Topics: w, Log: api.NewLog(&w.log),
		InvokeLater: func(c api.Call, function string, payload []byte) error {
			return w.PublishTo(c, function, "", string(payload))
		},
	})
	t.Cleanup(func() { w.Service.Close() })
	w.url = apitest.Serve(t, w.Serve)
	for _, account := range []string{home, abroad} {
		w.Allow(user(account, "admin"), "cloudwatch:*")
	}
	return w
}

func (w *world) client(who string) *awscloudwatch.Client {
	return awscloudwatch.NewFromConfig(apitest.Config(w.url, who, region))
}

func (w *world) admin() *awscloudwatch.Client { return w.client(home + "/admin") }

// record publishes a value of the metric Acme/m some minutes ago.
func (w *world) record(ago int, value float64) {
	w.Record(api.Place{Account: home, Region: region}, "Acme", api.Datum{
		Name: "m", Dimensions: map[string]string{"B": "2", "A": "1"}, Unit: "Count", Value: value, Time: w.Now().Add(-time.Duration(ago) * time.Minute),
	})
}

var dimensions = []types.Dimension{{Name: text("A"), Value: text("1")}, {Name: text("B"), Value: text("2")}}

// alarm goes off when a minute's sum of Acme/m is above 0, of one minute.
func alarm(change ...func(*awscloudwatch.PutMetricAlarmInput)) *awscloudwatch.PutMetricAlarmInput {
	in := &awscloudwatch.PutMetricAlarmInput{
		AlarmName: text("a"), Namespace: text("Acme"), MetricName: text("m"), Dimensions: dimensions, Period: aws.Int32(60), Statistic: types.StatisticSum,
		EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(0), ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		AlarmActions: []string{topic}, OKActions: []string{topic},
	}
	for _, c := range change {
		c(in)
	}
	return in
}

func (w *world) put(t *testing.T, in *awscloudwatch.PutMetricAlarmInput) {
	t.Helper()
	must[any](t)(w.admin().PutMetricAlarm(ctx, in))
}

func (w *world) alarms(t *testing.T) []types.MetricAlarm {
	t.Helper()
	return must[*awscloudwatch.DescribeAlarmsOutput](t)(w.admin().DescribeAlarms(ctx, &awscloudwatch.DescribeAlarmsInput{})).MetricAlarms
}

// state evaluates, and gives the state of the alarm.
func (w *world) state(t *testing.T) string {
	t.Helper()
	w.Evaluate()
	return string(w.alarms(t)[0].StateValue)
}

func text(s string) *string { return aws.String(s) }
