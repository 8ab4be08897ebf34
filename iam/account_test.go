package iam

import "testing"

// Sources: IAM user guide, reference_policies_evaluation-logic_policy-eval-denyallow
// (same account), reference_policies_evaluation-logic-cross-account,
// access_policies-cross-account-resource-access, access_policies_boundaries,
// reference_policies_elements_principal.
func TestEvaluateAccounts(t *testing.T) {
	t.Parallel()
	const (
		role    = `{"AWS":"arn:aws:iam::111122223333:role/app/put"}`
		session = `{"AWS":"arn:aws:sts::111122223333:assumed-role/put/s1"}`
		user    = `{"AWS":"arn:aws:iam::111122223333:user/alice"}`
		account = `{"AWS":"arn:aws:iam::111122223333:root"}`
		other   = `{"AWS":"arn:aws:iam::444455556666:root"}`
		any     = `"*"`
	)
	for _, tt := range []struct {
		name                                  string
		caller                                Caller
		identity, boundary, session, resource string
		want                                  verdict
	}{
		{"nothing allows", putRole, "", "", "", "", iDeny},
		{"identity policy alone", putRole, allowAll, "", "", "", allowed},
		{"identity policy for another action", putRole, readOnly, "", "", "", iDeny},
		{"resource policy naming the role alone", putRole, "", "", "", admit(role), allowed},
		{"resource policy naming the session alone", putRole, "", "", "", admit(session), allowed},
		{"resource policy naming another session", RoleSession(roleARN, "s2"), "", "", "", admit(session), iDeny},
		{"resource policy naming the user alone", alice, "", "", "", admit(user), allowed},
		{"resource policy with * alone", putRole, "", "", "", admit(any), allowed},
		{"resource policy naming the account needs an identity policy", putRole, "", "", "", admit(account), iDeny},
		{"resource policy naming the account by its number", putRole, allowAll, "", "", admit(`{"AWS":"111122223333"}`), allowed},
		{"explicit deny in the identity policy", putRole, denyAll, "", "", admit(role), eDeny},
		{"explicit deny in the resource policy", putRole, allowAll, "", "", refuse(account), eDeny},
		{"explicit deny in the boundary", alice, allowAll, denyAll, "", admit(user), eDeny},
		{"explicit deny in the session policy", putRole, allowAll, "", denyAll, admit(session), eDeny},
		{"a deny for somebody else", putRole, allowAll, "", "", refuse(other), allowed},

		{"boundary without the action limits the identity policy", putRole, allowAll, readOnly, "", "", iDeny},
		{"boundary with the action grants nothing", putRole, "", allowAll, "", "", iDeny},
		{"boundary and identity policy", putRole, allowAll, allowAll, "", "", allowed},
		{"boundary limits what the role is granted", putRole, "", readOnly, "", admit(role), iDeny},
		{"boundary doesn't limit what the session is granted", putRole, "", readOnly, "", admit(session), allowed},
		{"boundary doesn't limit what the user is granted", alice, "", readOnly, "", admit(user), allowed},
		{"boundary doesn't limit what * is granted", putRole, "", readOnly, "", admit(any), allowed},
		{"session policy limits the identity policy", putRole, allowAll, "", readOnly, "", iDeny},
		{"session policy limits what the role is granted", putRole, "", "", readOnly, admit(role), iDeny},
		{"session policy doesn't limit what the session is granted", putRole, "", "", readOnly, admit(session), allowed},
		{"session policy that allows grants nothing", putRole, "", "", allowAll, "", iDeny},

		{"cross-account, resource policy alone", mallory, "", "", "", admit(other), iDeny},
		{"cross-account, identity policy alone", mallory, allowAll, "", "", "", iDeny},
		{"cross-account, both sides", mallory, allowAll, "", "", admit(other), allowed},
		{"cross-account, * and an identity policy", mallory, allowAll, "", "", admit(any), allowed},
		{"cross-account, * alone", mallory, "", "", "", admit(any), iDeny},
		{"cross-account, the owner's account named", mallory, allowAll, "", "", admit(account), iDeny},
		{"cross-account, boundary limits even a named user", mallory, allowAll, readOnly, "", admit(`{"AWS":"arn:aws:iam::444455556666:user/mallory"}`), iDeny},
		{"cross-account, role of the same name", RoleSession("arn:aws:iam::444455556666:role/app/put", "s1"), allowAll, "", "", admit(role), iDeny},
		{"cross-account, root user", AccountRoot(stranger), "", "", "", admit(other), allowed},

		{"root user needs no policy", AccountRoot(owner), "", "", "", "", allowed},
		{"root user has no boundary", AccountRoot(owner), "", readOnly, "", "", allowed},
		{"root user under an explicit deny", AccountRoot(owner), "", "", "", refuse(any), eDeny},
		{"root user of another account", AccountRoot(stranger), "", "", "", "", iDeny},

		{"anonymous with *", Anonymous(), "", "", "", admit(any), allowed},
		{"anonymous with {AWS: *}", Anonymous(), "", "", "", admit(`{"AWS":"*"}`), allowed},
		{"anonymous with the account", Anonymous(), "", "", "", admit(account), iDeny},
		{"anonymous has no identity policy", Anonymous(), allowAll, "", "", "", iDeny},

		{"service named", deliveries, "", "", "", admit(`{"Service":"delivery.logs.amazonaws.com"}`), allowed},
		{"service named among others", deliveries, "", "", "", admit(`{"AWS":"111122223333","Service":["s3.amazonaws.com","delivery.logs.amazonaws.com"]}`), allowed},
		{"another service named", deliveries, "", "", "", admit(`{"Service":"s3.amazonaws.com"}`), iDeny},
		{"service has no identity policy", deliveries, allowAll, "", "", "", iDeny},
		{"service under a deny for *", deliveries, "", "", "", admit(`{"Service":"delivery.logs.amazonaws.com"}`) + "," + refuse(any), eDeny},
		{"a role isn't the service of its name", putRole, "", "", "", admit(`{"Service":"delivery.logs.amazonaws.com"}`), iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(tt.caller), Policies{
				Identity: sources(t, "identity", tt.identity),
				Boundary: source(t, "boundary", tt.boundary),
				Session:  sources(t, "session", tt.session),
				Resource: source(t, "bucket policy", tt.resource),
			}, tt.want)
		})
	}
}

// Source: KMS developer guide, key-policies and key-policy-default ("Allows
// access to the AWS account and enables IAM policies").
func TestEvaluateKeyPolicy(t *testing.T) {
	t.Parallel()
	const root = `{"AWS":"arn:aws:iam::111122223333:root"}`
	for _, tt := range []struct {
		name             string
		request          Request
		identity, policy string
		want             verdict
	}{
		{"account in the key policy and an identity policy", decrypt(putRole), allowAll, admit(root), allowed},
		{"account in the key policy alone", decrypt(putRole), "", admit(root), iDeny},
		{"identity policy without the account in the key policy", decrypt(putRole), allowAll, admit(`{"AWS":"arn:aws:iam::111122223333:user/alice"}`), iDeny},
		{"role in the key policy alone", decrypt(putRole), "", admit(`{"AWS":"arn:aws:iam::111122223333:role/app/put"}`), allowed},
		{"no key policy", decrypt(putRole), allowAll, "", iDeny},
		{"root user without the account in the key policy", decrypt(AccountRoot(owner)), "", admit(`{"AWS":"arn:aws:iam::111122223333:user/alice"}`), iDeny},
		{"root user with the account in the key policy", decrypt(AccountRoot(owner)), "", admit(root), allowed},
		{"other account on both sides", decrypt(mallory), allowAll, admit(`{"AWS":"444455556666"}`), allowed},
		{"other account without identity policy", decrypt(mallory), "", admit(`{"AWS":"444455556666"}`), iDeny},
		{"anonymous with *", decrypt(Anonymous()), "", admit(`"*"`), iDeny},
		{"no single key: the identity policy is enough", Request{Caller: putRole, Action: "kms:CreateKey", Resource: "*", ResourceAccount: owner}, allowAll, "", allowed},
		{"no single key, and no identity policy", Request{Caller: putRole, Action: "kms:ListKeys", Resource: "*", ResourceAccount: owner}, "", "", iDeny},
		{"an alias: the identity policy is enough", Request{Caller: putRole, Action: "kms:DeleteAlias", Resource: "arn:aws:kms:eu-west-1:111122223333:alias/a", ResourceAccount: owner}, allowAll, "", allowed},
		{"the use of a key that isn't named", Request{Caller: putRole, Action: "kms:Decrypt", Resource: "*", ResourceAccount: owner}, allowAll, "", iDeny},
		{"condition kms:CallerAccount of the caller", decrypt(putRole), "", `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"}}}`, allowed},
		{"condition kms:CallerAccount of another", decrypt(mallory), allowAll, `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"}}}`, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "identity", tt.identity), Resource: source(t, "key policy", tt.policy)}, tt.want)
		})
	}
}

// Source: IAM user guide, access_policies-cross-account-resource-access and
// reference_policies_evaluation-logic_policy-eval-denyallow (trust policies
// "must explicitly allow access"); STS API reference, GetCallerIdentity.
func TestEvaluateTrustPolicy(t *testing.T) {
	t.Parallel()
	assume := func(c Caller) Request {
		return Request{Caller: c, Action: "sts:AssumeRole", Resource: "arn:aws:iam::111122223333:role/target", ResourceAccount: owner}
	}
	trust := func(principal string) string {
		return `{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}`
	}
	for _, tt := range []struct {
		name            string
		request         Request
		identity, trust string
		want            verdict
	}{
		{"user named", assume(alice), "", trust(`{"AWS":"arn:aws:iam::111122223333:user/alice"}`), allowed},
		{"account named, with identity policy", assume(alice), allowAll, trust(`{"AWS":"111122223333"}`), allowed},
		{"account named, without identity policy", assume(alice), "", trust(`{"AWS":"111122223333"}`), iDeny},
		{"identity policy, not trusted", assume(alice), allowAll, trust(`{"Service":"s3.amazonaws.com"}`), iDeny},
		{"service named", assume(ServicePrincipal("s3.amazonaws.com")), "", trust(`{"Service":"s3.amazonaws.com"}`), allowed},
		{"other account, both sides", assume(mallory), allowAll, trust(`{"AWS":"444455556666"}`), allowed},
		{"other account, named but without identity policy", assume(mallory), "", trust(`{"AWS":"arn:aws:iam::444455556666:user/mallory"}`), iDeny},
		{"anonymous", assume(Anonymous()), "", trust(`"*"`), iDeny},
		{"GetCallerIdentity under a deny", Request{Caller: alice, Action: "sts:GetCallerIdentity", Resource: "*", ResourceAccount: owner}, denyAll, "", allowed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "identity", tt.identity), Resource: source(t, "trust policy", tt.trust)}, tt.want)
		})
	}
}

// Source: Amazon S3 API reference, PutBucketPolicy ("the root principal in a
// bucket owner's AWS account can perform the GetBucketPolicy, PutBucketPolicy,
// and DeleteBucketPolicy API actions, even if ...").
func TestRootKeepsBucketPolicy(t *testing.T) {
	t.Parallel()
	locked := source(t, "bucket policy", refuse(`"*"`))
	for _, tt := range []struct {
		name   string
		caller Caller
		action string
		scp    string
		want   verdict
	}{
		{"root of the owner deletes the policy", AccountRoot(owner), "s3:DeleteBucketPolicy", "", allowed},
		{"root of the owner deletes the bucket", AccountRoot(owner), "s3:DeleteBucket", "", eDeny},
		{"root of another account", AccountRoot(stranger), "s3:DeleteBucketPolicy", "", eDeny},
		{"a user of the owner", alice, "s3:DeleteBucketPolicy", "", eDeny},
		{"root of the owner under an SCP that denies", AccountRoot(owner), "s3:DeleteBucketPolicy", denyAll, eDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := Policies{Resource: locked}
			if tt.scp != "" {
				p.SCPs = [][]Source{sources(t, "scp", tt.scp)}
			}
			check(t, Request{Caller: tt.caller, Action: tt.action, Resource: "arn:aws:s3:::data", ResourceAccount: owner}, p, tt.want)
		})
	}
}
