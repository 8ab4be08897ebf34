package identity

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

const (
	own   = "111122223333"
	other = "444455556666"
)

var testTime = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func newDirectory(t *testing.T) *Directory {
	t.Helper()
	d, err := NewDirectory(func() time.Time { return testTime }, own, other)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func document(effect iam.Effect, action, resource string) iam.Document {
	return iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: effect, Action: iam.Strings{action}, Resource: iam.Strings{resource}},
	}}
}

// granting is a resource policy for one principal.
func granting(effect iam.Effect, action, principal string) *iam.Source {
	return &iam.Source{Name: "the resource's policy", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: effect, Action: iam.Strings{action}, Resource: iam.Strings{"*"}, Principal: &iam.Principal{AWS: iam.Strings{principal}}},
	}}}
}

func trusting(principal string) iam.Document {
	return iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{AWS: iam.Strings{principal}}},
	}}
}

func user(account, name string) iam.Caller {
	return iam.User("arn:aws:iam::" + account + ":user/" + name)
}

// TestDenialWording: the messages of AWS, by service and type of policy.
//
// Source: IAM user guide, troubleshoot_access-denied; S3 user guide,
// troubleshoot-403-errors.
func TestDenialWording(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	mustUser := func(name string, policies ...iam.Document) {
		t.Helper()
		if _, err := d.AddUser(own, name, policies...); err != nil {
			t.Fatal(err)
		}
	}
	everything := document(iam.Allow, "*", "*")
	mustUser("nobody")
	mustUser("admin", everything)
	mustUser("denied", everything, document(iam.Deny, "s3:*", "*"))
	mustUser("bounded", everything)
	mustUser("attached", everything)
	managed := "arn:aws:iam::" + own + ":policy/NoKMS"
	d.accounts[own].policies[managed] = &managedPolicy{arn: managed, policy: policy{document: document(iam.Deny, "kms:*", "*")}}
	managedS3 := "arn:aws:iam::" + own + ":policy/NoS3"
	d.accounts[own].policies[managedS3] = &managedPolicy{arn: managedS3, policy: policy{document: document(iam.Deny, "s3:*", "*")}}
	mustUser("s3denied", everything)
	d.accounts[own].users["s3denied"].attached = []string{managedS3}
	d.accounts[own].users["bounded"].boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	d.accounts[own].users["attached"].attached = []string{managed}
	role, err := d.AddRole(own, "put", trusting(own), everything)
	if err != nil {
		t.Fatal(err)
	}
	session := iam.RoleSession(role, "s")

	const object, key = "arn:aws:s3:::b/k", "arn:aws:kms:eu-west-1:" + own + ":key/1"
	const foreign, foreignRole = "arn:aws:kms:eu-west-1:" + other + ":key/1", "arn:aws:iam::" + other + ":role/put"
	tests := map[string]struct {
		caller  iam.Caller
		access  api.Access
		session []iam.Source
		code    string
		message string // "%" stands for "User: ARN is not authorized to perform: ACTION on resource: "
	}{
		"S3, no identity policy": {user(own, "nobody"), api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own}, nil,
			"AccessDenied", `%"arn:aws:s3:::b/k" because no identity-based policy allows the s3:PutObject action`},
		"S3, Deny in the bucket policy": {user(own, "admin"), api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own, Policy: granting(iam.Deny, "s3:PutObject", "*")}, nil,
			"AccessDenied", `%"arn:aws:s3:::b/k" with an explicit deny in a resource-based policy`},
		"S3, Deny in an inline policy": {user(own, "denied"), api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own}, nil,
			"AccessDenied", `%"arn:aws:s3:::b/k" with an explicit deny in an identity-based policy`},
		"S3, boundary": {user(own, "bounded"), api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own}, nil,
			"AccessDenied", `%"arn:aws:s3:::b/k" because no permissions boundary allows the s3:PutObject action`},
		"S3, session policy": {session, api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own},
			[]iam.Source{{Name: "inline session policy", Document: document(iam.Allow, "s3:GetObject", "*")}},
			"AccessDenied", `%"arn:aws:s3:::b/k" because no session policy allows the s3:PutObject action`},
		"S3, Deny in the session policy": {session, api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own},
			[]iam.Source{{Name: "inline session policy", Document: document(iam.Deny, "s3:*", "*")}},
			"AccessDenied", `%"arn:aws:s3:::b/k" with an explicit deny in a session policy`},
		"S3, another account learns nothing": {user(own, "admin"), api.Access{Action: "s3:GetObject", Resource: object, ResourceAccount: other}, nil,
			"AccessDenied", "Access Denied"},
		"S3, anonymous learns nothing": {iam.Anonymous(), api.Access{Action: "s3:GetObject", Resource: object, ResourceAccount: own}, nil,
			"AccessDenied", "Access Denied"},
		"KMS, Deny in a managed policy": {user(own, "attached"), api.Access{Action: "kms:Decrypt", Resource: key, ResourceAccount: own, Policy: granting(iam.Allow, "kms:*", own)}, nil,
			"AccessDeniedException", "%" + key + " with an explicit deny in an identity-based policy: " + managed},
		"KMS, key policy lets no one in": {user(own, "admin"), api.Access{Action: "kms:Decrypt", Resource: key, ResourceAccount: own, Policy: granting(iam.Allow, "kms:*", other)}, nil,
			"AccessDeniedException", "%" + key + " because no resource-based policy allows the kms:Decrypt action"},
		"KMS, key policy leaves it to the account": {user(own, "nobody"), api.Access{Action: "kms:Decrypt", Resource: key, ResourceAccount: own, Policy: granting(iam.Allow, "kms:*", own)}, nil,
			"AccessDeniedException", "%" + key + " because no identity-based policy allows the kms:Decrypt action"},
		"KMS, key of another account": {user(own, "admin"), api.Access{Action: "kms:Decrypt", Resource: foreign, ResourceAccount: other, Policy: granting(iam.Allow, "kms:*", other)}, nil,
			"AccessDeniedException", "User: arn:aws:iam::" + own + ":user/admin is not authorized to perform: kms:Decrypt on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"},
		"KMS, key of another account that lets this one in": {user(own, "nobody"), api.Access{Action: "kms:Decrypt", Resource: foreign, ResourceAccount: other, Policy: granting(iam.Allow, "kms:*", own)}, nil,
			"AccessDeniedException", "%" + foreign + " because no identity-based policy allows the kms:Decrypt action"},
		"Secrets Manager, secret of another account": {user(own, "admin"), api.Access{Action: "secretsmanager:GetSecretValue", Resource: "arn:s", ResourceAccount: other}, nil,
			"AccessDeniedException", "%arn:s because no resource-based policy allows the secretsmanager:GetSecretValue action"},
		"STS, role of another account": {user(own, "admin"), api.Access{Action: "sts:AssumeRole", Resource: foreignRole, ResourceAccount: other, Policy: granting(iam.Allow, "sts:AssumeRole", other)}, nil,
			"AccessDenied", "%" + foreignRole},
		"S3, Deny in a managed policy": {user(own, "s3denied"), api.Access{Action: "s3:PutObject", Resource: object, ResourceAccount: own}, nil,
			"AccessDenied", `%"arn:aws:s3:::b/k" with an explicit deny in an identity-based policy, with policy ARN: ` + managedS3},
		"STS, trust policy": {user(own, "admin"), api.Access{Action: "sts:AssumeRole", Resource: role, ResourceAccount: own, Policy: granting(iam.Allow, "sts:AssumeRole", other)}, nil,
			"AccessDenied", "%" + role + " because no role trust policy allows the sts:AssumeRole action"},
		"Lambda": {user(own, "nobody"), api.Access{Action: "lambda:InvokeFunction", Resource: "arn:aws:lambda:eu-west-1:" + own + ":function:f", ResourceAccount: own}, nil,
			"AccessDeniedException", "%arn:aws:lambda:eu-west-1:" + own + ":function:f because no identity-based policy allows the lambda:InvokeFunction action"},
		"user that doesn't exist": {user(own, "ghost"), api.Access{Action: "iam:GetRole", Resource: role, ResourceAccount: own}, nil,
			"AccessDenied", "%" + role + " because no identity-based policy allows the iam:GetRole action"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := NewAuthorizer(d, NewDecisionLog(1))
			err := a.Authorize(api.Call{Caller: test.caller, Account: test.caller.Account(), Session: test.session, Time: testTime}, test.access)
			var e *api.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v, want a denial", err)
			}
			want := strings.Replace(test.message, "%", "User: "+test.caller.ARN()+" is not authorized to perform: "+test.access.Action+" on resource: ", 1)
			if e.Code != test.code || e.Message != want {
				t.Errorf("%s: %s\nwant %s: %s", e.Code, e.Message, test.code, want)
			}
		})
	}
}

func TestBoundaryThatIsGoneAllowsNothing(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	if _, err := d.AddUser(own, "u", document(iam.Allow, "*", "*")); err != nil {
		t.Fatal(err)
	}
	a := NewAuthorizer(d, NewDecisionLog(1))
	access := api.Access{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: own}
	if err := a.Authorize(api.Call{Caller: user(own, "u")}, access); err != nil {
		t.Fatalf("without a boundary: %v", err)
	}
	d.accounts[own].users["u"].boundary = "arn:aws:iam::" + own + ":policy/deleted"
	if err := a.Authorize(api.Call{Caller: user(own, "u")}, access); err == nil {
		t.Error("allowed under a boundary that doesn't exist")
	}
}

func TestPrincipalKeys(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	role, err := d.AddRole(own, "r", trusting(own), iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"s3:GetObject"}, Resource: iam.Strings{"*"},
		Condition: iam.Condition{"StringEquals": {"aws:PrincipalTag/team": {"blue"}}, "StringLike": {"aws:userid": {"AROA*:session"}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	d.accounts[own].roles["r"].tags = map[string]string{"team": "blue"}
	a := NewAuthorizer(d, NewDecisionLog(10))
	access := api.Access{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: own}
	if err := a.Authorize(api.Call{Caller: iam.RoleSession(role, "session")}, access); err != nil {
		t.Errorf("tag and user id hold: %v", err)
	}
	if err := a.Authorize(api.Call{Caller: iam.RoleSession(role, "another")}, access); err == nil {
		t.Error("allowed with another user id")
	}
	d.accounts[own].roles["r"].tags = map[string]string{"team": "red"}
	if err := a.Authorize(api.Call{Caller: iam.RoleSession(role, "session")}, access); err == nil {
		t.Error("allowed with another tag")
	}
}

func TestDecisionLogKeepsTheLast(t *testing.T) {
	t.Parallel()
	l := NewDecisionLog(3)
	for _, action := range []string{"1", "2"} {
		l.add(Decision{Action: action})
	}
	if got := actions(l); got != "12" {
		t.Errorf("after two: %s", got)
	}
	for _, action := range []string{"3", "4", "5"} {
		l.add(Decision{Action: action})
	}
	if got := actions(l); got != "345" {
		t.Errorf("after five: %s", got)
	}
}

func actions(l *DecisionLog) (s string) {
	for _, d := range l.Decisions() {
		s += d.Action
	}
	return s
}

func TestDecisionSaysWhy(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	if _, err := d.AddUser(own, "u", document(iam.Allow, "*", "*")); err != nil {
		t.Fatal(err)
	}
	l := NewDecisionLog(1)
	_ = NewAuthorizer(d, l).Authorize(api.Call{Caller: user(own, "u"), RequestID: "id"},
		api.Access{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", ResourceAccount: own, Policy: granting(iam.Deny, "s3:*", "*")})
	got := l.Decisions()[0]
	if got.Allowed || got.RequestID != "id" || !strings.Contains(got.Explanation, "Statement[0] of the resource's policy") {
		t.Errorf("%+v", got)
	}
}

// Source: IAM user guide, reference_policies_grammar: "Using an incomplete ARN in
// a session policy will result in a MalformedPolicyDocumentException error."
func TestSessionPolicyHasWholeARNs(t *testing.T) {
	for resource, refused := range map[string]bool{"*": false, "arn:aws:s3:::data/*": false, "arn:aws:s3": true, "arn:aws:s3:*": true} {
		text := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"` + resource + `"}}`
		if _, err := SessionPolicy(text); (err != nil) != refused {
			t.Errorf("%s: error %v, want one: %t", resource, err, refused)
		}
		if _, err := identityPolicy(text); err != nil {
			t.Errorf("%s in an identity policy: %v", resource, err)
		}
	}
}
