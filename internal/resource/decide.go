package resource

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Request is a question to a Set.
type Request struct {
	Caller   iam.Caller
	Action   string                 // "s3:PutObject"
	Resource string                 // ARN
	Context  map[string]iam.Strings // condition keys of the request

	// Identity holds the caller's own policies. When nil, those of a role that
	// the stacks make; everybody else has none.
	Identity []iam.Source

	// Policy stands for the resource's own: of a resource that no stack makes,
	// or in place of the one that it has. Nil: as the stacks have it.
	Policy *iam.Source
}

// Decide evaluates a request with the policies of the caller and of the
// resource, each from its own account's templates.
func (s *Set) Decide(r Request) iam.Decision {
	policies := iam.Policies{Identity: r.Identity}
	if role := s.RoleWithARN(r.Caller.RoleARN()); role != nil && r.Identity == nil {
		policies.Identity = role.Policies
	}
	request := iam.Request{Caller: r.Caller, Action: r.Action, Resource: r.Resource, Context: r.Context}
	request.ResourceAccount = s.attach(&policies, r.Resource)
	if r.Policy != nil {
		policies.Resource = r.Policy
	}
	return iam.Evaluate(request, policies)
}

// attach finds the resource's own policy and returns the resource's account. A
// resource that no stack makes has none, and belongs to the account in its ARN.
func (s *Set) attach(p *iam.Policies, arn string) string {
	if _, rest, isBucket := strings.Cut(arn, ":s3:::"); isBucket {
		name, _, _ := strings.Cut(rest, "/")
		if b := s.BucketNamed(name); b != nil {
			p.Resource = b.Policy
			p.PublicAccess = &b.PublicAccess
			return b.Account
		}
	}
	if k := s.KeyWithARN(arn); k != nil {
		p.Resource = &k.Policy
		return k.Account
	}
	if r := s.RoleWithARN(arn); r != nil {
		p.Resource = &r.Trust
		return r.Account
	}
	if secret := s.secrets[arn]; secret != nil {
		p.Resource = secret.Policy
		return secret.Account
	}
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}
