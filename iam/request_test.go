package iam

import (
	"strings"
	"testing"
)

// A request that makes no sense is denied whatever the policies say.
func TestEvaluateRefusesRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*Request)
		want   string // in the explanation
	}{
		{"PrincipalArn of somebody else", func(r *Request) {
			r.Context = map[string]Strings{"aws:principalARN": {"arn:aws:iam::111122223333:user/bob"}}
		}, `aws:PrincipalArn as "arn:aws:iam::111122223333:user/bob", but it is "arn:aws:iam::111122223333:user/alice"`},
		{"ResourceAccount of somebody else", func(r *Request) { r.Context = map[string]Strings{"aws:ResourceAccount": {stranger}} }, "aws:ResourceAccount"},
		{"a user that is a service", func(r *Request) { r.Context = map[string]Strings{"aws:PrincipalServiceName": {"s3.amazonaws.com"}} }, "doesn't have"},
		{"a key twice", func(r *Request) { r.Context = map[string]Strings{"x:k": {"a"}, "X:K": {"b"}} }, "twice"},
		{"role ARN as a user", func(r *Request) { r.Caller = User(roleARN) }, "user/"},
		{"session ARN as a role", func(r *Request) {
			r.Caller = RoleSession("arn:aws:sts::111122223333:assumed-role/put/s1", "s1")
		}, "role/"},
		{"role session without a name", func(r *Request) { r.Caller = RoleSession(roleARN, "") }, "no name"},
		{"account of eleven digits", func(r *Request) { r.Caller = AccountRoot("11112222333") }, "not an ARN"},
		{"service without a name", func(r *Request) { r.Caller = ServicePrincipal("") }, "no name"},
		{"a federated principal without a provider", func(r *Request) { r.Caller = Federated("") }, "no identity provider"},
		{"a canonical user without an ID", func(r *Request) { r.Caller = CanonicalUser("") }, "no ID"},
		{"a federated user without a name", func(r *Request) { r.Caller = FederatedUser("arn:aws:iam::111122223333:user/a", "") }, "no name"},
		{"no ResourceAccount", func(r *Request) { r.ResourceAccount = "" }, "ResourceAccount"},
		{"no resource", func(r *Request) { r.Resource = "" }, "no resource"},
		{"action with a wildcard", func(r *Request) { r.Action = "s3:*" }, "service:Name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			req := put(alice)
			tt.change(&req)
			d := Evaluate(req, Policies{Identity: sources(t, "identity", allowAll), Resource: source(t, "p", admit(`"*"`))})
			if d.Allowed || !strings.Contains(d.Explain(), tt.want) {
				t.Errorf("allowed %v, want a denial with %q\n%s", d.Allowed, tt.want, d.Explain())
			}
		})
	}
	t.Run("the same value is fine", func(t *testing.T) {
		t.Parallel()
		req := put(alice)
		req.Context = map[string]Strings{"aws:PrincipalArn": {"arn:aws:iam::111122223333:user/alice"}}
		check(t, req, Policies{Identity: sources(t, "identity", allowAll)}, allowed)
	})
}

func TestCaller(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		caller                              Caller
		arn, principal, role, account, text string
	}{
		{Anonymous(), "", "", "", "", "anonymous"},
		{deliveries, "", "", "", "", "service delivery.logs.amazonaws.com"},
		{AccountRoot(owner), "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root", "", owner, "root user arn:aws:iam::111122223333:root"},
		{AccountRoot("arn:aws-cn:iam::111122223333:root"), "arn:aws-cn:iam::111122223333:root", "arn:aws-cn:iam::111122223333:root", "", owner, "root user arn:aws-cn:iam::111122223333:root"},
		{alice, "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/alice", "", owner, "arn:aws:iam::111122223333:user/alice"},
		{putRole, "arn:aws:sts::111122223333:assumed-role/put/s1", roleARN, roleARN, owner, "arn:aws:sts::111122223333:assumed-role/put/s1"},
		{FederatedUser("arn:aws:iam::111122223333:user/alice", "bob"), "arn:aws:sts::111122223333:federated-user/bob", "arn:aws:sts::111122223333:federated-user/bob", "", owner, "arn:aws:sts::111122223333:federated-user/bob"},
		{Federated(github), "", "", "", "", "a federated principal of " + github},
		{CanonicalUser("79a5"), "", "", "", "", "canonical user 79a5"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			c := tt.caller
			got := []string{c.ARN(), c.PrincipalARN(), c.RoleARN(), c.Account(), c.String()}
			for i, want := range []string{tt.arn, tt.principal, tt.role, tt.account, tt.text} {
				if got[i] != want {
					t.Errorf("value %d: got %q, want %q", i, got[i], want)
				}
			}
		})
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	foreignKey := `{"Sid":"Any","Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"*"},
		{"Sid":"DenyForeignKey","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
		"Condition":{"ArnNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:eu-west-1:111122223333:key/a"},
		"Null":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"false"}}}`
	withKey := put(alice)
	withKey.Context = map[string]Strings{"s3:x-amz-server-side-encryption-aws-kms-key-id": {"arn:aws:kms:eu-west-1:333333333333:key/b"}}
	for _, tt := range []struct {
		name     string
		request  Request
		policies Policies
		want     string
	}{
		{"explicit deny", withKey, Policies{Resource: source(t, "bucket policy of data", foreignKey)},
			`denied explicitly: s3:PutObject on arn:aws:s3:::data/a.txt by arn:aws:iam::111122223333:user/alice: Statement[1] "DenyForeignKey" of bucket policy of data
  condition ArnNotEquals s3:x-amz-server-side-encryption-aws-kms-key-id matched: request has "arn:aws:kms:eu-west-1:333333333333:key/b", statement lists "arn:aws:kms:eu-west-1:111122223333:key/a"
  condition Null s3:x-amz-server-side-encryption-aws-kms-key-id matched: request has "arn:aws:kms:eu-west-1:333333333333:key/b", statement lists "false"`},
		{"allowed", put(alice), Policies{Resource: source(t, "bucket policy of data", foreignKey)},
			`allowed: s3:PutObject on arn:aws:s3:::data/a.txt by arn:aws:iam::111122223333:user/alice: Statement[0] "Any" of bucket policy of data`},
		{"implicit deny with near misses", put(alice), Policies{
			Identity: sources(t, "user alice/inline", `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"s3:x-amz-acl":["private","b*"]},"Bool":{"aws:SecureTransport":"true"}}}`),
			Resource: source(t, "bucket policy", admit(`{"AWS":"444455556666"}`)),
		}, `denied: s3:PutObject on arn:aws:s3:::data/a.txt by arn:aws:iam::111122223333:user/alice: neither an identity policy nor the resource policy allows it
  near: Statement[0] of user alice/inline: condition Bool aws:SecureTransport did not match: request has no such key, statement lists "true"
  near: Statement[0] of bucket policy: its principal is not the caller`},
		{"boundary", put(alice), Policies{Identity: sources(t, "i", allowAll), Boundary: source(t, "Boundary", readOnly)},
			`denied: s3:PutObject on arn:aws:s3:::data/a.txt by arn:aws:iam::111122223333:user/alice: the permissions boundary Boundary doesn't allow it`},
		{"root user", put(AccountRoot(owner)), Policies{},
			`allowed: s3:PutObject on arn:aws:s3:::data/a.txt by root user arn:aws:iam::111122223333:root: the root user's own permissions`},
		{"key policy", decrypt(alice), Policies{Identity: sources(t, "i", allowAll)},
			`denied: kms:Decrypt on ` + keyARN + ` by arn:aws:iam::111122223333:user/alice: the resource's own policy lets neither the caller nor its account in`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Evaluate(tt.request, tt.policies).Explain(); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
