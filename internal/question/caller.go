package question

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Stranger is an account that no stage has and no policy means: a request from
// it that a policy admits is one that anybody can make.
const Stranger = "999999999999"

// Caller is who asks under an ARN: the role, in a session, the user, the federated
// user, or whoever an identity provider vouches for.
func Caller(arn string) iam.Caller {
	switch {
	case strings.Contains(arn, ":user/"):
		return iam.User(arn)
	case strings.Contains(arn, ":oidc-provider/"), strings.Contains(arn, ":saml-provider/"):
		return iam.Federated(arn)
	}
	if of, name, ok := strings.Cut(arn, ":federated-user/"); ok {
		// No policy and no ARN of the session tells whose it is.
		return iam.FederatedUser(strings.Replace(of, ":sts:", ":iam:", 1)+":user/any", name)
	}
	return iam.RoleSession(arn, "session")
}

// Role is a session of a role of that name in an account.
func Role(partition, account, name string) iam.Caller {
	return iam.RoleSession(iamARN(partition, account, "role/"+name), "session")
}

// Administrator is the role that every account could have, and that has all
// permissions which an account can give.
func Administrator(partition, account string) iam.Caller {
	return Role(partition, account, "administrator")
}

// Root is an account's root user.
func Root(partition, account string) iam.Caller {
	return iam.AccountRoot(iamARN(partition, account, "root"))
}

func iamARN(partition, account, resource string) string {
	return "arn:" + partition + ":iam::" + account + ":" + resource
}

// Who is somebody who asks, by a name.
type Who struct {
	Name   string
	Caller iam.Caller
}

// BuiltIn says whether an identity provider is one of those that need no resource
// in an account.
//
// Source: IAM user guide, reference_policies_elements_principal, "OIDC federated
// principals".
func BuiltIn(provider string) bool {
	switch provider {
	case "accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com":
		return true
	}
	return false
}

// Everybody stands for all callers: one of each kind and origin.
func Everybody(partition, account string) []Who {
	return []Who{
		{"an administrator of the account", Administrator(partition, account)},
		{"the account's root user", Root(partition, account)},
		{"a user of the account", iam.User(iamARN(partition, account, "user/administrator"))},
		{"a role of another account", Administrator(partition, Stranger)},
		{"an AWS service", iam.ServicePrincipal("s3.amazonaws.com")},
		{"nobody", iam.Anonymous()},
	}
}

// Allowing is an IAM policy that allows actions of a pattern on everything.
func Allowing(action string) []iam.Source {
	return []iam.Source{{
		Name: "own IAM policy",
		Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Sid: "IAM", Effect: iam.Allow, Action: iam.Strings{action}, Resource: iam.Strings{"*"},
		}}},
	}}
}
