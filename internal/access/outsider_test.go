package access

import "testing"

// A role is assumed from outside by an operation of its own, and the answer is
// that of the provider's principals, with the claims that the trust asks for.
func TestWhomProvidersVouchForAssumeRoles(t *testing.T) {
	t.Parallel()
	const (
		provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
		github   = "whoever oidc-provider/token.actions.githubusercontent.com@111122223333 vouches for"
		claims   = `"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}, "StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}`
		adfs     = "whoever saml-provider/ADFS@111122223333 vouches for"
		web      = "sts:AssumeRoleWithWebIdentity"
		saml     = "sts:AssumeRoleWithSAML"
	)
	for _, tc := range []struct{ trust, who, operation, want string }{
		{`"Action": "` + web + `", "Principal": {"Federated": "` + provider + `"}`, github, web, allowed},
		{`"Action": "` + web + `", "Principal": {"Federated": "` + provider + `"}`, "stranger", web, not},
		{`"Action": "` + web + `", "Principal": {"Federated": "` + provider + `"}, ` + claims, github + " with token.actions.githubusercontent.com:aud sts.amazonaws.com, token.actions.githubusercontent.com:sub repo:acme/*", web, allowed},
		{`"Action": "` + saml + `", "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/ADFS"}`, adfs, saml, allowed},
		{`"Action": ["` + saml + `", "sts:AssumeRole"], "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/ADFS"}`, adfs, "sts:AssumeRole", not},
		{`"Action": "` + web + `", "Principal": "*"`, "whoever oidc-provider/any@111122223333 vouches for", web, unknown},
		{`"Action": "sts:AssumeRole*", "Principal": {"Federated": "` + provider + `"}`, github, web, allowed},
		{`"Action": "` + web + `", "Principal": "*", "Condition": {"StringEquals": {"aws:FederatedProvider": "` + provider + `"}}`, github, web, unknown},
	} {
		set := readResources(t, `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "role", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", `+tc.trust+`}]}}}`)
		a := ask(t, set, short(tc.who, longestName), tc.operation, "role Role")
		if got := verdictOf(a); got != tc.want {
			t.Errorf("%s:\n%s to %s: %s, want %s\n%s", tc.trust, tc.who, tc.operation, got, tc.want, a.Decision.Explain())
		}
	}
}

// Of a federated user the tables show what its session may: by its account, and
// by a policy that names it.
func TestFederatedUsersHaveTheirSessionsPermissions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ account, who, operation, want string }{
		{"111122223333", "federated-user/ann@111122223333", "get", allowed},
		{"111122223333", "federated-user/ann@111122223333", "delete", allowed}, // by what its own account allows it
		{"444455556666", "federated-user/ann@444455556666", "delete", not},
		{"444455556666", "federated-user/ann@444455556666 with all permissions", "get", allowed},
	} {
		set := readResources(t, `"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
			"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "data", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
				{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*", "Principal": {"AWS": "arn:aws:sts::`+tc.account+`:federated-user/ann"}}]}}}`)
		a := ask(t, set, tc.who, tc.operation, "bucket Data")
		if got := verdictOf(a); got != tc.want {
			t.Errorf("%s to %s: %s, want %s\n%s", tc.who, tc.operation, got, tc.want, a.Decision.Explain())
		}
	}
}
