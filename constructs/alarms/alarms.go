// Package alarms makes the CloudWatch alarms of a stage. An SNS topic that exists
// is told when one goes off, and when it is over.
package alarms

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/internal/alarm"
)

// Props says what is watched. What is left out has no alarm.
type Props struct {
	// TopicARN is the SNS topic that is told, in the alarms' Region. Its policy
	// must let cloudwatch.amazonaws.com publish for this account, and, if the
	// topic is encrypted, so must the policy of its customer managed key.
	// Required.
	// Source: AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html.
	TopicARN string

	// BucketName is the bucket under SSE-C. Required with the functions.
	BucketName string

	// RotateFunction is the name of the function that rotates the key ring.
	RotateFunction string

	// SweepFunction is the name of the function that moves objects to the primary
	// key.
	SweepFunction string

	// KeyAgeDays is how old a key may be that an object is under, 1-3650. Default:
	// 365.
	KeyAgeDays int
}

// New makes the alarms. It panics, as constructs do, on a prop that is missing.
func New(scope constructs.Construct, id string, p Props) {
	if p.KeyAgeDays == 0 {
		p.KeyAgeDays = 365
	}
	faults := []string{
		refusal.Missing("TopicARN", p.TopicARN, "the ARN of the SNS topic to tell"),
		refusal.Range("KeyAgeDays", p.KeyAgeDays, 1, 3650),
	}
	if p.RotateFunction != "" || p.SweepFunction != "" {
		faults = append(faults, refusal.Missing("BucketName", p.BucketName, "the name of the bucket under SSE-C"))
	}
	refusal.Check("alarms", scope, id, faults...)
	scope = constructs.NewConstruct(scope, &id)
	if p.RotateFunction != "" {
		p.watch(scope, alarm.RotationFailed(), p.RotateFunction)
		p.watch(scope, alarm.RingNearlyFull(), p.RotateFunction)
	}
	if p.SweepFunction != "" {
		p.watch(scope, alarm.OldKey(p.KeyAgeDays), p.SweepFunction)
	}
}

// watch makes an alarm on a function. It has no Unit: CloudWatch then looks at the
// values whatever their unit is, and each metric has one only.
func (p Props) watch(scope constructs.Construct, a alarm.Alarm, function string) {
	value := map[string]*string{"FunctionName": &function, "Bucket": &p.BucketName}
	var dimensions []any
	for _, name := range a.Dimensions {
		dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(name), Value: value[name]})
	}
	awscloudwatch.NewCfnAlarm(scope, jsii.String(a.ID), &awscloudwatch.CfnAlarmProps{
		AlarmDescription:   jsii.String(a.Text),
		Namespace:          jsii.String(a.Namespace),
		MetricName:         jsii.String(a.Metric),
		Dimensions:         dimensions,
		Statistic:          jsii.String(a.Statistic),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		Threshold:          jsii.Number(a.Above),
		Period:             jsii.Number(a.Period / time.Second),
		EvaluationPeriods:  jsii.Number(1),
		TreatMissingData:   jsii.String(alarm.Missing),
		AlarmActions:       &[]any{p.TopicARN},
		OkActions:          &[]any{p.TopicARN},
	})
}
