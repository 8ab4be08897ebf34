package identity

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

type object = map[string]any

func (f fixture) stack() api.StackContext {
	return api.StackContext{Call: f.call, StackName: "stack", Account: own, Region: "us-east-1", Partition: "aws", Tags: map[string]string{"stack": "s"}}
}

var (
	lambdaTrust = object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Principal": object{"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}
	readPolicy  = object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
	writePolicy = object{"Version": "2012-10-17", "Statement": object{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}
)

func TestRoleResource(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p, s := f.Providers()["AWS::IAM::Role"], f.stack()
	first := object{
		"AssumeRolePolicyDocument": lambdaTrust, "Description": "d", "MaxSessionDuration": "7200",
		"ManagedPolicyArns":   []string{"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
		"PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess",
		"Policies":            []object{{"PolicyName": "p", "PolicyDocument": readPolicy}},
		"Tags":                []object{{"Key": "a", "Value": "b"}},
	}
	r, err := p.Create(t.Context(), s, "PutRole", raw(t, first))
	if err != nil {
		t.Fatal(err)
	}
	e := f.opt.Directory.accounts[own].roles[r.PhysicalID]
	if e == nil || !strings.HasPrefix(r.PhysicalID, "stack-PutRole-") || r.Attributes["Arn"] != e.arn || r.Attributes["RoleId"] != e.id {
		t.Fatalf("resource %+v of role %+v", r, e)
	}
	if e.maxSession.Hours() != 2 || e.description != "d" || len(e.attached) != 1 || len(e.inline) != 1 || e.boundary == "" ||
		!maps.Equal(e.tags, map[string]string{"a": "b", "stack": "s"}) {
		t.Errorf("role %+v", e)
	}

	second := maps.Clone(first)
	second["Description"], second["PermissionsBoundary"] = "new", ""
	second["ManagedPolicyArns"] = []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}
	second["Policies"] = []object{{"PolicyName": "q", "PolicyDocument": writePolicy}}
	r2, err := p.Update(t.Context(), s, "PutRole", r, raw(t, first), raw(t, second))
	if err != nil || r2.PhysicalID != r.PhysicalID {
		t.Fatalf("Update in place: %+v, %v", r2, err)
	}
	if e.description != "new" || e.boundary != "" || !slices.Equal(e.attached, []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}) ||
		len(e.inline) != 1 || !strings.Contains(e.inline["q"].text, "PutObject") {
		t.Errorf("updated role %+v", e)
	}

	third := maps.Clone(second)
	third["Path"] = "/new/"
	r3, err := p.Update(t.Context(), s, "PutRole", r, raw(t, second), raw(t, third))
	if err != nil || r3.PhysicalID == r.PhysicalID {
		t.Fatalf("a new path is a replacement: %+v, %v", r3, err)
	}

	f.must(t, "PutRolePolicy", "RoleName="+r.PhysicalID, "PolicyName=foreign", "PolicyDocument="+allowRead)
	if err := p.Delete(t.Context(), s, "PutRole", r); !api.HasCode(err, "DeleteConflict") {
		t.Errorf("a foreign policy must keep the role: %v", err)
	}
	f.must(t, "DeleteRolePolicy", "RoleName="+r.PhysicalID, "PolicyName=foreign")
	for range 2 { // the second time it is gone already
		if err := p.Delete(t.Context(), s, "PutRole", r); err != nil {
			t.Error(err)
		}
	}
	if f.opt.Directory.accounts[own].roles[r.PhysicalID] != nil {
		t.Error("the role is still there")
	}
}

func TestBadRoleResource(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for name, test := range map[string]struct {
		properties object
		code, word string
	}{
		"unknown property": {object{"AssumeRolePolicyDocument": lambdaTrust, "Surprise": 1}, "ValidationError", "Surprise"},
		"no trust policy":  {object{}, "MalformedPolicyDocument", "missing"},
		"bad policy":       {object{"RoleName": "half", "AssumeRolePolicyDocument": lambdaTrust, "Policies": []object{{"PolicyName": "p", "PolicyDocument": lambdaTrust}}}, "MalformedPolicyDocument", "principal"},
		"unknown managed":  {object{"RoleName": "half", "AssumeRolePolicyDocument": lambdaTrust, "ManagedPolicyArns": []string{"arn:aws:iam::aws:policy/None"}}, "NoSuchEntity", "None"},
		"no boundary":      {object{"RoleName": "half", "AssumeRolePolicyDocument": lambdaTrust, "PermissionsBoundary": "arn:aws:iam::aws:policy/None"}, "NoSuchEntity", "None"},
		"session":          {object{"RoleName": "half", "AssumeRolePolicyDocument": lambdaTrust, "MaxSessionDuration": 60}, "ValidationError", "3600"},
	} {
		_, err := f.Providers()["AWS::IAM::Role"].Create(t.Context(), f.stack(), "R", raw(t, test.properties))
		if !api.HasCode(err, test.code) || !strings.Contains(err.Error(), test.word) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f.opt.Directory.accounts[own].roles["half"] != nil {
		t.Error("half a role is left")
	}
}

func TestPolicyResource(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p, s := f.Providers()["AWS::IAM::Policy"], f.stack()
	roles := f.opt.Directory.accounts[own].roles
	for _, name := range []string{"a", "b"} {
		f.must(t, "CreateRole", "RoleName="+name, "AssumeRolePolicyDocument="+trustOwn)
	}
	first := object{"PolicyName": "p", "PolicyDocument": readPolicy, "Roles": []string{"a"}, "Users": []string{"admin"}}
	r, err := p.Create(t.Context(), s, "Policy", raw(t, first))
	if err != nil || roles["a"].inline["p"].text == "" || r.PhysicalID == "" || r.Attributes["Id"] == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	both := object{"PolicyName": "p", "PolicyDocument": writePolicy, "Roles": []string{"a", "b"}}
	if _, err = p.Update(t.Context(), s, "Policy", r, raw(t, first), raw(t, both)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(roles["a"].inline["p"].text, "PutObject") || !strings.Contains(roles["b"].inline["p"].text, "PutObject") {
		t.Errorf("in two roles: a has %v, b has %v", roles["a"].inline, roles["b"].inline)
	}
	first = both
	second := object{"PolicyName": "p", "PolicyDocument": writePolicy, "Roles": []string{"b"}}
	if _, err = p.Update(t.Context(), s, "Policy", r, raw(t, first), raw(t, second)); err != nil {
		t.Fatal(err)
	}
	if len(roles["a"].inline) != 0 || !strings.Contains(roles["b"].inline["p"].text, "PutObject") || len(f.opt.Directory.accounts[own].users["admin"].inline) != 0 {
		t.Errorf("after the update a has %v, b has %v", roles["a"].inline, roles["b"].inline)
	}
	third := object{"PolicyName": "renamed", "PolicyDocument": writePolicy, "Roles": []string{"b"}}
	if _, err = p.Update(t.Context(), s, "Policy", r, raw(t, second), raw(t, third)); err != nil {
		t.Fatal(err)
	}
	if _, old := roles["b"].inline["p"]; old || roles["b"].inline["renamed"].text == "" {
		t.Errorf("after renaming b has %v", roles["b"].inline)
	}
	for range 2 {
		if err := p.Delete(t.Context(), s, "Policy", r); err != nil {
			t.Fatal(err)
		}
	}
	if len(roles["b"].inline) != 0 {
		t.Errorf("after deletion b has %v", roles["b"].inline)
	}

	for name, properties := range map[string]object{
		"nobody":        {"PolicyName": "p", "PolicyDocument": readPolicy},
		"groups":        {"PolicyName": "p", "PolicyDocument": readPolicy, "Roles": []string{"a"}, "Groups": []string{"g"}},
		"role is gone":  {"PolicyName": "p", "PolicyDocument": readPolicy, "Roles": []string{"a", "gone"}},
		"trust as text": {"PolicyName": "p", "PolicyDocument": lambdaTrust, "Roles": []string{"a"}},
	} {
		if _, err := p.Create(t.Context(), s, "Policy", raw(t, properties)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if len(roles["a"].inline) != 0 {
		t.Errorf("a refused policy is left in a: %v", roles["a"].inline)
	}
}

func TestManagedPolicyResource(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	p, s := f.Providers()["AWS::IAM::ManagedPolicy"], f.stack()
	f.must(t, "CreateRole", "RoleName=a", "AssumeRolePolicyDocument="+trustOwn)
	a := f.opt.Directory.accounts[own].roles["a"]
	first := object{"ManagedPolicyName": "m", "Description": "d", "Path": "/", "PolicyDocument": readPolicy, "Roles": []string{"a"}}
	r, err := p.Create(t.Context(), s, "M", raw(t, first))
	if err != nil || r.PhysicalID != "arn:aws:iam::111122223333:policy/m" || !slices.Equal(a.attached, []string{r.PhysicalID}) || r.Attributes["AttachmentCount"] != "1" {
		t.Fatalf("%+v, %v; a has %v", r, err, a.attached)
	}
	second := maps.Clone(first)
	second["PolicyDocument"], second["Roles"] = writePolicy, []string{}
	if _, err := p.Update(t.Context(), s, "M", r, raw(t, first), raw(t, second)); err != nil || len(a.attached) != 0 {
		t.Fatalf("%v; a has %v", err, a.attached)
	}
	if text := f.opt.Directory.accounts[own].policies[r.PhysicalID].policy.text; !strings.Contains(text, "PutObject") {
		t.Errorf("document %s", text)
	}
	third := maps.Clone(second)
	third["ManagedPolicyName"] = "n"
	r3, err := p.Update(t.Context(), s, "M", r, raw(t, second), raw(t, third))
	if err != nil || r3.PhysicalID != "arn:aws:iam::111122223333:policy/n" {
		t.Errorf("a new name is a replacement: %+v, %v", r3, err)
	}
	f.must(t, "AttachRolePolicy", "RoleName=a", "PolicyArn="+r.PhysicalID)
	for range 2 {
		if err := p.Delete(t.Context(), s, "M", r); err != nil {
			t.Fatal(err)
		}
	}
	if len(a.attached) != 0 || f.opt.Directory.accounts[own].policies[r.PhysicalID] != nil {
		t.Error("the policy or its attachment is left")
	}
	broken := maps.Clone(first)
	broken["ManagedPolicyName"], broken["Roles"] = "broken", []string{"a", "gone"}
	if _, err := p.Create(t.Context(), s, "M", raw(t, broken)); !api.HasCode(err, "NoSuchEntity") {
		t.Errorf("a role that isn't there: %v", err)
	}
	if len(a.attached) != 0 || f.opt.Directory.accounts[own].policies["arn:aws:iam::111122223333:policy/broken"] != nil {
		t.Error("half a managed policy is left")
	}
}

// TestResourcesNeedPermission: what CloudFormation makes is decided by the role
// that it works with.
func TestResourcesNeedPermission(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, err := f.opt.Directory.AddUser(own, "nobody"); err != nil {
		t.Fatal(err)
	}
	s := f.stack()
	s.Call.Caller = user(own, "nobody")
	for name, p := range map[string]api.Provider{"role": f.Providers()["AWS::IAM::Role"], "policy": f.Providers()["AWS::IAM::Policy"], "managed": f.Providers()["AWS::IAM::ManagedPolicy"]} {
		properties := map[string]object{
			"role":    {"AssumeRolePolicyDocument": lambdaTrust},
			"policy":  {"PolicyName": "p", "PolicyDocument": readPolicy, "Users": []string{"admin"}},
			"managed": {"PolicyDocument": readPolicy},
		}[name]
		if _, err := p.Create(t.Context(), s, "X", raw(t, properties)); !api.HasCode(err, "AccessDenied") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFailedCreationIsUndoneWithoutPermission: who may put policies but not
// delete them leaves none behind either.
func TestFailedCreationIsUndoneWithoutPermission(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.must(t, "CreateRole", "RoleName=a", "AssumeRolePolicyDocument="+trustOwn)
	_, err := f.opt.Directory.AddUser(own, "putter", iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: iam.Allow, Action: iam.Strings{"iam:PutRolePolicy"}, Resource: iam.Strings{"*"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := f.stack()
	s.Call.Caller = user(own, "putter")
	r, err := f.Providers()["AWS::IAM::Policy"].Create(t.Context(), s, "P", raw(t, object{"PolicyName": "p", "PolicyDocument": readPolicy, "Roles": []string{"a", "gone"}}))
	if !api.HasCode(err, "NoSuchEntity") || r.PhysicalID != "" {
		t.Errorf("%+v, %v", r, err)
	}
	if left := f.opt.Directory.accounts[own].roles["a"].inline; len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Source: IAM user guide, reference_policies_elements_sid.
func TestSidsOfOnePolicyMustDiffer(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.must(t, "CreateRole", "RoleName=a", "AssumeRolePolicyDocument="+trustOwn)
	twice := func(rest string) string {
		return `{"Statement":[{"Sid":"A","Effect":"Allow",` + rest + `},{"Sid":"A","Effect":"Allow",` + rest + `}]}`
	}
	identity, trust := twice(`"Action":"s3:*","Resource":"*"`), twice(`"Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"`)
	for _, call := range [][]string{
		{"PutRolePolicy", "RoleName=a", "PolicyName=p", "PolicyDocument=" + identity},
		{"PutUserPolicy", "UserName=admin", "PolicyName=p", "PolicyDocument=" + identity},
		{"CreatePolicy", "PolicyName=p", "PolicyDocument=" + identity},
		{"CreateRole", "RoleName=b", "AssumeRolePolicyDocument=" + trust},
		{"UpdateAssumeRolePolicy", "RoleName=a", "PolicyDocument=" + trust},
	} {
		status, body := f.do(f.call, call[0], call[1:]...)
		if status != 400 || !strings.Contains(body, "MalformedPolicyDocument") || !strings.Contains(body, "Statement IDs (SID) in a single policy must be unique.") {
			t.Errorf("%s: %d %s", call[0], status, body)
		}
	}
}
