package localaws_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// carriedOut are how the API of its service shows the resource that the stack of
// TestTypesAreCarriedOut makes, for each type. Of a rotation schedule see
// TestRotationScheduleIsCarriedOut.
var carriedOut = map[string]struct{ service, operation, body, want string }{
	"AWS::CloudFormation::Stack":          {"logs", "DescribeLogGroups", `{"logGroupNamePrefix":"/nested"}`, `"logGroupName":"/nested"`},
	"AWS::CloudWatch::Alarm":              {"monitoring", "DescribeAlarms", `{"AlarmNames":["app-alarm"]}`, `"MetricName":"Errors"`},
	"AWS::CloudWatch::Dashboard":          {"monitoring", "GetDashboard", `{"DashboardName":"app"}`, "widgets"},
	"AWS::Events::Rule":                   {"events", "DescribeRule", `{"Name":"app-rule"}`, `"State":"ENABLED"`},
	"AWS::IAM::ManagedPolicy":             {"iam", "ListAttachedRolePolicies", "RoleName=app-role", ":policy/"},
	"AWS::IAM::Policy":                    {"iam", "GetRolePolicy", "RoleName=app-role&PolicyName=inline", "s3%3AGetObject"},
	"AWS::IAM::Role":                      {"iam", "GetRole", "RoleName=app-role", "lambda.amazonaws.com"},
	"AWS::KMS::Alias":                     {"kms", "ListAliases", `{}`, `"AliasName":"alias/app"`},
	"AWS::KMS::Key":                       {"kms", "GetKeyPolicy", `{"KeyId":"KEY"}`, "kms:*"},
	"AWS::Lambda::EventSourceMapping":     {"lambda", "GET /2015-03-31/event-source-mappings", "", `:app-queue"`},
	"AWS::Lambda::Function":               {"lambda", "GET /2015-03-31/functions/run", "", `"FunctionName":"run"`},
	"AWS::Lambda::Permission":             {"lambda", "GET /2015-03-31/functions/run/policy", "", "lambda:InvokeFunction"},
	"AWS::Logs::LogGroup":                 {"logs", "DescribeLogGroups", `{"logGroupNamePrefix":"/app"}`, `"retentionInDays":7`},
	"AWS::Logs::MetricFilter":             {"logs", "DescribeMetricFilters", `{"logGroupName":"/app"}`, `"metricName":"Denied"`},
	"AWS::S3::Bucket":                     {"s3", "GET /app-bucket?location", "", "eu-west-1"},
	"AWS::S3::BucketPolicy":               {"s3", "GET /app-bucket?policy", "", "arn:aws:s3:::app-bucket/*"},
	"AWS::SNS::Subscription":              {"sns", "ListSubscriptions", "", "<Endpoint>arn:aws:sqs:eu-west-1:" + source + ":app-queue"},
	"AWS::SNS::Topic":                     {"sns", "ListTopics", "", ":app-topic<"},
	"AWS::SNS::TopicPolicy":               {"sns", "GetTopicAttributes", "TopicArn=arn:aws:sns:eu-west-1:" + source + ":app-topic", "cloudwatch.amazonaws.com"},
	"AWS::SQS::Queue":                     {"sqs", "GetQueueAttributes", `{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/` + source + `/app-queue","AttributeNames":["All"]}`, "maxReceiveCount"},
	"AWS::SQS::QueuePolicy":               {"sqs", "GetQueueAttributes", `{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/` + source + `/app-queue","AttributeNames":["Policy"]}`, "s3.amazonaws.com"},
	"AWS::SSM::Parameter":                 {"ssm", "GetParameter", `{"Name":"/app/copy"}`, `"Value":"33"`},
	"AWS::SecretsManager::ResourcePolicy": {"secretsmanager", "GetResourcePolicy", `{"SecretId":"app-secret"}`, "secretsmanager:DeleteSecret"},
	"AWS::SecretsManager::Secret":         {"secretsmanager", "GetSecretValue", `{"SecretId":"app-secret"}`, `"SecretString":"`},
}

const rotationSchedule = "AWS::SecretsManager::RotationSchedule"

// TestTypesAreCarriedOut: what docs/local-aws.md calls so is there for the API of
// the type's service, as a template says, and gone after its stack.
func TestTypesAreCarriedOut(t *testing.T) {
	t.Parallel()
	s := withVersion(t)
	there, _ := s.ResourceTypes()
	if diff := cmp.Diff(there, slices.Sorted(maps.Keys(carriedOut)), cmp.Transformer("with", func(types []string) map[string]bool {
		set := map[string]bool{rotationSchedule: true}
		for _, typ := range types {
			set[typ] = true
		}
		return set
	})); diff != "" {
		t.Errorf("types (-there +tested):\n%s", diff)
	}
	addLambdaRole(t, s)
	putScript(t, s, "")
	template, resources := wholeTemplate(t)
	delete(resources, "Schedule")
	delete(within(t, resources, "Key.Properties.KeyPolicy.Statement.0"), "Condition") // KMS keeps no policy that locks its author out
	function := within(t, resources, "Function.Properties")
	function["FunctionName"], function["Role"] = "run", "arn:aws:iam::"+source+":role/lambda"
	function["Code"] = object{"S3Bucket": "assets", "S3Key": "f.zip"}
	put(t, s3Client(t, s, source), "assets", "nested", []byte(`{"Resources":{"L":{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"/nested"}}}}`))
	resources["Nested"] = object{"Type": "AWS::CloudFormation::Stack", "Properties": object{"TemplateURL": "https://s3.amazonaws.com/assets/nested"}}
	text, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	if !create(t, s, string(text), "Capabilities.member.1=CAPABILITY_NAMED_IAM") {
		_, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		t.Fatal(events)
	}
	_, answer := call(t, s, "cloudformation", "DescribeStackResource", "StackName=app&LogicalResourceId=Key")
	key := element(answer, "PhysicalResourceId")
	ask := func(typ string) (bool, string) {
		of := carriedOut[typ]
		status, answer := call(t, s, of.service, of.operation, strings.ReplaceAll(of.body, "KEY", key))
		return status == 200 && strings.Contains(answer, of.want), answer
	}
	for typ := range carriedOut {
		if shown, answer := ask(typ); !shown {
			t.Errorf("%s is not there: %s", typ, answer)
		}
	}
	call(t, s, "cloudformation", "DeleteStack", "StackName=app")
	if got := settle(t, s); got != "" {
		t.Fatalf("the stack is %s", got)
	}
	for typ := range carriedOut {
		if shown, answer := ask(typ); shown && typ != "AWS::KMS::Key" { // which waits for its deletion
			t.Errorf("%s outlives its stack: %s", typ, answer)
		}
	}
	if _, answer := call(t, s, "kms", "DescribeKey", `{"KeyId":"`+key+`"}`); !strings.Contains(answer, "PendingDeletion") {
		t.Errorf("the key outlives its stack: %s", answer)
	}
}

// TestRotationScheduleIsCarriedOut: making one tries the function, whose failure
// is the stack's.
//
// Source: Secrets Manager API reference, RotateSecret, RotateImmediately.
func TestRotationScheduleIsCarriedOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	withFunction(t, s, "exit 1\n", nil)
	secret := newSecret(t, s)
	const name = "StackName=rotating"
	call(t, s, "cloudformation", "CreateStack", name+`&TemplateBody={"Resources":{"R":{"Type":"`+rotationSchedule+`","Properties":{"SecretId":"`+secret+
		`","RotationLambdaARN":"arn:aws:lambda:eu-west-1:`+source+`:function:run","RotateImmediatelyOnUpdate":false,"RotationRules":{"ScheduleExpression":"rate(4 hours)"}}}}}`)
	_, answer := call(t, s, "cloudformation", "DescribeStacks", name)
	_, events := call(t, s, "cloudformation", "DescribeStackEvents", name)
	if element(answer, "StackStatus") != "ROLLBACK_COMPLETE" || !strings.Contains(events, "step testSecret") {
		t.Errorf("%s\n%s", answer, events)
	}
}
