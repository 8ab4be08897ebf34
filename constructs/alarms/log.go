package alarms

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/internal/alarm"
)

// Trail is the log group of a trail that logs data events.
type Trail struct {
	LogGroup string
	Buckets  []Bucket // whose denied uploads are counted
}

// Logs are buckets that new logs come to. Each sends its events to EventBridge.
type Logs struct {
	Buckets    []Bucket
	SilentDays int // 1-7; required with Buckets
}

// Bucket is a bucket that is watched.
type Bucket struct {
	ID   string // of the construct; unique
	Name string
}

func (t Trail) fault() string {
	if len(t.Buckets) > 0 {
		return refusal.Missing("Trail.LogGroup", t.LogGroup, "the name of the trail's log group")
	}
	return ""
}

func (l Logs) fault() string {
	if len(l.Buckets) > 0 {
		return refusal.Range("Logs.SilentDays", l.SilentDays, 1, 7)
	}
	return ""
}

// trail counts the uploads that were denied, by a metric filter for each bucket:
// one for all would be longer than a pattern can be.
func (p Props) trail(scope constructs.Construct, path string) {
	for _, b := range p.Trail.Buckets {
		a := alarm.UploadsDenied()
		resource.Make(scope, path+b.ID+"DeniedUploads", resource.Resource{Class: "aws_logs.CfnMetricFilter", Props: &awslogs.CfnMetricFilterProps{
			LogGroupName:  p.Trail.LogGroup,
			FilterPattern: jsii.String(alarm.DeniedUploadsPattern(b.Name)),
			MetricTransformations: []any{&awslogs.CfnMetricFilter_MetricTransformationProperty{
				MetricNamespace: jsii.String(a.Namespace),
				MetricName:      jsii.String(a.Metric),
				MetricValue:     jsii.String("1"),
				Unit:            jsii.String(a.Unit),
				Dimensions:      []any{map[string]any{"key": "Bucket", "value": alarm.BucketField}},
			}},
		}})
		p.watch(scope, path+b.ID, a, values{"Bucket": b.Name})
	}
}

// logs counts the logs that come, by a rule of EventBridge without a target for
// each bucket.
func (p Props) logs(scope constructs.Construct, path string) {
	for _, b := range p.Logs.Buckets {
		rule := resource.Make(scope, path+b.ID+"Come", resource.Resource{Class: "aws_events.CfnRule", Props: &awsevents.CfnRuleProps{
			Description: jsii.String("Counts the logs that come to " + b.Name),
			EventPattern: map[string]any{
				"source": []string{"aws.s3"}, "detail-type": []string{"Object Created"},
				"detail": map[string]any{"bucket": map[string]any{"name": []string{b.Name}}},
			},
		}}, "ref")
		p.watch(scope, path+b.ID, alarm.LogsStopped(p.Logs.SilentDays), values{"RuleName": rule[0]})
	}
}
