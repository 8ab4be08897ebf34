package localaws_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// functionResources are what stackTemplate lacks, for want of a code archive:
// no test here comes to make them. Their values are known only later, as far
// as they can be; two take a known ARN apart.
func functionResources() string {
	architecture := "x86_64"
	if runtime.GOARCH != "amd64" {
		architecture = runtime.GOARCH
	}
	return `{
    "Function": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": {"Fn::Sub": "${Role}-f"}, "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Handler": "bootstrap",
      "Runtime": "provided.al2023", "Architectures": ["` + architecture + `"], "Code": {"S3Bucket": {"Ref": "Bucket"}, "S3Key": "f.zip"},
      "Environment": {"Variables": {"ACCOUNT": {"Fn::Select": [4, {"Fn::Split": [":", {"Fn::GetAtt": ["Role", "Arn"]}]}]}}}}},
    "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Function"},
      "Principal": {"Fn::Select": ["4", {"Fn::Split": [":", {"Fn::GetAtt": ["Role", "Arn"]}]}]}, "SourceArn": {"Ref": "Secret"}}},
    "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}, "FunctionName": {"Ref": "Function"}, "BatchSize": 5}},
    "Schedule": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {"SecretId": {"Ref": "Secret"}, "RotationLambdaARN": {"Fn::GetAtt": ["Function", "Arn"]},
      "RotationRules": {"ScheduleExpression": "rate(10 days)"}}}
  }`
}

type object = map[string]any

// wholeTemplate has a resource of every type, freshly read.
func wholeTemplate(t *testing.T) (template, resources object) {
	t.Helper()
	var more object
	for text, v := range map[string]*object{stackTemplate: &template, functionResources(): &more} {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatal(err)
		}
	}
	resources = template["Resources"].(object)
	for id, r := range more {
		resources[id] = r
	}
	for _, at := range []string{"Key.Properties.KeyPolicy", "SecretPolicy.Properties.ResourcePolicy", "Inline.Properties.PolicyDocument"} {
		within(t, resources, at+".Statement.0")["Condition"] = object{"ArnLike": object{"aws:PrincipalArn": object{"Fn::GetAtt": []any{"Role", "Arn"}}}}
	}
	return template, resources
}

// within is the object at a path such as "Key.Properties.KeyPolicy.Statement.0".
func within(t *testing.T, v any, path string) object {
	t.Helper()
	for name := range strings.SplitSeq(path, ".") {
		if l, ok := v.([]any); ok && name == "0" {
			v = l[0]
			continue
		}
		m, ok := v.(object)
		if !ok {
			t.Fatalf("no %s in %s", name, path)
		}
		v = m[name]
	}
	return v.(object)
}

// refusedBefore makes a stack that must be refused with all of want in one
// message about one resource, and sees to it that nothing was asked of any
// service for it.
func refusedBefore(t *testing.T, s *localaws.Server, template object, want ...string) {
	t.Helper()
	text, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	before := len(s.Decisions())
	status, body := cloudformation(t, s, "CreateStack", "StackName=app", "TemplateBody="+string(text), "Capabilities.member.1=CAPABILITY_NAMED_IAM")
	if status != 400 || strings.Count(body, "(AWS::") != 1 {
		t.Fatalf("CreateStack: %d %s", status, body)
	}
	for _, w := range want {
		if !strings.Contains(body, w) {
			t.Errorf("the refusal does not name %s: %s", w, body)
		}
	}
	for _, d := range s.Decisions()[before:] {
		if !strings.HasPrefix(d.Action, "cloudformation:") && d.Action != "ssm:GetParameters" {
			t.Errorf("asked for %s on %s", d.Action, d.Resource)
		}
	}
	if got := settle(t, s); got != "" {
		t.Errorf("the stack is there, %s", got)
	}
}

func withVersion(t *testing.T) *localaws.Server {
	t.Helper()
	s := start(t)
	if status, body := send(t, s, "ssm", "POST", "/", `{"Name":"/app/version","Type":"String","Value":"33"}`, map[string]string{"X-Amz-Target": "AmazonSSM.PutParameter"}); status != 200 {
		t.Fatal(body)
	}
	return s
}

// TestUnknownPropertyOfAnyResourceIsRefusedBeforeAnythingIsMade takes every type
// that CloudFormation has here.
func TestUnknownPropertyOfAnyResourceIsRefusedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	s := withVersion(t)
	_, all := wholeTemplate(t)
	types := map[string]bool{}
	for id := range all {
		template, resources := wholeTemplate(t)
		types[resources[id].(object)["Type"].(string)] = true
		within(t, resources, id+".Properties")["Colour"] = "red"
		refusedBefore(t, s, template, id+" (AWS::", "Colour")
	}
	if len(types) != 24 {
		t.Errorf("%d types were tried", len(types))
	}
}

func TestWrongPropertyDeepDownIsRefusedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	s := withVersion(t)
	for _, tt := range []struct {
		at, name string
		value    any
		want     []string
	}{
		{"Key.Properties.KeyPolicy.Statement.0", "Conditon", object{}, []string{"Key (", "KeyPolicy: ", "Conditon"}},
		{"Key.Properties", "KeySpec", "RSA_2048", []string{"Key (", "KeySpec"}},
		{"Alias.Properties", "AliasName", "alias/aws/mine", []string{"Alias (", "alias/aws/mine"}},
		{"Bucket.Properties", "BucketName", "Upper", []string{"Bucket (", "BucketName Upper"}},
		{"Bucket.Properties", "BucketEncryption", object{"ServerSideEncryptionConfiguration": []object{{"ServerSideEncryptionByDefault": object{"SSEAlgorithm": "AES512"}}}}, []string{"Bucket (", "AES512"}},
		{"Bucket.Properties", "BucketEncryption", object{"ServerSideEncryptionConfiguration": []object{{"Colour": "red"}}}, []string{"Bucket (", "Colour"}},
		{"BucketPolicy.Properties.PolicyDocument.Statement.0", "Effect", "Maybe", []string{"BucketPolicy (", "PolicyDocument: ", "Maybe"}},
		{"Role.Properties.AssumeRolePolicyDocument.Statement.0", "Resource", "*", []string{"Role (", "AssumeRolePolicyDocument: ", "Resource"}},
		{"Inline.Properties.PolicyDocument.Statement.0", "Principal", "*", []string{"Inline (", "PolicyDocument: ", "principal"}},
		{"Managed.Properties.PolicyDocument.Statement.0", "Resource", "bucket", []string{"Managed (", "PolicyDocument: ", "bucket"}},
		{"Logs.Properties", "RetentionInDays", 8, []string{"Logs (", "retentionInDays 8"}},
		{"Parameter.Properties", "Tier", "Advanced", []string{"Parameter (", "Advanced"}},
		{"Queue.Properties", "DelaySeconds", 901, []string{"Queue (", "DelaySeconds"}},
		{"QueuePolicy.Properties.PolicyDocument.Statement.0", "Sids", "x", []string{"QueuePolicy (", "PolicyDocument: ", "Sids"}},
		{"Secret.Properties.GenerateSecretString", "PasswordLength", 2, []string{"Secret (", "GenerateSecretString: ", "too short"}},
		{"SecretPolicy.Properties.ResourcePolicy.Statement.0", "Sids", "x", []string{"SecretPolicy (", "ResourcePolicy: ", "Sids"}},
		{"Schedule.Properties.RotationRules", "ScheduleExpression", "daily", []string{"Schedule (", "RotationRules: ", "daily"}},
		{"Mapping.Properties", "BatchSize", 11, []string{"Mapping (", "Maximum batch window"}},
		{"Permission.Properties", "Action", "s3:GetObject", []string{"Permission (", "s3:GetObject"}},
		{"Function.Properties.Environment.Variables", "AWS_REGION", "x", []string{"Function (", "AWS_REGION"}},
	} {
		template, resources := wholeTemplate(t)
		within(t, resources, tt.at)[tt.name] = tt.value
		refusedBefore(t, s, template, tt.want...)
	}
}
