package cloudwatch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscloudwatch "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

func TestPutAndGet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.Now()
	must[any](t)(w.admin().PutMetricData(ctx, &awscloudwatch.PutMetricDataInput{Namespace: text("Acme"), MetricData: []types.MetricDatum{
		{MetricName: text("m"), Dimensions: dimensions, Value: aws.Float64(3), Unit: types.StandardUnitCount, Timestamp: &now},
		{MetricName: text("m"), Dimensions: []types.Dimension{dimensions[1], dimensions[0]}, Values: []float64{1, 2}, Counts: []float64{1, 2}, Unit: types.StandardUnitCount},
		{MetricName: text("m"), Dimensions: dimensions, StatisticValues: &types.StatisticSet{SampleCount: aws.Float64(2), Sum: aws.Float64(20), Minimum: aws.Float64(8), Maximum: aws.Float64(12)}, Unit: types.StandardUnitSeconds},
		{MetricName: text("m"), Value: aws.Float64(99)},
	}}))
	out := must[*awscloudwatch.GetMetricStatisticsOutput](t)(w.admin().GetMetricStatistics(ctx, &awscloudwatch.GetMetricStatisticsInput{
		Namespace: text("Acme"), MetricName: text("m"), Dimensions: dimensions, Period: aws.Int32(300), StartTime: aws.Time(now.Add(-time.Hour)), EndTime: aws.Time(now.Add(time.Minute)),
		Statistics: []types.Statistic{"Sum", "SampleCount", "Minimum", "Maximum", "Average"},
	}))
	var got []string
	for _, d := range out.Datapoints {
		got = append(got, fmt.Sprint(d.Timestamp.Format(time.TimeOnly), " ", d.Unit, *d.Sum, *d.SampleCount, *d.Minimum, *d.Maximum, *d.Average))
	}
	if want := "12:00:00 Seconds20 2 8 12 10,12:00:00 Count8 4 1 3 2"; strings.Join(got, ",") != want {
		t.Errorf("%s, want %s", strings.Join(got, ","), want)
	}
	list := must[*awscloudwatch.ListMetricsOutput](t)(w.admin().ListMetrics(ctx, &awscloudwatch.ListMetricsInput{Namespace: text("Acme"), Dimensions: []types.DimensionFilter{{Name: text("A")}}})).Metrics
	if len(list) != 1 || *list[0].MetricName != "m" || len(list[0].Dimensions) != 2 {
		t.Errorf("%+v", list)
	}
	if other := must[*awscloudwatch.ListMetricsOutput](t)(w.client(abroad+"/admin").ListMetrics(ctx, &awscloudwatch.ListMetricsInput{})).Metrics; len(other) != 0 {
		t.Errorf("another account sees %v", other)
	}
}

// TestMetricMath computes over the minutes 11:57 to 12:00: a is 1, 2, none, 4, and
// b always 10.
func TestMetricMath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := api.Place{Account: home, Region: region}
	for ago := range 4 {
		at := w.Now().Add(-time.Duration(ago) * time.Minute)
		if ago != 1 {
			w.Record(home, "Acme", api.Datum{Name: "a", Value: float64(4 - ago), Time: at})
		}
		w.Record(home, "Acme", api.Datum{Name: "b", Value: 10, Time: at})
	}
	stat := func(id string) types.MetricDataQuery {
		return types.MetricDataQuery{Id: text(id), ReturnData: aws.Bool(false), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: text("Acme"), MetricName: &id}, Period: aws.Int32(60), Stat: text("Sum"),
		}}
	}
	compute := func(expression string) (string, error) {
		out, err := w.admin().GetMetricData(ctx, &awscloudwatch.GetMetricDataInput{
			StartTime: aws.Time(w.Now().Add(-3 * time.Minute)), EndTime: aws.Time(w.Now().Add(time.Minute)), ScanBy: types.ScanByTimestampAscending,
			MetricDataQueries: []types.MetricDataQuery{stat("a"), stat("b"), {Id: text("e"), Expression: &expression}},
		})
		if err != nil {
			return "", err
		}
		var all []string
		for _, r := range out.MetricDataResults {
			all = append(all, fmt.Sprint(r.Values))
		}
		return strings.Join(all, " "), nil
	}
	for expression, want := range map[string]string{
		"a": "[1 2 4]", "a + b * 2": "[21 22 24]", "(a+b)*2": "[22 24 28]", "-a": "[-1 -2 -4]", "b/a": "[10 5 2.5]", "a^2": "[1 4 16]",
		"a > 1": "[0 1 1]", "a > 1 AND b == 10": "[0 1 1]", "FILL(a, 0)": "[1 2 0 4]", "FILL(a, REPEAT)": "[1 2 2 4]", "IF(a > 1, a, 0)": "[0 2 4]", "IF(a>1, a)": "[2 4]",
		"SUM(METRICS())": "[11 12 10 14]", "MAX(METRICS('a'))": "[1 2 4]", "SUM(a)": "[7 7 7 7]", "AVG(b)": "[10 10 10 10]", "a/SUM(a)*7": "[1 2 4]",
		"ABS(-a)": "[1 2 4]", "CEIL(a/2)": "[1 1 2]", "FLOOR(a/2)": "[0 1 2]", "DIFF(a)": "[1 1]", "RATE(b)*PERIOD(b)": "[0 0 0]", "METRICS() * 2": "[2 4 8] [20 20 20 20]",
		"a / (b - 10)": "[]",
	} {
		if got, err := compute(expression); err != nil || got != want {
			t.Errorf("%s: %s %v, want %s", expression, got, err, want)
		}
	}
	for expression, want := range map[string]string{
		"a +": "too early", "a b": "not understood", "(a": "not closed", "SUM(a": "not closed", "c": "no query with the id c", "SEARCH('x', 'Sum', 300)": "no function SEARCH", "a $ b": "not understood",
		"e": "refers to itself", "'text'": "neither", "a + 'text'": "text beside", "METRICS() + METRICS()": "two arrays", "FILL(a, LINEAR)": "REPEAT", "1/0": "no result", "IF(a)": "two or three",
		strings.Repeat("(", 100) + "a" + strings.Repeat(")", 100): "too deep", strings.Repeat("a+", 2000) + "a": "longer", "SUM()": "one argument", ",": "not understood",
	} {
		if got, err := compute(expression); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %s %v, want %s", expression, got, err, want)
		}
	}
}

// TestProtocols: the same metric by the two protocols that older clients speak.
func TestProtocols(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status, answer := apitest.Query(w, call(home+"/admin", region), "PutMetricData", "Namespace=Acme", "MetricData.member.1.MetricName=q", "MetricData.member.1.Value=5.5", "MetricData.member.1.Timestamp=2026-05-01T12:00:00Z")
	if status != 200 {
		t.Fatal(answer)
	}
	status, answer = apitest.JSON(w, call(home+"/admin", region), "GraniteServiceVersion20100801.GetMetricStatistics", `{"Namespace":"Acme","MetricName":"q","Period":60,"StartTime":1777636740,"EndTime":1777636860,"Statistics":["Sum"]}`)
	if want := `{"Label":"q","Datapoints":[{"Timestamp":1777636800,"Sum":5.5,"Unit":"None"}]}`; status != 200 || strings.TrimSpace(answer) != want {
		t.Errorf("%d %s, want %s", status, answer, want)
	}
	status, answer = apitest.Query(w, call(home+"/admin", region), "GetMetricStatistics", "Namespace=Acme", "MetricName=q", "Period=60", "StartTime=2026-05-01T11:59:00Z", "EndTime=2026-05-01T12:01:00Z", "Statistics.member.1=Sum")
	if !strings.Contains(answer, "<Datapoints><member><Timestamp>2026-05-01T12:00:00.000Z</Timestamp><Sum>5.5</Sum><Unit>None</Unit></member></Datapoints>") {
		t.Errorf("%d %s", status, answer)
	}
	if _, answer := apitest.Query(w, call(home+"/admin", region), "SetAlarmState", "AlarmName=none", "StateValue=OK", "StateReason=x"); !strings.Contains(answer, "<Code>ResourceNotFound</Code>") {
		t.Error(answer)
	}
}

// TestManyValues: the SDK packs a long request.
func TestManyValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := &awscloudwatch.PutMetricDataInput{Namespace: text("Acme")}
	for i := range 1000 {
		in.MetricData = append(in.MetricData, types.MetricDatum{MetricName: text(fmt.Sprint("metric number ", i)), Value: aws.Float64(1)})
	}
	must[any](t)(w.admin().PutMetricData(ctx, in))
	var n int
	for token := (*string)(nil); ; {
		out := must[*awscloudwatch.ListMetricsOutput](t)(w.admin().ListMetrics(ctx, &awscloudwatch.ListMetricsInput{NextToken: token}))
		n += len(out.Metrics)
		if token = out.NextToken; token == nil {
			break
		}
	}
	if n != 1000 {
		t.Errorf("%d metrics", n)
	}
}
