package identity

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

// fixture is IAM with an administrator and the API called as it.
type fixture struct {
	*Service
	call api.Call
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	d := newDirectory(t)
	if _, err := d.AddAdministrator(own, "admin"); err != nil {
		t.Fatal(err)
	}
	return fixture{
		Service: New(Options{Directory: d, Authorizer: NewAuthorizer(d, NewDecisionLog(10))}),
		call:    api.Call{Caller: user(own, "admin"), Account: own, Region: "us-east-1", Time: testTime, RequestID: "id"},
	}
}

// do calls an operation with "Name=value" parameters and returns the body.
func (f fixture) do(c api.Call, action string, parameters ...string) (int, string) {
	return apitest.Query(f, c, action, parameters...)
}

// must is do for operations that succeed.
func (f fixture) must(t *testing.T, action string, parameters ...string) string {
	t.Helper()
	status, body := f.do(f.call, action, parameters...)
	if status != 200 {
		t.Fatalf("%s: %d %s", action, status, body)
	}
	return body
}

// refused is do for operations that fail with a code.
func (f fixture) refused(t *testing.T, code, action string, parameters ...string) string {
	t.Helper()
	status, body := f.do(f.call, action, parameters...)
	if status < 400 || !strings.Contains(body, "<Code>"+code+"</Code>") {
		t.Errorf("%s %v: %d %s, want %s", action, parameters, status, body, code)
	}
	return body
}

const (
	trustOwn  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}}`
	allowRead = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
)

func TestRoleLife(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	body := f.must(t, "CreateRole", "RoleName=r", "Path=/team/", "AssumeRolePolicyDocument="+trustOwn, "Tags.member.1.Key=a", "Tags.member.1.Value=b")
	if !strings.Contains(body, "<CreateRoleResponse xmlns=\""+namespace+"\"><CreateRoleResult><Role><Path>/team/</Path>") ||
		!strings.Contains(body, "<Arn>arn:aws:iam::111122223333:role/team/r</Arn>") ||
		!strings.Contains(body, "<Tags><member><Key>a</Key><Value>b</Value></member></Tags>") {
		t.Errorf("CreateRole: %s", body)
	}
	f.refused(t, "EntityAlreadyExists", "CreateRole", "RoleName=r", "AssumeRolePolicyDocument="+trustOwn)
	f.must(t, "PutRolePolicy", "RoleName=r", "PolicyName=p", "PolicyDocument="+allowRead)
	if body := f.must(t, "GetRolePolicy", "RoleName=r", "PolicyName=p"); !strings.Contains(body, url.QueryEscape(`"s3:GetObject"`)) {
		t.Errorf("GetRolePolicy: %s", body)
	}
	f.must(t, "AttachRolePolicy", "RoleName=r", "PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess")
	if body := f.must(t, "ListAttachedRolePolicies", "RoleName=r"); !strings.Contains(body, "<PolicyName>ReadOnlyAccess</PolicyName>") {
		t.Errorf("ListAttachedRolePolicies: %s", body)
	}
	f.refused(t, "NoSuchEntity", "AttachRolePolicy", "RoleName=r", "PolicyArn=arn:aws:iam::aws:policy/NoSuchPolicy")
	f.refused(t, "DeleteConflict", "DeleteRole", "RoleName=r")
	f.must(t, "DetachRolePolicy", "RoleName=r", "PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess")
	f.refused(t, "DeleteConflict", "DeleteRole", "RoleName=r")
	f.must(t, "DeleteRolePolicy", "RoleName=r", "PolicyName=p")
	f.must(t, "DeleteRole", "RoleName=r")
	f.refused(t, "NoSuchEntity", "GetRole", "RoleName=r")
}

func TestUserLife(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.must(t, "CreateUser", "UserName=u")
	body := f.must(t, "CreateAccessKey", "UserName=u")
	_, rest, _ := strings.Cut(body, "<AccessKeyId>")
	id, _, _ := strings.Cut(rest, "<")
	k, ok := f.opt.Directory.Credential(id)
	if !ok || !strings.Contains(body, "<SecretAccessKey>"+k.Secret+"</SecretAccessKey>") || k.Caller != user(own, "u") {
		t.Errorf("CreateAccessKey: %s, %+v", body, k)
	}
	if body := f.must(t, "ListAccessKeys", "UserName=u"); strings.Contains(body, "SecretAccessKey") || !strings.Contains(body, id) {
		t.Errorf("ListAccessKeys: %s", body)
	}
	f.must(t, "CreateAccessKey", "UserName=u")
	f.refused(t, "LimitExceeded", "CreateAccessKey", "UserName=u")
	f.refused(t, "DeleteConflict", "DeleteUser", "UserName=u")
	f.must(t, "PutUserPolicy", "UserName=u", "PolicyName=p", "PolicyDocument="+allowRead)
	if body := f.must(t, "GetUser"); !strings.Contains(body, "<UserName>admin</UserName>") {
		t.Errorf("GetUser without a name: %s", body)
	}
}

func TestManagedPolicyLife(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const arn = "arn:aws:iam::111122223333:policy/p"
	f.must(t, "CreatePolicy", "PolicyName=p", "PolicyDocument="+allowRead)
	f.refused(t, "EntityAlreadyExists", "CreatePolicy", "PolicyName=p", "Path=/x/", "PolicyDocument="+allowRead)
	f.must(t, "AttachUserPolicy", "UserName=admin", "PolicyArn="+arn)
	if body := f.must(t, "GetPolicy", "PolicyArn="+arn); !strings.Contains(body, "<AttachmentCount>1</AttachmentCount>") {
		t.Errorf("GetPolicy: %s", body)
	}
	f.refused(t, "DeleteConflict", "DeletePolicy", "PolicyArn="+arn)
	f.must(t, "DetachUserPolicy", "UserName=admin", "PolicyArn="+arn)
	f.must(t, "DeletePolicy", "PolicyArn="+arn)
	f.refused(t, "NoSuchEntity", "GetPolicy", "PolicyArn="+arn)
	f.refused(t, "ValidationError", "DeletePolicy", "PolicyArn=arn:aws:iam::aws:policy/AdministratorAccess")
}

func TestRefusedByName(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if body := f.refused(t, "InvalidAction", "CreateGroup", "GroupName=g"); !strings.Contains(body, "iam:CreateGroup") {
		t.Errorf("the operation isn't named: %s", body)
	}
	body := f.refused(t, "ValidationError", "CreateUser", "UserName=u", "Surprise=1")
	if !strings.Contains(body, "Surprise") {
		t.Errorf("the parameter isn't named: %s", body)
	}
	if _, ok := f.opt.Directory.accounts[own].users["u"]; ok {
		t.Error("a refused request made a user")
	}
}

func TestBadPolicies(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.must(t, "CreateRole", "RoleName=r", "AssumeRolePolicyDocument="+trustOwn)
	trust := func(principal string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}}`
	}
	identity := func(statement string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow",` + statement + `}}`
	}
	for name, document := range map[string]string{
		"not JSON": `{`, "no Principal": allowRead,
		"Resource":            `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}`,
		"another action":      `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}`,
		"role not there":      trust(`{"AWS":"arn:aws:iam::111122223333:role/later"}`),
		"account not there":   trust(`{"AWS":"arn:aws:iam::999999999999:root"}`),
		"wildcard principal":  trust(`{"AWS":"arn:aws:iam::111122223333:role/*"}`),
		"service without dot": trust(`{"Service":"lambda"}`),
		"federated":           trust(`{"Federated":"accounts.google.com"}`),
	} {
		f.refused(t, "MalformedPolicyDocument", "CreateRole", "RoleName="+strings.ReplaceAll(name, " ", ""), "AssumeRolePolicyDocument="+document)
		f.refused(t, "MalformedPolicyDocument", "UpdateAssumeRolePolicy", "RoleName=r", "PolicyDocument="+document)
	}
	for name, document := range map[string]string{
		"not JSON": `{`, "Principal": identity(`"Principal":"*","Action":"s3:GetObject","Resource":"*"`),
		"no Resource": identity(`"Action":"s3:GetObject"`), "Resource is no ARN": identity(`"Action":"s3:GetObject","Resource":"bucket"`),
		"unknown element": identity(`"Action":"s3:GetObject","Resource":"*","Resuorce":"*"`),
	} {
		body := f.refused(t, "MalformedPolicyDocument", "PutRolePolicy", "RoleName=r", "PolicyName=p", "PolicyDocument="+document)
		f.refused(t, "MalformedPolicyDocument", "CreatePolicy", "PolicyName=p", "PolicyDocument="+document)
		if strings.Count(body, "\n") > 0 {
			t.Errorf("%s: more than one line: %s", name, body)
		}
	}
	long := identity(`"Action":"s3:GetObject","Resource":"arn:aws:s3:::` + strings.Repeat("b", maxManaged) + `"`)
	f.refused(t, "LimitExceeded", "CreatePolicy", "PolicyName=long", "PolicyDocument="+long)
	f.must(t, "PutRolePolicy", "RoleName=r", "PolicyName=p1", "PolicyDocument="+long)
	f.refused(t, "LimitExceeded", "PutRolePolicy", "RoleName=r", "PolicyName=p2", "PolicyDocument="+long)
}

// TestEveryOperationIsAuthorized: a user without policies may do nothing at
// all, whether what it names exists or not.
func TestEveryOperationIsAuthorized(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, err := f.opt.Directory.AddUser(own, "nobody"); err != nil {
		t.Fatal(err)
	}
	f.must(t, "CreateRole", "RoleName=x", "AssumeRolePolicyDocument="+trustOwn)
	nobody := f.call
	nobody.Caller = user(own, "nobody")
	parameters := map[string][]string{
		"Role": {"RoleName=x"}, "User": {"UserName=x"}, "AccessKey": {"UserName=admin"},
	}
	for _, action := range f.Operations() {
		var p []string
		for word, names := range parameters {
			if strings.Contains(action, word) && !strings.HasPrefix(action, "ListRoles") && !strings.HasPrefix(action, "ListUsers") {
				p = append(p, names...)
			}
		}
		switch action {
		case "CreateRole":
			p = append(p, "AssumeRolePolicyDocument="+trustOwn)
		case "UpdateAssumeRolePolicy":
			p = []string{"RoleName=x", "PolicyDocument=" + trustOwn}
		case "PutRolePolicy", "PutUserPolicy":
			p = append(p, "PolicyName=p", "PolicyDocument="+allowRead)
		case "CreatePolicy":
			p = append(p, "PolicyName=p", "PolicyDocument="+allowRead)
		case "GetPolicy", "DeletePolicy", "GetPolicyVersion":
			p = append(p, "PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess")
		}
		status, body := f.do(nobody, action, p...)
		if status != http.StatusForbidden || !strings.Contains(body, "is not authorized to perform: iam:"+action) {
			t.Errorf("%s %v: %d %s", action, p, status, body)
		}
	}
}

func TestBoundaryCondition(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	// A user who may make roles only under the boundary ReadOnlyAccess.
	if _, err := f.opt.Directory.AddUser(own, "maker", iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"iam:CreateRole"}, Resource: iam.Strings{"*"},
		Condition: iam.Condition{"StringEquals": {"iam:PermissionsBoundary": {"arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
	}}}); err != nil {
		t.Fatal(err)
	}
	maker := f.call
	maker.Caller = user(own, "maker")
	if status, body := f.do(maker, "CreateRole", "RoleName=a", "AssumeRolePolicyDocument="+trustOwn); status != 403 {
		t.Errorf("without a boundary: %d %s", status, body)
	}
	if status, body := f.do(maker, "CreateRole", "RoleName=a", "AssumeRolePolicyDocument="+trustOwn, "PermissionsBoundary=arn:aws:iam::aws:policy/ReadOnlyAccess"); status != 200 {
		t.Errorf("with the boundary: %d %s", status, body)
	}
}

func raw(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
