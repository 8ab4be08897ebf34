package iam

import "strings"

// ARN is the ARN of the principal that makes the request: for a role session
// the STS ARN "arn:aws:sts::111122223333:assumed-role/name/session", which has
// the role's name without its path, and for a federated user
// "arn:aws:sts::111122223333:federated-user/name". It is "" for callers that no
// user, role or account stands for.
func (c Caller) ARN() string {
	session := ""
	switch c.kind {
	case roleSession:
		session = ":assumed-role/" + lastElement(c.arn) + "/" + c.session
	case federatedUser:
		session = ":federated-user/" + c.session
	case federatedCaller:
		return ""
	default:
		return c.arn
	}
	prefix, _, found := strings.Cut(c.arn, ":iam::")
	if !found {
		return ""
	}
	return prefix + ":sts::" + c.account + session
}

// PrincipalARN is the value of aws:PrincipalArn: for a role session the ARN of
// the role, otherwise the same as ARN.
//
// Source: IAM user guide, reference_policies_condition-keys, aws:PrincipalArn.
func (c Caller) PrincipalARN() string {
	if c.kind == roleSession {
		return c.arn
	}
	return c.ARN()
}

// RoleARN is the ARN of the role of a role session, and "" for all others.
func (c Caller) RoleARN() string {
	if c.kind != roleSession {
		return ""
	}
	return c.arn
}

func (c Caller) serviceLinked() bool { return c.kind == roleSession && linkedTo(c.arn) != "" }

// Account is the 12-digit account of the caller; "" if it has none or it isn't
// known.
func (c Caller) Account() string { return c.account }

// Service is the name of a service principal; "" for all others.
func (c Caller) Service() string { return c.service }

// Provider is the identity provider of a federated principal; "" for all others.
func (c Caller) Provider() string {
	if c.kind != federatedCaller {
		return ""
	}
	return c.arn
}

// String is the caller as explanations show it.
func (c Caller) String() string {
	switch c.kind {
	case serviceCaller:
		return "service " + c.service
	case rootCaller:
		return "root user " + c.arn
	case userCaller, roleSession, federatedUser:
		return c.ARN()
	case federatedCaller:
		return "a federated principal of " + c.arn
	case canonicalCaller:
		return "canonical user " + c.canonical
	default:
		return "anonymous"
	}
}

// malformed says what is wrong with the caller's ARN, or "".
func (c Caller) malformed() string {
	want := ""
	switch c.kind {
	case rootCaller:
		want = "root"
	case userCaller, federatedUser:
		want = "user/"
	case roleSession:
		want = "role/"
	case serviceCaller:
		if c.service == "" {
			return "the service principal has no name"
		}
		return ""
	case federatedCaller:
		if c.arn == "" {
			return "the federated principal has no identity provider"
		}
		return ""
	case canonicalCaller:
		if c.canonical == "" {
			return "the canonical user has no ID"
		}
		return ""
	default:
		return ""
	}
	rest, ok := strings.CutPrefix(c.arn, "arn:")
	_, rest, inPartition := strings.Cut(rest, ":")
	rest, ofIAM := strings.CutPrefix(rest, "iam:")
	_, rest, inRegion := strings.Cut(rest, ":")
	account, what, owned := strings.Cut(rest, ":")
	if !ok || !inPartition || !ofIAM || !inRegion || !owned || !isAccount(account) || !strings.HasPrefix(what, want) {
		return "caller " + c.arn + " is not an ARN arn:PARTITION:iam::ACCOUNT:" + want
	}
	if (c.kind == roleSession || c.kind == federatedUser) && c.session == "" {
		return "the session of " + c.arn + " has no name"
	}
	return ""
}

// arnAccount is the account of an ARN, "" if there is none.
func arnAccount(arn string) string {
	for range 4 {
		_, arn, _ = strings.Cut(arn, ":")
	}
	account, _, found := strings.Cut(arn, ":")
	if !found {
		return ""
	}
	return account
}

// lastElement is what follows the last slash.
func lastElement(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

func isAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
