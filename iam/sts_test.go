package iam

import (
	"strings"
	"testing"
)

// Sources: STS API reference, GetSessionToken ("No permissions are required") and
// GetFederationToken; IAM user guide, id_credentials_sts-comparison ("Who can
// call", "Restrictions on resulting temporary credentials") and
// id_credentials_temp_control-access_getsessiontoken.
func TestEvaluateSTS(t *testing.T) {
	t.Parallel()
	const target = "arn:aws:iam::111122223333:role/target"
	issued := []string{"aws:TokenIssueTime", "2026-01-01T00:00:00Z"}
	withMFA := append([]string{"aws:MultiFactorAuthPresent", "true"}, issued...)
	forwarded := append([]string{"aws:ViaAWSService", "true"}, issued...)
	federated := FederatedUser("arn:aws:iam::111122223333:user/alice", "bob")
	for _, tt := range []struct {
		name     string
		caller   Caller
		action   string
		resource string
		context  []string
		want     bool
	}{
		{"a user assumes a role", alice, "sts:AssumeRole", target, nil, true},
		{"a role session assumes a role", putRole, "sts:AssumeRole", target, nil, true},
		{"a service assumes a role", deliveries, "sts:AssumeRole", target, nil, true},
		{"the root user assumes a role", AccountRoot(owner), "sts:AssumeRole", target, nil, false},
		{"another account's root user assumes a role", AccountRoot(stranger), "STS:assumeRole", target, nil, false},
		{"a user gets a session token", alice, "sts:GetSessionToken", "*", nil, true},
		{"the root user gets a session token", AccountRoot(owner), "sts:GetSessionToken", "*", nil, true},
		{"a role session gets a session token", putRole, "sts:GetSessionToken", "*", nil, false},
		{"a service gets a session token", deliveries, "sts:GetSessionToken", "*", nil, false},
		{"temporary credentials get a session token", alice, "sts:GetSessionToken", "*", issued, false},
		{"a user gets a federation token", alice, "sts:GetFederationToken", "arn:aws:sts::111122223333:federated-user/bob", nil, true},
		{"a role session gets a federation token", putRole, "sts:GetFederationToken", "arn:aws:sts::111122223333:federated-user/bob", nil, false},
		{"temporary credentials assume a role", alice, "sts:AssumeRole", target, issued, true},
		{"temporary credentials get a federation token", alice, "sts:GetFederationToken", "arn:aws:sts::111122223333:federated-user/bob", issued, false},
		{"temporary credentials ask who they are", alice, "sts:GetCallerIdentity", "*", issued, true},
		{"temporary credentials call IAM", alice, "iam:GetUser", "arn:aws:iam::111122223333:user/alice", issued, false},
		{"temporary credentials call IAM with MFA", alice, "iam:GetUser", "arn:aws:iam::111122223333:user/alice", withMFA, true},
		{"a service calls IAM on their behalf", alice, "iam:GetUser", "arn:aws:iam::111122223333:user/alice", forwarded, true},
		{"a role session calls IAM", putRole, "iam:GetUser", "arn:aws:iam::111122223333:user/alice", issued, true},
		{"temporary credentials put an object", alice, "s3:PutObject", object, issued, true},
		{"a federated user assumes a role", federated, "sts:AssumeRole", target, nil, false},
		{"a federated user asks who it is", federated, "sts:GetCallerIdentity", "*", nil, true},
		{"a federated user calls IAM", federated, "iam:GetUser", "arn:aws:iam::111122223333:user/alice", nil, false},
		{"a federated user puts an object", federated, "s3:PutObject", object, nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			everything := sources(t, "p", allowAll)
			d := Evaluate(with(Request{Caller: tt.caller, Action: tt.action, Resource: tt.resource, ResourceAccount: owner}, tt.context...),
				Policies{Identity: everything, Session: everything, Resource: source(t, "p", admit(`{"AWS":"*","Service":"delivery.logs.amazonaws.com"}`))})
			if d.Allowed != tt.want {
				t.Errorf("allowed %t, want %t\n%s", d.Allowed, tt.want, d.Explain())
			}
		})
	}
	t.Run("no policy forbids a session token", func(t *testing.T) {
		t.Parallel()
		req := Request{Caller: alice, Action: "sts:GetSessionToken", Resource: "*", ResourceAccount: owner}
		check(t, req, Policies{Identity: sources(t, "identity", denyAll)}, allowed)
	})
}

// Sources: KMS API reference, CreateAlias ("The alias name cannot begin with
// alias/aws/"); IAM API reference, UpdateAssumeRolePolicy, UnmodifiableEntity
// ("service-linked roles are protected AWS resources").
func TestReservedNames(t *testing.T) {
	t.Parallel()
	const linked = "arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/X"
	for _, tt := range []struct {
		action, resource, reason string // "": allowed
	}{
		{"kms:CreateAlias", "arn:aws:kms:eu-west-1:111122223333:alias/aws/mine", "reserved"},
		{"kms:CreateAlias", "arn:aws:kms:eu-west-1:111122223333:alias/mine", ""},
		{"iam:UpdateAssumeRolePolicy", linked, "only the service"},
		{"iam:UpdateAssumeRolePolicy", "arn:aws:iam::111122223333:role/mine", ""},
		{"iam:DeleteRole", linked, "only the service"},
		{"iam:UpdateRoleDescription", linked, ""},
		{"iam:CreateServiceLinkedRole", linked, ""},
	} {
		t.Run(tt.action+" "+tt.resource, func(t *testing.T) {
			t.Parallel()
			d := Evaluate(Request{Caller: alice, Action: tt.action, Resource: tt.resource, ResourceAccount: owner}, Policies{Identity: sources(t, "identity", allowAll)})
			if d.Allowed != (tt.reason == "") || !strings.Contains(d.Explain(), tt.reason) {
				t.Errorf("allowed %t, want a denial with %q\n%s", d.Allowed, tt.reason, d.Explain())
			}
		})
	}
}
