package iam

import "testing"

const (
	github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	adfs   = "arn:aws:iam::111122223333:saml-provider/ADFS"
)

// Sources: IAM user guide, reference_policies_elements_principal (OIDC and SAML
// federated principals); STS API reference, AssumeRoleWithWebIdentity.
func TestEvaluateFederated(t *testing.T) {
	t.Parallel()
	const web, saml = "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"
	trust := func(effect, principal, condition string) string {
		return `{"Effect":"` + effect + `","Principal":` + principal + `,"Action":"sts:*","Condition":` + condition + `}`
	}
	const any, gh = `{"Federated":["` + github + `","accounts.google.com","` + adfs + `"]}`, `{"Federated":"` + github + `"}`
	for _, tt := range []struct {
		name   string
		caller Caller
		action string
		trust  string
		want   verdict
		open   bool
	}{
		{"an OIDC provider", Federated(github), web, trust("Allow", any, `{}`), allowed, false},
		{"a built-in provider", Federated("accounts.google.com"), web, trust("Allow", any, `{}`), allowed, false},
		{"a SAML provider", Federated(adfs), saml, trust("Allow", any, `{}`), allowed, false},
		{"another provider", Federated("graph.facebook.com"), web, trust("Allow", any, `{}`), iDeny, false},
		{"a SAML provider with a web identity", Federated(adfs), web, trust("Allow", any, `{}`), iDeny, false},
		{"an OIDC provider with SAML", Federated(github), saml, trust("Allow", any, `{}`), iDeny, false},
		{"a session tag", Federated(github), "sts:TagSession", trust("Allow", any, `{}`), allowed, false},
		{"AssumeRole", Federated(github), "sts:AssumeRole", trust("Allow", any, `{}`), iDeny, false},
		{"a user with a web identity", alice, web, trust("Allow", `{"AWS":"arn:aws:iam::111122223333:user/alice"}`, `{}`), iDeny, false},
		{"*", Federated(github), web, trust("Allow", `"*"`, `{}`), iDeny, true},
		{"a Deny for *", Federated(github), web, trust("Allow", gh, `{}`) + "," + trust("Deny", `"*"`, `{}`), eDeny, true},
		{"a Deny for its provider", Federated(github), web, trust("Allow", gh, `{}`) + "," + trust("Deny", gh, `{}`), eDeny, false},
		{"a Deny for another provider", Federated(github), web, trust("Allow", gh, `{}`) + "," + trust("Deny", `{"Federated":"accounts.google.com"}`, `{}`), allowed, false},
		{"its provider as a key", Federated(github), web, trust("Allow", gh, `{"ArnEquals":{"aws:FederatedProvider":"`+github+`"}}`), allowed, false},
		{"a user of a role that a provider is denied", alice, "sts:AssumeRole", trust("Allow", `{"AWS":"arn:aws:iam::111122223333:user/alice"}`, `{}`) + "," + trust("Deny", gh, `{}`), allowed, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOpen(t, Request{Caller: tt.caller, Action: tt.action, Resource: "arn:aws:iam::111122223333:role/target", ResourceAccount: owner},
				Policies{Resource: source(t, "trust policy", tt.trust)}, tt.want, tt.open)
		})
	}
	t.Run("it can only assume roles", func(t *testing.T) {
		t.Parallel()
		check(t, put(Federated(github)), Policies{Resource: source(t, "bucket policy", admit(`{"Federated":"`+github+`"}`))}, iDeny)
	})
}

// Source: IAM user guide, reference_policies_evaluation-logic_policy-eval-denyallow
// ("AWS STS federated user principal"); STS API reference, GetFederationToken.
func TestEvaluateFederatedUser(t *testing.T) {
	t.Parallel()
	bob := FederatedUser("arn:aws:iam::111122223333:user/ops/alice", "bob")
	const session, user = `{"AWS":"arn:aws:sts::111122223333:federated-user/bob"}`, `{"AWS":"arn:aws:iam::111122223333:user/ops/alice"}`
	for _, tt := range []struct {
		name                                  string
		identity, boundary, session, resource string
		want                                  verdict
	}{
		{"the user's policies and the session's", allowAll, "", allowAll, "", allowed},
		{"no session policy was passed", allowAll, "", "", "", iDeny},
		{"a session policy alone", "", "", allowAll, "", iDeny},
		{"a session policy that doesn't allow", allowAll, "", readOnly, "", iDeny},
		{"a resource policy that names the session", "", readOnly, "", admit(session), allowed},
		{"a resource policy that names the user is limited", "", "", "", admit(user), iDeny},
		{"a resource policy that names the user, and a session policy", "", "", allowAll, admit(user), allowed},
		{"the same under a boundary", "", readOnly, allowAll, admit(user), iDeny},
		{"a Deny of the user's policies", denyAll, "", allowAll, admit(session), eDeny},
		{"the keys of a federated user", "", "", "", `{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:sts::111122223333:federated-user/bob"},"StringEquals":{"aws:PrincipalType":"FederatedUser","aws:userid":"111122223333:bob"},"Null":{"aws:username":"true"}}}`, allowed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, put(bob), Policies{
				Identity: sources(t, "identity", tt.identity), Boundary: source(t, "boundary", tt.boundary),
				Session: sources(t, "session", tt.session), Resource: source(t, "bucket policy", tt.resource),
			}, tt.want)
		})
	}
}

// Source: IAM user guide, reference_policies_elements_principal, "AWS account
// principals": S3 "lets you specify a canonical user ID" for an account.
func TestEvaluateCanonicalUser(t *testing.T) {
	t.Parallel()
	const id, other = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", "1111aaaa"
	const named = `{"CanonicalUser":"` + id + `"}`
	for _, tt := range []struct {
		name             string
		caller           Caller
		identity, policy string
		want             verdict
		open             bool
	}{
		{"the canonical user that is named", CanonicalUser(id), "", admit(named), allowed, false},
		{"everybody", CanonicalUser(id), "", admit(`"*"`), allowed, false},
		{"another canonical user", CanonicalUser(other), "", admit(named), iDeny, true},
		{"an account is denied, perhaps this one", CanonicalUser(id), "", admit(named) + "," + refuse(`{"AWS":"444455556666"}`), eDeny, true},
		{"another account's user with an identity policy", mallory.WithCanonicalUser(id), allowAll, admit(named), allowed, false},
		{"another account's user without one", mallory.WithCanonicalUser(id), "", admit(named), iDeny, false},
		{"another account's root user", AccountRoot(stranger).WithCanonicalUser(id), "", admit(named), allowed, false},
		{"a Deny for the caller's account", alice.WithCanonicalUser(id), allowAll, refuse(named), eDeny, false},
		{"a Deny for another account", alice.WithCanonicalUser(other), allowAll, refuse(named), allowed, false},
		{"a Deny for whom it isn't known", alice, allowAll, refuse(named), eDeny, true},
		{"a Deny, and an anonymous caller", Anonymous(), "", admit(`"*"`) + "," + refuse(named), allowed, false},
		{"a Deny, and a service", deliveries, "", admit(`{"Service":"delivery.logs.amazonaws.com"}`) + "," + refuse(named), allowed, false},
		{"a Deny for a federated principal", alice, allowAll, refuse(`{"Federated":"` + github + `"}`), allowed, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			checkOpen(t, put(tt.caller), Policies{Identity: sources(t, "identity", tt.identity), Resource: source(t, "bucket policy", tt.policy)}, tt.want, tt.open)
		})
	}
}
