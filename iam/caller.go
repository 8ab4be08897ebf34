package iam

import "strings"

// Caller is who makes a request. Make one with Anonymous, ServicePrincipal,
// AccountRoot, User or RoleSession. The zero value is Anonymous.
type Caller struct {
	kind    callerKind
	account string // 12 digits; "" for anonymous and services
	arn     string // user, role or root ARN; "" for anonymous and services
	session string // role session name
	service string // service principal
}

type callerKind int

const (
	anonymous callerKind = iota
	serviceCaller
	rootCaller
	userCaller
	roleSession
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

// ARN is the ARN of the principal that makes the request: for a role session
// the STS ARN "arn:aws:sts::111122223333:assumed-role/name/session", which has
// the role's name without its path. It is "" for anonymous and services.
func (c Caller) ARN() string {
	if c.kind != roleSession {
		return c.arn
	}
	prefix, _, found := strings.Cut(c.arn, ":iam::")
	if !found {
		return ""
	}
	return prefix + ":sts::" + c.account + ":assumed-role/" + lastElement(c.arn) + "/" + c.session
}

// PrincipalARN is the value of aws:PrincipalArn: for a role session the ARN of
// the role, otherwise the same as ARN.
//
// Source: IAM user guide, reference_policies_condition-keys, aws:PrincipalArn.
func (c Caller) PrincipalARN() string { return c.arn }

// RoleARN is the ARN of the role of a role session, and "" for all others.
func (c Caller) RoleARN() string {
	if c.kind != roleSession {
		return ""
	}
	return c.arn
}

// serviceLinked: roles that belong to a service have this path.
//
// Source: IAM user guide, using-service-linked-roles.
func (c Caller) serviceLinked() bool {
	return c.kind == roleSession && strings.Contains(c.arn, ":role/aws-service-role/")
}

// Account is the 12-digit account of the caller; "" for anonymous and services.
func (c Caller) Account() string { return c.account }

// Service is the name of a service principal; "" for all others.
func (c Caller) Service() string { return c.service }

// String is the caller as explanations show it.
func (c Caller) String() string {
	switch c.kind {
	case serviceCaller:
		return "service " + c.service
	case rootCaller:
		return "root user " + c.arn
	case userCaller, roleSession:
		return c.ARN()
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
	case userCaller:
		want = "user/"
	case roleSession:
		want = "role/"
	case serviceCaller:
		if c.service == "" {
			return "the service principal has no name"
		}
		return ""
	default:
		return ""
	}
	p := strings.SplitN(c.arn, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[2] != "iam" || !isAccount(p[4]) || !strings.HasPrefix(p[5], want) {
		return "caller " + c.arn + " is not an ARN arn:PARTITION:iam::ACCOUNT:" + want
	}
	if c.kind == roleSession && c.session == "" {
		return "the session of " + c.arn + " has no name"
	}
	return ""
}

// arnAccount is the account of an ARN, "" if there is none.
func arnAccount(arn string) string {
	p := strings.SplitN(arn, ":", 6)
	if len(p) < 6 {
		return ""
	}
	return p[4]
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
