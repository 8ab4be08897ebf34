package iam

import "strings"

// Caller is who makes a request. Make one with Anonymous, ServicePrincipal,
// AccountRoot, User, RoleSession, FederatedUser, Federated or CanonicalUser. The
// zero value is Anonymous.
type Caller struct {
	kind      callerKind
	account   string // 12 digits; "" if it has none or it isn't known
	arn       string // of the user, the role, the root user, the identity provider
	session   string // name of the session of a role or of a federated user
	service   string // service principal
	canonical string // canonical user ID of the account, if it is known
}

type callerKind int

const (
	anonymous callerKind = iota
	serviceCaller
	rootCaller
	userCaller
	roleSession
	federatedUser
	federatedCaller
	canonicalCaller
)

// Anonymous is an unsigned request.
func Anonymous() Caller { return Caller{} }

// ServicePrincipal is an AWS service that calls under its own name, as log
// deliveries do: "delivery.logs.amazonaws.com". A service that calls with a
// role is a RoleSession.
func ServicePrincipal(name string) Caller {
	return Caller{kind: serviceCaller, service: name}
}

// AccountRoot is the root user of an account, given as 12 digits (partition
// aws) or as its ARN "arn:aws:iam::111122223333:root".
func AccountRoot(account string) Caller {
	if strings.HasPrefix(account, "arn:") {
		return Caller{kind: rootCaller, account: arnAccount(account), arn: account}
	}
	return Caller{kind: rootCaller, account: account, arn: "arn:aws:iam::" + account + ":root"}
}

// User is an IAM user: "arn:aws:iam::111122223333:user/path/name".
func User(arn string) Caller {
	return Caller{kind: userCaller, account: arnAccount(arn), arn: arn}
}

// RoleSession is a session of a role, given as the role's ARN
// "arn:aws:iam::111122223333:role/path/name" and the session's name.
func RoleSession(roleARN, sessionName string) Caller {
	return Caller{kind: roleSession, account: arnAccount(roleARN), arn: roleARN, session: sessionName}
}

// FederatedUser is a session that GetFederationToken made of a user, given as
// the user's ARN and the federated user's name. Policies.Session has the policies
// that were passed; without one the session has no permissions of its own.
//
// Source: STS API reference, GetFederationToken.
func FederatedUser(userARN, name string) Caller {
	return Caller{kind: federatedUser, account: arnAccount(userARN), arn: userARN, session: name}
}

// Federated is whoever an identity provider vouches for, as role trust policies
// name it: the ARN of an OIDC or SAML provider, or the name of a provider that is
// built in, such as "cognito-identity.amazonaws.com". It can only assume roles;
// from then on the caller is the RoleSession.
//
// Source: IAM user guide, reference_policies_elements_principal.
func Federated(provider string) Caller {
	return Caller{kind: federatedCaller, arn: provider}
}

// CanonicalUser is the root user of an account of which only the canonical user
// ID is known, as bucket policies may name it.
//
// Source: IAM user guide, reference_policies_elements_principal, "AWS account
// principals".
func CanonicalUser(id string) Caller {
	return Caller{kind: canonicalCaller, canonical: id}
}

// WithCanonicalUser is the caller with the canonical user ID of its account. For
// one without it, a statement that denies a canonical user may mean its account.
func (c Caller) WithCanonicalUser(id string) Caller {
	c.canonical = id
	return c
}
