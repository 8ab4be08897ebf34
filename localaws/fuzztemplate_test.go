package localaws

import (
	"encoding/xml"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const (
	maxTemplate = 51_200    // bytes of a TemplateBody
	maxMemory   = 200 << 20 // that a request with one may allocate
)

// FuzzCreateStack gives any template, in JSON or YAML, to the local
// CloudFormation: directly or by a change set. What becomes a stack can be read,
// and deleted.
func FuzzCreateStack(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "*/*.yaml", "*/*.json"} {
		files, err := filepath.Glob(filepath.Join("../internal/template/testdata", pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text, false)
		}
	}
	for _, text := range []string{
		`{"Resources":{"B":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Delete","Properties":{"BucketName":"b-${AWS::Region}"}}},"Outputs":{"Arn":{"Value":{"Fn::GetAtt":["B","Arn"]},"Export":{"Name":"arn"}}}}`,
		"Parameters: {Name: {Type: String, Default: a, AllowedPattern: '[a-z]+', NoEcho: true}}\nConditions: {C: !Equals [!Ref Name, a]}\nResources:\n  P: {Type: AWS::SSM::Parameter, Condition: C, Properties: {Type: String, Value: !Sub '${Name}'}}",
		"Resources:\n  K: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}]}}}\n  A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: !Ref K}}",
		"Resources:\n  S: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {SecretStringTemplate: '{\"a\":1}', GenerateStringKey: k}}}",
		"Resources:\n  R: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}}}\n  P: {Type: AWS::IAM::Policy, DependsOn: R, Properties: {PolicyName: p, Roles: [!Ref R], PolicyDocument: {Statement: []}}}",
		"Mappings: {M: {a: {b: [c]}}}\nResources:\n  L: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Select [0, !FindInMap [M, a, b]], RetentionInDays: !If [C, 7, !Ref 'AWS::NoValue']}}",
		"Resources:\n  F: {Type: AWS::Lambda::Function, Properties: {Runtime: provided.al2023, Handler: bootstrap, Role: a, Code: {S3Bucket: b, S3Key: k}}}",
		"Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: 'AWS::CloudFormation::Stack'}}",
		strings.Repeat("[", maxTemplate),
	} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	z := &fuzzer{}
	f.Cleanup(func() { z.close(f) })
	f.Fuzz(func(t *testing.T, template []byte, byChangeSet bool) {
		if len(template) > maxTemplate {
			return
		}
		z.fresh(t)
		z.stack(t, "ValidateTemplate", "TemplateBody", string(template))
		z.stack(t, "GetTemplateSummary", "TemplateBody", string(template))
		var a *httptest.ResponseRecorder
		if byChangeSet {
			a = z.stack(t, "CreateChangeSet", "StackName", "s", "ChangeSetName", "c", "ChangeSetType", "CREATE", "TemplateBody", string(template), "Capabilities.member.1", "CAPABILITY_NAMED_IAM")
			if a.Code == 200 && strings.Contains(z.settled(t, "DescribeChangeSet", "StackName", "s", "ChangeSetName", "c"), "<Status>CREATE_COMPLETE<") {
				a = z.stack(t, "ExecuteChangeSet", "StackName", "s", "ChangeSetName", "c")
			} else {
				a.Code = 400
			}
		} else {
			a = z.stack(t, "CreateStack", "StackName", "s", "TemplateBody", string(template), "Capabilities.member.1", "CAPABILITY_NAMED_IAM")
		}
		if a.Code != 200 {
			return
		}
		z.settled(t, "DescribeStacks", "StackName", "s")
		var got struct {
			TemplateBody string `xml:"GetTemplateResult>TemplateBody"`
		}
		text := z.stack(t, "GetTemplate", "StackName", "s")
		if err := xml.Unmarshal(text.Body.Bytes(), &got); err != nil || got.TemplateBody == "" && len(template) > 0 {
			t.Errorf("%v in %s", err, text.Body)
		}
		for _, action := range []string{"DescribeStackEvents", "ListStackResources", "DescribeStackResources"} {
			if a := z.stack(t, action, "StackName", "s"); a.Code != 200 {
				t.Errorf("%s: %s", action, a.Body)
			}
		}
		z.stack(t, "DeleteStack", "StackName", "s")
		z.settled(t, "DescribeStacks", "StackName", "s")
	})
}

// stack sends a request to CloudFormation. One request has a bound.
func (z *fuzzer) stack(t *testing.T, action string, parameters ...string) *httptest.ResponseRecorder {
	t.Helper()
	form := url.Values{"Action": {action}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := z.send(t, "cloudformation", readRequest("POST", "/", formType, []byte(form.Encode())))
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > maxMemory {
		t.Errorf("%s: %d MB for %d bytes", action, used>>20, len(form.Encode()))
	}
	return a
}

// settled asks until what a stack or change set is doing has ended.
func (z *fuzzer) settled(t *testing.T, action string, parameters ...string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		text := z.stack(t, action, parameters...).Body.String()
		if !strings.Contains(text, "_IN_PROGRESS<") && !strings.Contains(text, "_PENDING<") {
			return text
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s goes on: %s", action, text)
		}
	}
}
