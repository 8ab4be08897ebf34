package localaws_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// toldStack has a bucket whose replication tells a topic of each object that
// fails, alarms that tell it too, and a queue that gets what the topic gets.
const toldStack = `{"Resources": {
	"Copy": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "copy", "VersioningConfiguration": {"Status": "Enabled"}}},
	"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "kms:*", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"Service": ["s3.amazonaws.com", "cloudwatch.amazonaws.com"]}, "Action": ["kms:GenerateDataKey*", "kms:Decrypt"], "Resource": "*",
			"Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}]}}},
	"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "told", "KmsMasterKeyId": {"Ref": "Key"}}},
	"Policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": ["s3.amazonaws.com", "cloudwatch.amazonaws.com"]}, "Action": "sns:Publish", "Resource": {"Ref": "Topic"},
			"Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}}]}}},
	"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "told", "VisibilityTimeout": 43200}},
	"QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": "Topic"}}}}]}}},
	"Subscription": {"Type": "AWS::SNS::Subscription", "DependsOn": "QueuePolicy", "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]}}},
	"Data": {"Type": "AWS::S3::Bucket", "DependsOn": ["Copy", "Policy", "Subscription"], "Properties": {"BucketName": "data", "VersioningConfiguration": {"Status": "Enabled"},
		"NotificationConfiguration": {"TopicConfigurations": [{"Event": "s3:Replication:OperationFailedReplication", "Topic": {"Ref": "Topic"}}]},
		"ReplicationConfiguration": {"Role": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/replication"}, "Rules": [{"Id": "all", "Status": "Enabled", "Priority": 1, "Filter": {"Prefix": ""},
			"DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "arn:aws:s3:::copy", "Metrics": {"Status": "Enabled"}}}]}}},
	"Failed": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "failed", "Namespace": "AWS/S3", "MetricName": "OperationsFailedReplication", "Statistic": "Sum",
		"Dimensions": [{"Name": "SourceBucket", "Value": "data"}, {"Name": "DestinationBucket", "Value": "copy"}, {"Name": "RuleId", "Value": "all"}],
		"Period": 60, "EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "ignore",
		"AlarmActions": [{"Ref": "Topic"}], "OKActions": [{"Ref": "Topic"}]}},
	"Late": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "late", "Namespace": "AWS/S3", "MetricName": "ReplicationLatency", "Statistic": "Maximum",
		"Dimensions": [{"Name": "SourceBucket", "Value": "data"}, {"Name": "DestinationBucket", "Value": "copy"}, {"Name": "RuleId", "Value": "all"}],
		"Period": 60, "EvaluationPeriods": 1, "Threshold": 600, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "ignore", "AlarmActions": [{"Ref": "Topic"}]}}
}}`

// told is a server with that stack, a moveable clock, and the role of replication.
func told(t *testing.T) (*localaws.Server, *clock, string) {
	t.Helper()
	now := new(clock)
	s := start(t, func(o *localaws.Options) { o.Now = now.now })
	document := iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{Service: iam.Strings{"s3.amazonaws.com"}},
	}}}
	if _, err := s.AddRole(source, "replication", document, statement(iam.Allow, "*", "*")); err != nil {
		t.Fatal(err)
	}
	if !create(t, s, toldStack) {
		_, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		t.Fatal(events)
	}
	queue := "https://sqs.eu-west-1.amazonaws.com/" + source + "/told"
	if got := messages(t, s, queue); len(got) != 1 || !strings.Contains(got[0], `"Event":"s3:TestEvent"`) {
		t.Fatalf("the notification's test: %q", got)
	}
	return s, now, queue
}

// messages are those that a topic has sent to a queue.
func messages(t *testing.T, s *localaws.Server, queue string) (list []string) {
	t.Helper()
	for _, body := range received(t, s, queue) {
		var m struct{ Message string }
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(body)
		}
		list = append(list, m.Message)
	}
	return list
}

func alarmState(t *testing.T, s *localaws.Server, name string) string {
	t.Helper()
	out, err := cloudwatch.NewFromConfig(config(s, s.Credentials(source))).DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}})
	if err != nil || len(out.MetricAlarms) != 1 {
		t.Fatal(err)
	}
	return string(out.MetricAlarms[0].StateValue)
}

// TestReplicationThatFails: the topic gets each object, and the alarm goes off, and
// is over once an object arrives.
func TestReplicationThatFails(t *testing.T) {
	t.Parallel()
	s, now, queue := told(t)
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::copy/*"}]}`
	if status, answer := call(t, s, "s3", "PUT /copy?policy", deny); status != 204 {
		t.Fatal(answer)
	}
	if got := replicated(t, s, "a b", []byte("text"), ""); got != "FAILED" {
		t.Fatal(got)
	}
	got := messages(t, s, queue)
	if len(got) != 1 {
		t.Fatalf("%q", got)
	}
	var e struct {
		Records []struct {
			EventName    string
			UserIdentity struct{ PrincipalID string }
			S3           struct {
				Object struct {
					Key, VersionID string
					Size           int
				}
			}
			ReplicationEventData struct{ ReplicationRuleID, DestinationBucket, S3Operation, RequestTime, FailureReason string }
		}
	}
	if err := json.Unmarshal([]byte(got[0]), &e); err != nil || len(e.Records) != 1 {
		t.Fatal(got[0])
	}
	r, d := e.Records[0], e.Records[0].ReplicationEventData
	if r.EventName != "Replication:OperationFailedReplication" || r.UserIdentity.PrincipalID != "s3.amazonaws.com" || r.S3.Object.Key != "a+b" || r.S3.Object.Size != 4 || r.S3.Object.VersionID == "" ||
		d.ReplicationRuleID != "all" || d.DestinationBucket != "arn:aws:s3:::copy" || d.S3Operation != "OBJECT_PUT" || d.RequestTime == "" || d.FailureReason != "DstPutObjectNotPermitted" {
		t.Error(got[0])
	}
	s.EvaluateAlarms()
	if state := alarmState(t, s, "failed"); state != "ALARM" {
		t.Errorf("the alarm is %s", state)
	}
	if got := messages(t, s, queue); len(got) != 1 || !strings.Contains(got[0], `"NewStateValue":"ALARM"`) {
		t.Errorf("%q", got)
	}
	call(t, s, "s3", "DELETE /copy?policy", "")
	now.offset = 5 * time.Minute
	if got := replicated(t, s, "b", nil, ""); got != "COMPLETED" {
		t.Fatal(got)
	}
	s.EvaluateAlarms()
	if state := alarmState(t, s, "failed"); state != "OK" {
		t.Errorf("the alarm is %s", state)
	}
	if got := messages(t, s, queue); len(got) != 1 || !strings.Contains(got[0], `"NewStateValue":"OK"`) {
		t.Errorf("%q", got)
	}
}

// TestReplicationThatIsLate: an object that waits shows in the latency, by the
// minute.
func TestReplicationThatIsLate(t *testing.T) {
	t.Parallel()
	s, now, queue := told(t)
	s.EvaluateAlarms()
	if state := alarmState(t, s, "late"); state != "OK" {
		t.Errorf("with nothing to replicate the alarm is %s", state)
	}
	s.HoldReplication(true)
	if _, err := s3Client(t, s, source).PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("data"), Key: aws.String("k"), Body: bytes.NewReader([]byte("text"))}); err != nil {
		t.Fatal(err)
	}
	now.offset = 9 * time.Minute
	s.EvaluateAlarms()
	if state := alarmState(t, s, "late"); state != "OK" {
		t.Errorf("after nine minutes the alarm is %s", state)
	}
	now.offset = 14 * time.Minute // what a client's clock may be off
	s.EvaluateAlarms()
	if state := alarmState(t, s, "late"); state != "ALARM" {
		t.Errorf("after 14 minutes the alarm is %s", state)
	}
	if got := messages(t, s, queue); len(got) != 1 || !strings.Contains(got[0], `"AlarmName":"late"`) {
		t.Errorf("%q", got)
	}
	s.HoldReplication(false)
	if err := s.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := replicated(t, s, "later", nil, ""); got != "COMPLETED" {
		t.Error(got)
	}
}
