package problem

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
)

// tenantKeys are the condition keys that tell the tenants of an identity provider
// apart which many organizations share, by the provider's URL without "https://".
//
// Source: IAM user guide, id_roles_providers_oidc_secure-by-default.
var tenantKeys = map[string]string{
	"cognito-identity.amazonaws.com":                                      "cognito-identity.amazonaws.com:aud",
	"sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d":                "sts:RoleSessionName",
	"agent.buildkite.com":                                                 "agent.buildkite.com:sub",
	"oidc.codefresh.io":                                                   "oidc.codefresh.io:sub",
	"studio.datachain.ai/api":                                             "studio.datachain.ai/api:sub",
	"token.actions.githubusercontent.com":                                 "token.actions.githubusercontent.com:sub",
	"oidc-configuration.audit-log.githubusercontent.com":                  "oidc-configuration.audit-log.githubusercontent.com:sub",
	"vstoken.actions.githubusercontent.com":                               "vstoken.actions.githubusercontent.com:sub",
	"gitlab.com":                                                          "gitlab.com:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7": "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr": "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg": "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg:sub",
	"rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26": "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26:sub",
	"oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb":         "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb:sub",
	"oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu":         "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu:sub",
	"api.pulumi.com/oidc":                                                 "api.pulumi.com/oidc:aud",
	"sandboxes.cloud":                                                     "sandboxes.cloud:aud",
	"scalr.io":                                                            "scalr.io:sub",
	"tokens.cloud.shisho.dev":                                             "tokens.cloud.shisho.dev:sub",
	"app.terraform.io":                                                    "app.terraform.io:sub",
	"proidc.upbound.io":                                                   "proidc.upbound.io:sub",
	"oidc.vercel.com":                                                     "oidc.vercel.com:aud",
}

// federated looks at the identity providers that the statement names: a trust
// policy must tell the tenants of a shared one apart, and no other policy has a
// use for an OpenID Connect provider.
//
// Source: IAM user guide, id_roles_providers_oidc_secure-by-default ("If the role
// trust policy does not evaluate the controls required by the shared OIDC IdP, the
// role creation or update would fail"), and reference_policies_elements_principal
// ("OIDC federated principals are not supported in policy types other than role
// trust policies"), which leaves open whether a service refuses them there.
func (c *checker) federated() {
	for _, name := range c.statement.Principal.Federated {
		provider, oidc := openID(name)
		switch key := tenantKeys[provider]; {
		case !oidc:
		case !c.is(Trust):
			c.ignored(PrincipalUnsupported, "Principal.Federated", "%q is a principal of trust policies only: %s; name the role that is assumed through it", name, c.nothing())
		case key != "" && c.statement.Effect == iam.Allow && c.assumesByToken() && !c.evaluates(key):
			c.wrong(TenantUnchecked, "Principal.Federated", key, "%s is shared by many organizations, and no condition on %s says which of its identities are meant", provider, key)
		}
	}
}

// openID is the provider that a principal names, if it is one of OpenID Connect:
// one of those that need no resource in the account, or the ARN of one that does.
func openID(principal string) (provider string, ok bool) {
	switch principal {
	case "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com":
		return principal, true
	}
	_, provider, ok = strings.Cut(principal, ":oidc-provider/")
	return provider, ok && strings.HasPrefix(principal, "arn:")
}

func (c *checker) assumesByToken() bool {
	return slices.ContainsFunc(c.statement.Action, func(pattern string) bool {
		return slices.ContainsFunc(c.matching(pattern), func(a authorization.Action) bool {
			return strings.EqualFold(a.String(), "sts:AssumeRoleWithWebIdentity")
		})
	})
}

// evaluates: any condition on the key counts, since the page doesn't say which
// operators and values IAM accepts.
func (c *checker) evaluates(key string) bool {
	return slices.ContainsFunc(lines(c.statement), func(l line) bool { return strings.EqualFold(l.key, key) })
}
