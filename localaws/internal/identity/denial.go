package identity

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// denial is the error that AWS answers a denied request with: who may not do
// what on what, and which type of policy denied it.
//
// A caller of another account is told less, lest it learn about policies that
// aren't its own: S3 says nothing at all, KMS the same as of a key that doesn't
// exist, STS no reason.
//
// Source: IAM user guide, troubleshoot_access-denied; S3 user guide,
// troubleshoot-403-errors. KMS's words to other accounts are quoted in the AWS
// Backup and S3 Tables guides; that STS gives no reason is seen in quoted
// errors only, no page says so.
func denial(req iam.Request, p iam.Policies, d iam.Decision) *api.Error {
	service, _, _ := strings.Cut(req.Action, ":")
	status, code := http.StatusForbidden, "AccessDenied"
	switch service {
	case "kms", "secretsmanager", "ssm", "logs", "sqs", "events":
		status, code = http.StatusBadRequest, "AccessDeniedException"
	case "sns":
		code = "AuthorizationError"
	case "lambda":
		code = "AccessDeniedException"
	}
	subject := "User: " + who(req.Caller) + " is not authorized to perform: " + req.Action
	reason, byResource := because(req, p, d, service)
	abroad := req.Caller.Account() != req.ResourceAccount
	switch {
	case abroad && service == "s3":
		return api.Errorf(status, code, "Access Denied")
	case abroad && service == "sts":
		return api.Errorf(status, code, "%s on resource: %s", subject, req.Resource)
	case abroad && service == "kms" && byResource:
		return api.Errorf(status, code, "%s on this resource because the resource does not exist in this Region, "+
			"no resource-based policies allow access, or a resource-based policy explicitly denies access", subject)
	case service == "s3":
		return api.Errorf(status, code, `%s on resource: "%s" %s`, subject, req.Resource, reason)
	}
	return api.Errorf(status, code, "%s on resource: %s %s", subject, req.Resource, reason)
}

func who(c iam.Caller) string {
	if arn := c.ARN(); arn != "" {
		return arn
	}
	if s := c.Service(); s != "" {
		return s
	}
	return "anonymous"
}

// because is the part of the message about the type of policy, and whether
// that is the resource's own.
func because(req iam.Request, p iam.Policies, d iam.Decision, service string) (reason string, byResource bool) {
	if d.Explicit {
		kind, byResource := denier(p, d, service)
		return "with an explicit deny in " + kind, byResource
	}
	kind, byResource := lacking(req, p, service)
	return "because no " + kind + " allows the " + req.Action + " action", byResource
}

// denier names the type of the policy that has the Deny. The policy's own ARN
// follows where it has one: inline policies have none.
func denier(p iam.Policies, d iam.Decision, service string) (kind string, byResource bool) {
	named := func(kind string) (string, bool) {
		switch {
		case !strings.HasPrefix(d.Source, "arn:"):
			return kind, false
		case service == "s3":
			return kind + ", with policy ARN: " + d.Source, false
		}
		return kind + ": " + d.Source, false
	}
	for _, s := range p.Identity {
		if s.Name == d.Source {
			return named("an identity-based policy")
		}
	}
	for _, s := range p.Session {
		if s.Name == d.Source {
			return named("a session policy")
		}
	}
	if p.Boundary != nil && p.Boundary.Name == d.Source {
		return named("a permissions boundary")
	}
	// The bucket policy, key policy, ...; or Block Public Access, which S3
	// words the same.
	if service == "sts" {
		return "the role trust policy", true
	}
	return "a resource-based policy", true
}

// lacking names the type of policy that would have had to allow the request.
// It is found by asking again with that type out of the way. If more than one
// type is lacking AWS names only one.
func lacking(req iam.Request, p iam.Policies, service string) (kind string, byResource bool) {
	without := func(change func(*iam.Policies)) bool {
		q := p
		change(&q)
		return iam.Evaluate(req, q).Allowed
	}
	everything := []iam.Source{{Name: "everything", Document: iam.Document{
		Version:   iam.Version,
		Statement: []iam.Statement{{Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}}},
	}}}
	switch {
	case p.Boundary != nil && without(func(q *iam.Policies) { q.Boundary = nil }):
		return "permissions boundary", false
	case len(p.Session) > 0 && without(func(q *iam.Policies) { q.Session = nil }):
		return "session policy", false
	case without(func(q *iam.Policies) { q.Identity, q.Boundary, q.Session = everything, nil, nil }):
		return "identity-based policy", false
	case service == "sts":
		return "role trust policy", true
	}
	return "resource-based policy", true
}

// sessionName is the last part of an assumed-role ARN.
func sessionName(c iam.Caller) string {
	s := c.ARN()
	return s[strings.LastIndexByte(s, '/')+1:]
}
