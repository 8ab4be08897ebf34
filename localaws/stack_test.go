package localaws_test

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// stackTemplate has a resource of each type whose making needs no code archive.
const stackTemplate = `{
  "Parameters": {"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/app/version"}},
  "Resources": {
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "kms:*", "Resource": "*"}]}}},
    "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/app", "TargetKeyId": {"Ref": "Key"}}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "app-bucket"}},
    "BucketPolicy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}}]}}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "app-role", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}}},
    "Inline": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "inline", "Roles": [{"Ref": "Role"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}}]}}},
    "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]}}},
    "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/app", "RetentionInDays": 7}},
    "Filter": {"Type": "AWS::Logs::MetricFilter", "Properties": {"LogGroupName": {"Ref": "Logs"}, "FilterPattern": {"Fn::Sub": "{ $.requestParameters.bucketName = \"${Bucket}\" }"},
      "MetricTransformations": [{"MetricNamespace": "App", "MetricName": "Denied", "MetricValue": "1"}]}},
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/app/copy", "Type": "String", "Value": {"Ref": "Version"}}},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "app-queue", "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}, "maxReceiveCount": 5}}},
    "DeadLetters": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "app-topic", "KmsMasterKeyId": {"Ref": "Key"}}},
    "TopicPolicy": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish", "Resource": {"Ref": "Topic"}, "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Alarm", "Arn"]}}}}]}}},
    "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]}}},
    "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "app-alarm", "Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1,
      "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": "Queue"}}], "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [{"Ref": "Topic"}]}},
    "Rule": {"Type": "AWS::Events::Rule", "Properties": {"Name": "app-rule", "EventPattern": {"source": ["aws.s3"], "detail": {"bucket": {"name": [{"Ref": "Bucket"}]}}}}},
    "Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": "app", "DashboardBody": {"Fn::Sub": "{\"widgets\":[{\"type\":\"text\",\"properties\":{\"markdown\":\"${Queue}\"}}]}"}}},
    "QueuePolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Queue", "Arn"]}, "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Bucket", "Arn"]}}}}]}}},
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "app-secret", "GenerateSecretString": {"PasswordLength": 32}}},
    "SecretPolicy": {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": {"SecretId": {"Ref": "Secret"}, "ResourcePolicy": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:DeleteSecret", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:user/administrator"}}}}]}}}
  }
}`

// TestStackOverEveryService makes and deletes a stack through the API: each
// provider is wired, and a policy may name a role of its own stack.
func TestStackOverEveryService(t *testing.T) {
	t.Parallel()
	s := start(t)
	ssm := func(operation, body string) (int, string) {
		return send(t, s, "ssm", "POST", "/", body, map[string]string{"X-Amz-Target": "AmazonSSM." + operation})
	}
	if status, body := ssm("PutParameter", `{"Name":"/app/version","Type":"String","Value":"33"}`); status != 200 {
		t.Fatal(body)
	}
	if status, body := cloudformation(t, s, "CreateStack", "StackName=app", "TemplateBody="+stackTemplate, "Capabilities.member.1=CAPABILITY_NAMED_IAM"); status != 200 {
		t.Fatalf("CreateStack: %d %s", status, body)
	}
	if got := settle(t, s); got != "CREATE_COMPLETE" {
		_, events := cloudformation(t, s, "DescribeStackEvents", "StackName=app")
		t.Fatalf("stack is %s: %s", got, events)
	}
	if _, body := ssm("GetParameter", `{"Name":"/app/copy"}`); !strings.Contains(body, `"Value":"33"`) {
		t.Errorf("parameter: %s", body)
	}
	if role := "arn:aws:iam::" + source + ":role/app-role"; !s.PrincipalExists(role) {
		t.Errorf("no role %s", role)
	}
	if status, body := cloudformation(t, s, "DeleteStack", "StackName=app"); status != 200 {
		t.Fatalf("DeleteStack: %d %s", status, body)
	}
	if got := settle(t, s); got != "" {
		_, events := cloudformation(t, s, "DescribeStackEvents", "StackName=app")
		t.Errorf("deleted stack is %s: %s", got, events)
	}
	if s.PrincipalExists("arn:aws:iam::" + source + ":role/app-role") {
		t.Error("the role outlives its stack")
	}
}

func cloudformation(t *testing.T, s *localaws.Server, action string, parameters ...string) (int, string) {
	t.Helper()
	return call(t, s, "cloudformation", action, strings.Join(parameters, "&"))
}

// settle asks for the stack's status until nothing is in progress; "" if there
// is no stack any more.
func settle(t *testing.T, s *localaws.Server) string {
	t.Helper()
	for {
		_, body := cloudformation(t, s, "DescribeStacks", "StackName=app")
		_, rest, _ := strings.Cut(body, "<StackStatus>")
		status, _, _ := strings.Cut(rest, "<")
		if !strings.HasSuffix(status, "_IN_PROGRESS") {
			return status
		}
		if t.Context().Err() != nil {
			t.Fatalf("still %s", status)
		}
	}
}
