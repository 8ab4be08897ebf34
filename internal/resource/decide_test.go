package resource

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/template"
)

func ofOne(t *testing.T, name, text string) iam.Source {
	t.Helper()
	d, err := iam.ParseDocument([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return iam.Source{Name: name, Document: d}
}

// What is given with a question limits the caller as its own would.
func TestRequestLimits(t *testing.T) {
	t.Parallel()
	set := readIn(t, "eu-west-1", `{"Resources": {`+bucketData+`, `+adminMe+`}}`)
	kms := ofOne(t, "given", allows("", "kms:*", "*"))
	s3 := ofOne(t, "given", allows("", "s3:*", "*"))
	for name, tc := range map[string]struct {
		request Request
		want    string
	}{
		"nothing":                  {Request{}, "allowed"},
		"a boundary":               {Request{Boundary: &kms}, "denied"},
		"a boundary that includes": {Request{Boundary: &s3}, "allowed"},
		"a session":                {Request{Session: []iam.Source{kms}}, "denied"},
		"a session that includes":  {Request{Session: []iam.Source{kms, s3}}, "allowed"},
	} {
		r := tc.request
		r.Caller, r.Action, r.Resource = role1, "s3:GetObject", anObject
		if d := set.Decide(r); verdict(d) != tc.want {
			t.Errorf("%s: want %s: %s", name, tc.want, d.Explain())
		}
	}
}

// An organization's policies, which no template tells, limit both sides.
func TestSetIsLimited(t *testing.T) {
	t.Parallel()
	scp, err := policyfile.NewSCPs(nil, ofOne(t, "scp", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	rcp, err := policyfile.NewRCPs([]string{account}, ofOne(t, "rcp", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		organization policyfile.Organization
		want         string
	}{
		"nothing":                {policyfile.Organization{}, "allowed"},
		"an SCP":                 {policyfile.Organization{SCPs: []policyfile.Level{scp}}, "denied"},
		"an RCP":                 {policyfile.Organization{RCPs: []policyfile.Level{rcp}}, "denied"},
		"the management account": {policyfile.Organization{Management: account, SCPs: []policyfile.Level{scp}, RCPs: []policyfile.Level{rcp}}, "allowed"},
	} {
		set := readIn(t, "eu-west-1", `{"Resources": {`+bucketData+`, `+adminMe+`}}`)
		set.Limit(tc.organization)
		if d := set.Decide(Request{Caller: role1, Action: "s3:GetObject", Resource: anObject}); verdict(d) != tc.want {
			t.Errorf("%s: want %s: unread %v, %s", name, tc.want, d.Unread, d.Explain())
		}
	}
}

// What an endpoint lets through is unread for the requests that come through it.
func TestVPCEndpointsLimit(t *testing.T) {
	t.Parallel()
	endpoint := func(properties string) *Set {
		return readIn(t, "eu-west-1", `{"Resources": {`+bucketData+`, `+adminMe+`, `+a("E", "AWS::EC2::VPCEndpoint", `"VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.s3"`+properties)+`}}`)
	}
	some := `, "PolicyDocument": ` + allows(`"*"`, "s3:PutObject", "*")
	every := `, "PolicyDocument": ` + allows(`"*"`, "*", "*")
	for name, tc := range map[string]struct {
		set     *Set
		context map[string]iam.Strings
		want    string
	}{
		"through no endpoint":          {endpoint(some), nil, "allowed"},
		"through another":              {endpoint(some), map[string]iam.Strings{"aws:SourceVpce": {"vpce-other"}}, "allowed"},
		"from its VPC":                 {endpoint(some), map[string]iam.Strings{"aws:sourcevpc": {"vpc-1"}}, "unknown"},
		"one that lets all through":    {endpoint(every), map[string]iam.Strings{"aws:SourceVpc": {"vpc-1"}}, "allowed"},
		"one without a policy":         {endpoint(""), map[string]iam.Strings{"aws:SourceVpc": {"vpc-1"}}, "allowed"},
		"one that may let all through": {endpoint(`, "PolicyDocument": {"Fn::ImportValue": "x"}`), map[string]iam.Strings{"aws:SourceVpc": {"vpc-1"}}, "unknown"},
	} {
		d := tc.set.Decide(Request{Caller: role1, Action: "s3:GetObject", Resource: anObject, Context: tc.context})
		if verdict(d) != tc.want {
			t.Errorf("%s: %s, want %s: unread %v, %s", name, verdict(d), tc.want, d.Unread, d.Explain())
		}
	}
}

// A nested stack whose template is there is one of the stacks.
func TestNestedStacksAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	nested := func(file string) string {
		return `"N": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "` + file + `"}, "Properties": {"TemplateURL": "x",
			"Parameters": {"Role": {"Ref": "Role"}, "Other": {"Fn::ImportValue": "x"}}}}`
	}
	write("nested.json", `{"Parameters": {"Role": {"Type": "String"}, "Other": {"Type": "String", "Default": "data"}}, "Resources": {
		`+a("P", "AWS::IAM::RolePolicy", `"PolicyName": "p", "RoleName": {"Ref": "Role"}, "PolicyDocument": `+getObject)+`}}`)
	write("unsure.json", `{"Parameters": {"Role": {"Type": "String"}, "Other": {"Type": "String", "Default": "data"}}, "Resources": {
		`+a("P", "AWS::S3::BucketPolicy", `"Bucket": {"Ref": "Other"}, "PolicyDocument": `+allows(`"*"`, "s3:GetObject", "*"))+`}}`)
	for file, want := range map[string]string{"nested.json": "allowed", "unsure.json": "unknown", "absent.json": "unknown", "../nested.json": "unknown"} {
		write("stack.json", `{"Resources": {`+bucketData+`, `+roleMe+`, `+nested(file)+`}}`)
		stack, err := template.ReadTemplate(filepath.Join(dir, "stack.json"), account, "eu-west-1")
		if err != nil {
			t.Fatal(err)
		}
		d := Read([]*template.Stack{stack}).Decide(Request{Caller: role1, Action: "s3:GetObject", Resource: anObject})
		if verdict(d) != want {
			t.Errorf("%s: %s, want %s: unread %v, %s", file, verdict(d), want, d.Unread, d.Explain())
		}
	}
}

// Whoever asks must hear of a policy that IAM refuses, and of no other.
func TestRefused(t *testing.T) {
	t.Parallel()
	for resource, want := range map[string]string{
		bucketPolicyFor("P", allows(`"*"`, "s3:GetObject", "*")):                                            "",
		bucketPolicyFor("P", `{"Statement": {"Effect": {"Fn::ImportValue": "x"}}}`):                         "",
		bucketPolicyFor("P", strings.Replace(allows(`"*"`, "s3:GetObject", "*"), "Effect", "Efect", 1)):     "Resources.P.Properties.PolicyDocument.Statement[0]: IAM refuses the policy: Efect: no such element",
		a("P", "AWS::IAM::ManagedPolicy", `"PolicyDocument": "{"`):                                          "Resources.P.Properties.PolicyDocument: IAM refuses the policy: ",
		strings.Replace(roleMe, `"Version": "2012-10-17", `, `"Version": "2012-10-18", `, 1):                "Version",
		a("S", "AWS::SSO::PermissionSet", `"Name": "x", "InlinePolicy": {"Statement": {"Action": "s3:*"}}`): "InlinePolicy",
	} {
		err := readIn(t, "eu-west-1", `{"Resources": {`+bucketData+`, `+resource+`}}`).Refused()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", resource, err, want)
		}
	}
}

// The tables ask as the roles that permission sets are in the accounts.
func TestPermissionSetsHaveCallers(t *testing.T) {
	t.Parallel()
	set := readIn(t, "eu-west-1", `{"Resources": {`+bucketData+`, `+a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "InlinePolicy": `+getObject)+`, `+
		a("A", "AWS::SSO::Assignment", `"TargetId": "111122223333", "PermissionSetArn": {"Fn::GetAtt": ["S", "PermissionSetArn"]}`)+`}}`)
	if len(set.PermissionSets) != 1 || len(set.PermissionSets[0].Accounts) != 1 {
		t.Fatalf("%+v", set.PermissionSets)
	}
	who := set.PermissionSets[0].Caller(set.PermissionSets[0].Accounts[0])
	if d := set.Decide(Request{Caller: who, Action: "s3:GetObject", Resource: anObject}); verdict(d) != "allowed" {
		t.Errorf("%s: %s", who, d.Explain())
	}
}
