package localaws_test

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

// stackDifferences are about CloudFormation.
var stackDifferences = map[string]func(*testing.T){
	"CloudFormation makes one resource after the other": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		if !create(t, s, topics(5)) {
			t.Fatal("the stack was not made")
		}
		_, answer := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app")
		var events struct {
			Event []struct{ LogicalResourceId, ResourceStatus string } `xml:"DescribeStackEventsResult>StackEvents>member"`
		}
		if err := xml.Unmarshal([]byte(answer), &events); err != nil || len(events.Event) < 12 {
			t.Fatalf("%v in %s", err, answer)
		}
		for i, e := range events.Event[:len(events.Event)-1] { // the newest first
			if before := events.Event[i+1]; e.ResourceStatus == "CREATE_COMPLETE" && e.LogicalResourceId != "app" && before.LogicalResourceId != e.LogicalResourceId {
				t.Errorf("%s ended behind an event of %s", e.LogicalResourceId, before.LogicalResourceId)
			}
		}
	},

	"`DescribeStacks` of one stack waits up to 3 s for the operation on it, so that clients which sleep between two questions need one": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		if status, answer := call(t, s, "cloudformation", "CreateStack", "StackName=app&TemplateBody="+topics(300)); status != 200 {
			t.Fatal(answer)
		}
		if _, answer := call(t, s, "cloudformation", "DescribeStacks", "StackName=app"); element(answer, "StackStatus") != "CREATE_COMPLETE" {
			t.Errorf("the first answer is %s", answer)
		}
	},

	"Transforms, stack policies, dynamic references, StackSets, drift: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		const group = `{"Resources":{"L":{"Type":"AWS::Logs::LogGroup"}}}`
		if !create(t, s, group) {
			t.Fatal("the stack was not made")
		}
		stack := func(template string) string { return "StackName=other&TemplateBody=" + template }
		refuses(t, s,
			unsupported{"Transform", "cloudformation", "CreateStack", stack(`{"Transform":"AWS::LanguageExtensions","Resources":{"L":{"Type":"AWS::Logs::LogGroup"}}}`)},
			unsupported{"Fn::Transform", "cloudformation", "CreateStack", stack(`{"Resources":{"L":{"Type":"AWS::Logs::LogGroup","Properties":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"s3://b/k"}}}}}}`)},
			unsupported{"StackPolicyBody", "cloudformation", "CreateStack", stack(group) + `&StackPolicyBody={"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}`},
			unsupported{"SetStackPolicy", "cloudformation", "SetStackPolicy", `StackName=app&StackPolicyBody={"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}`},
			unsupported{"a dynamic reference", "cloudformation", "CreateStack", stack(`{"Resources":{"L":{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"{{resolve:ssm:/name}}"}}}}`)},
			unsupported{"CreateStackSet", "cloudformation", "CreateStackSet", "StackSetName=set&TemplateBody=" + group},
			unsupported{"DetectStackDrift", "cloudformation", "DetectStackDrift", "StackName=app"},
		)
	},

	"A template that resolves to more than 300,000 values or 8 MB of text is refused; stacks nest 50 deep": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		resolved := func(n int, value string) string {
			return `StackName=app&TemplateBody={"Mappings":{"M":{"a":{"list":[` + strings.Repeat("1,", 2499) + `1],"text":"` + strings.Repeat("x", 20_000) + `"}}},` +
				`"Resources":{"L":{"Type":"AWS::Logs::LogGroup","Properties":{"Tags":[` + strings.TrimSuffix(strings.Repeat(value+",", n), ",") + `]}}}}`
		}
		const list, text = `{"Fn::FindInMap":["M","a","list"]}`, `{"Fn::Join":["",[{"Fn::FindInMap":["M","a","text"]}]]}`
		refuses(t, s,
			unsupported{"too many values to resolve", "cloudformation", "CreateStack", resolved(121, list)},
			unsupported{"too much text to resolve", "cloudformation", "CreateStack", resolved(450, text)},
		)
		const itself = `{"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"https://s3.amazonaws.com/assets/itself"}}}}`
		put(t, withBucket(t, s, "assets"), "assets", "itself", []byte(itself))
		if create(t, s, itself) {
			t.Error("the stack was made")
		}
		if _, answer := call(t, s, "cloudformation", "ListStacks", ""); strings.Count(answer, "<StackName>") != 51 {
			t.Error(answer)
		}
	},

	"`AllowedPattern` has the language of RE2, and all of a template together at most 10,000 parts": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		pattern := func(p string) string {
			return `StackName=app&TemplateBody={"Parameters":{"P":{"Type":"String","Default":"ab","AllowedPattern":"` + p + `"}},"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}`
		}
		refuses(t, s,
			unsupported{"does not carry out the regular expression at Parameters.P.AllowedPattern", "cloudformation", "CreateStack", pattern("a(?=b).*")},
			unsupported{"does not carry out regular expressions of this size", "cloudformation", "CreateStack", pattern("(a?b?c?d?e?f?){1000}")},
		)
		if status, answer := call(t, s, "cloudformation", "CreateStack", pattern("(a?b?c?d?e?f?){100}")); status != 200 {
			t.Error(answer)
		}
	},

	"`Fn::GetAZs` gives the zones `a`, `b` and `c` in every Region, and `null` is refused": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		zones := func(region string) string {
			return `{"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/zones","Type":"String","Value":{"Fn::Join":[",",{"Fn::GetAZs":` + region + `}]}}}}}`
		}
		refuses(t, s, unsupported{"Fn::GetAZs: null", "cloudformation", "CreateStack", "StackName=app&TemplateBody=" + zones("null")})
		if !create(t, s, zones(`"us-east-1"`)) {
			t.Fatal("the stack was not made")
		}
		if _, answer := call(t, s, "ssm", "GetParameter", `{"Name":"/zones"}`); !strings.Contains(answer, `"Value":"us-east-1a,us-east-1b,us-east-1c"`) {
			t.Error(answer)
		}
	},

	"A change set says only that a nested stack may change, also with `IncludeNestedStacks`": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		c := withBucket(t, s, "assets")
		put(t, c, "assets", "child", []byte(`{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}`))
		const parent = `{"Resources":{"N":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"https://s3.amazonaws.com/assets/child"}}}}`
		if !create(t, s, parent) {
			t.Fatal("the stack was not made")
		}
		put(t, c, "assets", "child", []byte(`{"Resources":{"U":{"Type":"AWS::SNS::Topic"}}}`))
		if status, answer := call(t, s, "cloudformation", "CreateChangeSet", "StackName=app&ChangeSetName=c&IncludeNestedStacks=true&TemplateBody="+parent); status != 200 {
			t.Fatal(answer)
		}
		_, answer := call(t, s, "cloudformation", "DescribeChangeSet", "StackName=app&ChangeSetName=c")
		if element(answer, "LogicalResourceId") != "N" || strings.Count(answer, "<ChangeSetId>") != 1 {
			t.Error(answer)
		}
		_, resource := call(t, s, "cloudformation", "DescribeStackResource", "StackName=app&LogicalResourceId=N")
		if _, answer := call(t, s, "cloudformation", "ListChangeSets", "StackName="+element(resource, "PhysicalResourceId")); strings.Contains(answer, "<ChangeSetId>") {
			t.Error(answer)
		}
	},

	"An import adds the stack's tags to a resource and changes nothing else of it": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		ids := orphans(t, s)
		if status, reason := importStack(t, s, map[string][2]string{"Bucket": ids["Bucket"]}); status != "CREATE_COMPLETE" {
			t.Fatal(reason)
		}
		call(t, s, "cloudformation", "ExecuteChangeSet", "StackName=app&ChangeSetName=c")
		if got := settle(t, s); got != "IMPORT_COMPLETE" {
			t.Fatal(got)
		}
		_, tags := call(t, s, "s3", "GET /app-bucket?tagging", "")
		for _, want := range []string{"<Key>stage</Key><Value>dev</Value>", "<Key>whose</Key><Value>mine</Value>"} { // the template's is another
			if !strings.Contains(tags, want) {
				t.Errorf("%s, want %s", tags, want)
			}
		}
	},

	"`ImportExistingResources` imports nothing: what exists already fails as ever": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		withBucket(t, s, "acme")
		status, answer := call(t, s, "cloudformation", "CreateChangeSet", "StackName=app&ChangeSetName=c&ChangeSetType=CREATE&ImportExistingResources=true"+
			`&TemplateBody={"Resources":{"B":{"Type":"AWS::S3::Bucket","DeletionPolicy":"Retain","Properties":{"BucketName":"acme"}}}}`)
		if status != 200 {
			t.Fatal(answer)
		}
		call(t, s, "cloudformation", "ExecuteChangeSet", "StackName=app&ChangeSetName=c")
		got := settle(t, s)
		if _, events := call(t, s, "cloudformation", "DescribeStackEvents", "StackName=app"); got != "ROLLBACK_COMPLETE" || !strings.Contains(events, "BucketAlreadyOwnedByYou") {
			t.Errorf("stack is %s: %s", got, events)
		}
	},
}

// topics is a template of resources that do not depend on each other.
func topics(n int) string {
	resources := make([]string, n)
	for i := range resources {
		resources[i] = fmt.Sprintf(`"T%d":{"Type":"AWS::SNS::Topic"}`, i)
	}
	return `{"Resources":{` + strings.Join(resources, ",") + `}}`
}
