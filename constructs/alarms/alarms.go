// Package alarms makes the CloudWatch alarms of a stage. An SNS topic is told when
// one goes off, and when it is over.
package alarms

import (
	"maps"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
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

	// BucketName is the bucket under SSE-C. Required with the functions of its
	// ring.
	BucketName string

	// RotateFunction is the name of the function that rotates the key ring.
	RotateFunction string

	// SweepFunction is the name of the function that moves objects to the primary
	// key.
	SweepFunction string

	// KeyAgeDays is how old a key may be that an object is under, 1-3650. Default:
	// 365.
	KeyAgeDays int

	// Functions are those that fail, or are refused.
	Functions []Function

	// FunctionErrors is how many errors of one of them in five minutes are fine.
	// Default: 0.
	FunctionErrors int

	// DeadLetters are the queues of events that failed.
	DeadLetters []Queue

	// KeyQuota watches the account's requests to KMS against its quota.
	KeyQuota bool

	// Trail is what uploads that are denied are found in.
	Trail Trail

	// Replication is a rule that fails, or is late.
	Replication Replication

	// Logs are what buckets new logs come to.
	Logs Logs
}

// Function is a Lambda function.
type Function struct {
	ID   string // of the construct; unique
	Name string

	// Bucket and Verb are the function's own, as its metrics have them. Default:
	// it writes no metrics.
	Bucket, Verb string
}

// Queue is an SQS queue.
type Queue struct {
	ID   string // of the construct; unique
	Name string
}

// Replication is a replication rule.
type Replication struct {
	SourceBucket, ReplicaBucket, RuleID string

	// Failed watches what is not replicated, in the source bucket's Region.
	Failed bool

	// LatencyMinutes watches how far the replicas are behind, in the replica
	// bucket's Region. Default: 0, not at all.
	LatencyMinutes int
}

// New makes the alarms. It panics, as constructs do, on a prop that is missing.
func New(scope constructs.Construct, id string, p Props) {
	if p.KeyAgeDays == 0 {
		p.KeyAgeDays = 365
	}
	faults := []string{
		refusal.Missing("TopicARN", p.TopicARN, "the ARN of the SNS topic to tell"),
		refusal.Range("KeyAgeDays", p.KeyAgeDays, 1, 3650),
		refusal.Range("FunctionErrors", p.FunctionErrors, 0, 100000),
		refusal.Range("Replication.LatencyMinutes", p.Replication.LatencyMinutes, 0, 10080),
	}
	if p.RotateFunction != "" || p.SweepFunction != "" {
		faults = append(faults, refusal.Missing("BucketName", p.BucketName, "the name of the bucket under SSE-C"))
	}
	refusal.Check("alarms", scope, id, append(faults, p.Logs.fault(), p.Trail.fault())...)
	path := id + "/"
	p.ring(scope, path)
	p.functions(scope, path)
	p.replication(scope, path)
	p.trail(scope, path)
	p.logs(scope, path)
}

func (p Props) ring(scope constructs.Construct, path string) {
	rotate := values{"FunctionName": p.RotateFunction, "Bucket": p.BucketName}
	if p.RotateFunction != "" {
		p.watch(scope, path, alarm.RotationFailed(), rotate)
		p.watch(scope, path, alarm.RingNearlyFull(), rotate)
	}
	if p.SweepFunction != "" {
		p.watch(scope, path, alarm.OldKey(p.KeyAgeDays), values{"FunctionName": p.SweepFunction, "Bucket": p.BucketName})
	}
}

func (p Props) functions(scope constructs.Construct, path string) {
	for _, f := range p.Functions {
		of := values{"FunctionName": f.Name, "Bucket": f.Bucket, "Verb": f.Verb}
		p.watch(scope, path+f.ID, alarm.FunctionErrors(p.FunctionErrors), of)
		p.watch(scope, path+f.ID, alarm.FunctionThrottled(), of)
		if f.Verb != "" {
			p.watch(scope, path+f.ID, alarm.ServiceThrottled(), of)
		}
	}
	for _, q := range p.DeadLetters {
		p.watch(scope, path+q.ID, alarm.DeadLetters(), values{"QueueName": q.Name})
	}
	if p.KeyQuota {
		p.watch(scope, path, alarm.KeyQuota(), nil)
	}
}

func (p Props) replication(scope constructs.Construct, path string) {
	r := p.Replication
	of := values{"SourceBucket": r.SourceBucket, "DestinationBucket": r.ReplicaBucket, "RuleId": r.RuleID}
	if r.Failed {
		p.watch(scope, path, alarm.ReplicationFailed(), of)
	}
	if r.LatencyMinutes > 0 {
		p.watch(scope, path, alarm.ReplicationLate(r.LatencyMinutes), of)
	}
}

// values are those of a metric's dimensions.
type values map[string]string

// watch makes an alarm, at a path that begins with that of what is watched. It
// has no Unit: CloudWatch then looks at the values whatever their unit is, and each
// metric has one only.
func (p Props) watch(scope constructs.Construct, path string, a alarm.Alarm, of values) {
	props := &awscloudwatch.CfnAlarmProps{
		AlarmDescription:   jsii.String(a.Text),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		Threshold:          jsii.Number(a.Above),
		EvaluationPeriods:  jsii.Number(a.Periods),
		TreatMissingData:   jsii.String(a.Missing),
		AlarmActions:       &[]any{p.TopicARN},
		OkActions:          &[]any{p.TopicARN},
	}
	if a.Silence {
		props.ComparisonOperator = jsii.String("LessThanOrEqualToThreshold")
	}
	metric(props, a, of)
	resource.Make(scope, path+a.ID, resource.Resource{Class: "aws_cloudwatch.CfnAlarm", Props: props})
}

// metric sets what is watched: a metric, or metric math, which is its part of the
// quota, or zero where it has no value. Without the zeros CloudWatch would look
// back for values, further than the periods, and so be late by days.
//
// Source: AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, "How
// alarm state is evaluated when data is missing".
func metric(props *awscloudwatch.CfnAlarmProps, a alarm.Alarm, of values) {
	all := maps.Clone(a.Fixed)
	if all == nil {
		all = values{}
	}
	maps.Copy(all, of)
	var dimensions []any
	for _, name := range a.Dimensions {
		dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(name), Value: jsii.String(all[name])})
	}
	period := jsii.Number(a.Period / time.Second)
	result, id, expression := "", "", ""
	switch {
	case a.Quota:
		result, id, expression = "percent", "usage", "100*usage/SERVICE_QUOTA(usage)"
	case a.Silence:
		result, id, expression = "filled", "come", "FILL(come, 0)"
	default:
		props.Namespace, props.MetricName, props.Dimensions = jsii.String(a.Namespace), jsii.String(a.Metric), dimensions
		props.Statistic, props.Period = jsii.String(a.Statistic), period
		return
	}
	props.Metrics = []any{
		&awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: &result, Expression: &expression, ReturnData: true,
		},
		&awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: &id, ReturnData: false,
			MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
				Metric: &awscloudwatch.CfnAlarm_MetricProperty{Namespace: jsii.String(a.Namespace), MetricName: jsii.String(a.Metric), Dimensions: dimensions},
				Period: period, Stat: jsii.String(a.Statistic),
			},
		},
	}
}
