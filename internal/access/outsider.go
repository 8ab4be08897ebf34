package access

import (
	"slices"

	"github.com/s3seal/s3seal/iam"
)

// fromOutside are the principals of a statement that no account has as a role or
// a user: whom an identity provider vouches for, and canonical users.
func fromOutside(p *iam.Principal) []Principal {
	var list []Principal
	for _, provider := range p.Federated {
		list = append(list, vouchedFor(provider))
	}
	for _, id := range p.CanonicalUser {
		list = append(list, Principal{Name: "canonical user " + id, Caller: iam.CanonicalUser(id)})
	}
	return list
}

func vouchedFor(provider string) Principal {
	return Principal{Name: "whoever " + shortARN(provider) + " vouches for", Caller: iam.Federated(provider)}
}

// anyProvider stands for the identity providers that a trust policy may mean with
// "*", where it allows what they alone call.
func (r *roster) anyProvider(h held, s iam.Statement) []Principal {
	var list []Principal
	for _, of := range []struct{ kind, calls string }{
		{"oidc-provider", "sts:AssumeRoleWithWebIdentity"},
		{"saml-provider", "sts:AssumeRoleWithSAML"},
	} {
		if h.trust && slices.ContainsFunc(s.Action, func(pattern string) bool { return like(pattern, of.calls) }) {
			list = append(list, vouchedFor("arn:"+r.partition+":iam::"+h.account+":"+of.kind+"/any"))
		}
	}
	return list
}
