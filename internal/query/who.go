package query

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/spelling"
)

var (
	identityARN = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):(?:(role|user)/.+|root)$`)
	sessionARN  = regexp.MustCompile(`^arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/([^/]+)/([^/]+)$`)
	outsideARN  = regexp.MustCompile(`^arn:aws[a-z-]*:(?:iam::[0-9]{12}:(?:oidc|saml)-provider/.+|sts::[0-9]{12}:federated-user/[^/]+)$`)
)

// principals are whom a name means: one of the tables, or whoever has an ARN. Of
// a role or user that the stacks don't make the IAM policies aren't known: both
// ends are asked about.
func principals(set *resource.Set, name string) ([]asking, error) {
	known := reach.Principals(set)
	var list []asking
	var names []string
	for _, p := range known {
		if name == "" || p.Name == name {
			list = append(list, asking{Principal: p})
		}
		names = append(names, p.Name)
	}
	if len(list) > 0 {
		return list, nil
	}
	for _, p := range known { // a principal with an ARN of a kind of its own
		if p.Caller.PrincipalARN() == name && !identityARN.MatchString(name) {
			return []asking{{Principal: p}}, nil
		}
	}
	caller, err := callerOf(set, known, name)
	if err != nil {
		return nil, err
	}
	if caller == nil {
		return nil, fmt.Errorf("--who %q: nobody of that name: write an ARN, or a name of the table, such as %s", name, spelling.Nearest(name, names))
	}
	p := access.Principal{Name: name, Caller: *caller}
	if set.IdentityOf(*caller) != nil || !hasIAMPolicies(*caller) {
		return []asking{{Principal: p}}, nil
	}
	most := p
	most.Identity = everything()
	if outsideARN.MatchString(name) { // a federated user, whose session may have all that its user has
		most.Session = everything()
	}
	return []asking{{p, "no IAM policy of its own"}, {most, "all permissions of IAM"}}, nil
}

// hasIAMPolicies: the root user needs none, and services have none.
func hasIAMPolicies(c iam.Caller) bool {
	return c.Account() != "" && !strings.HasSuffix(c.PrincipalARN(), ":root")
}

// callerOf is who asks under an ARN or as a service; nil for what is neither.
func callerOf(set *resource.Set, known []access.Principal, name string) (*iam.Caller, error) {
	if m := sessionARN.FindStringSubmatch(name); m != nil {
		return new(iam.RoleSession(roleOf(set, known, m[1], m[2], m[3]), m[4])), nil
	}
	m := identityARN.FindStringSubmatch(name)
	switch {
	case m != nil && m[3] == "role":
		return new(iam.RoleSession(name, "session")), nil
	case m != nil && m[3] == "user":
		return new(iam.User(name)), nil
	case m != nil:
		return new(iam.AccountRoot(name)), nil
	case outsideARN.MatchString(name):
		return new(question.Caller(name)), nil
	case question.BuiltIn(name):
		return new(iam.Federated(name)), nil
	case strings.HasSuffix(name, ".amazonaws.com"):
		return new(iam.ServicePrincipal(name)), nil
	case strings.HasPrefix(name, "arn:"):
		return nil, fmt.Errorf("--who %s: nobody asks under such an ARN: write one such as arn:aws:iam::111122223333:role/NAME, .../user/NAME, .../oidc-provider/HOST, .../saml-provider/NAME, or arn:aws:sts::111122223333:assumed-role/NAME/SESSION, .../federated-user/NAME", name)
	}
	return nil, nil
}

// claims tells what an OIDC provider says of whoever asks from the other keys of a
// question: its keys begin with its host.
//
// Source: IAM user guide, reference_policies_iam-condition-keys, "Available keys
// for AWS OIDC federation".
func claims(provider string, with question.Context) (of, rest question.Context) {
	if _, host, ok := strings.Cut(provider, ":oidc-provider/"); ok {
		provider = host
	}
	of, rest = question.Context{}, question.Context{}
	for key, values := range with {
		if provider != "" && strings.HasPrefix(strings.ToLower(key), strings.ToLower(provider)+":") {
			of[key] = values
		} else {
			rest[key] = values
		}
	}
	return of, rest
}

// roleOf is the ARN of a session's role. The session's ARN has the role's name
// without its path, and a name is used once in an account, whatever the path: a
// role that the stacks make or name is the one that is meant.
func roleOf(set *resource.Set, known []access.Principal, partition, account, name string) string {
	if r := set.RoleNamed(name, account); r != nil {
		return r.ARN
	}
	for _, p := range known {
		arn := p.Caller.RoleARN()
		if p.Caller.Account() == account && strings.HasSuffix(arn, "/"+name) {
			return arn
		}
	}
	return "arn:" + partition + ":iam::" + account + ":role/" + name
}
