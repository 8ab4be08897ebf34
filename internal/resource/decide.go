package resource

import (
	"errors"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Request is a question to a Set.
type Request struct {
	Caller   iam.Caller
	Action   string                 // "s3:PutObject"
	Resource string                 // ARN
	Context  map[string]iam.Strings // condition keys of the request

	// Identity holds the caller's own policies. When nil, those of a role or
	// user that the stacks make; everybody else has none.
	Identity []iam.Source

	// Policy stands for the resource's own: of a resource that no stack makes,
	// or in place of the one that it has. Nil: as the stacks have it.
	Policy *iam.Source
}

// Decision is what the policies say that could be read.
type Decision struct {
	iam.Decision
	// Unread is what could not be read and may change the decision; nil when it
	// is certain.
	Unread []Unread
}

// Decide evaluates a request with the policies of the caller and of the
// resource, each from its own account's templates.
func (s *Set) Decide(r Request) Decision {
	q := question{Request: r, policies: iam.Policies{Identity: r.Identity}}
	q.request = iam.Request{Caller: r.Caller, Action: r.Action, Resource: r.Resource, Context: r.Context}
	if r.Identity == nil {
		s.takeIdentity(&q)
	}
	s.takeResource(&q)
	if r.Policy != nil {
		q.policies.Resource, q.ofResource = r.Policy, nil
	}
	if q.request.ResourceAccount == "" && len(q.ofResource) == 0 {
		q.ofResource = []Unread{{Err: errors.New("the account of " + r.Resource + ": it isn't given")}}
	}
	d := Decision{Decision: iam.Evaluate(q.request, q.policies)}
	if !d.Explicit && q.restsOnUnread() {
		d.Unread = slices.Concat(q.ofIdentity, q.ofResource)
	}
	return d
}

// question is a request with the policies that decide it, and what of them is
// unread.
type question struct {
	Request
	request                iam.Request
	policies               iam.Policies
	ofIdentity, ofResource []Unread
}

func (s *Set) takeIdentity(q *question) {
	if i := s.IdentityOf(q.Caller); i != nil {
		q.policies.Identity, q.policies.Boundary = i.Policies, i.Boundary
		q.ofIdentity = i.Unread
		return
	}
	if u, ok := s.leftOut[q.Caller.PrincipalARN()]; ok {
		q.ofIdentity = []Unread{u}
	}
}

// takeResource finds the resource's own policy and account. A resource that no
// stack makes has none, and belongs to the account in its ARN.
func (s *Set) takeResource(q *question) {
	arn := q.Resource
	id := arn
	q.request.ResourceAccount = ARN(arn).AccountID
	if _, rest, isBucket := strings.Cut(arn, ":s3:::"); isBucket {
		id, _, _ = strings.Cut(rest, "/")
	}
	if b := s.buckets[id]; b != nil {
		q.policies.PublicAccess = &b.PublicAccess
		if why := b.aclMayGrant(q.Caller, q.Action); why != nil {
			q.ofResource = append(q.ofResource, Unread{b.Resource, why})
		}
	}
	if strings.Contains(arn, ":accesspoint/") {
		id, _, _ = strings.Cut(arn, "/object/")
		q.ofResource = append(q.ofResource, Unread{Err: errors.New("how the access point and its bucket decide together, which isn't asked here")})
	}
	if g := s.byID[id]; g != nil {
		q.policies.Resource, q.request.ResourceAccount = g.Policy, g.Account
		q.ofResource = append(q.ofResource, g.Unread...)
	} else if r := s.roles[id]; r != nil {
		q.policies.Resource, q.request.ResourceAccount = &r.Trust, r.Account
	} else if u, ok := s.leftOut[id]; ok {
		q.ofResource, q.request.ResourceAccount = append(q.ofResource, u), u.Stack().Account
	}
}

// restsOnUnread says whether what is unread can change a decision that is no
// explicit denial: whether it would be allowed if all of that allowed everything.
// What is allowed already, it may still deny or limit.
func (q *question) restsOnUnread() bool {
	switch {
	case len(q.ofIdentity) == 0 && len(q.ofResource) == 0:
		return false
	case q.request.ResourceAccount == "" || strings.Contains(q.Resource, ":accesspoint/"):
		return true // and the evaluation denies for that alone
	}
	most := q.policies
	everything := iam.Statement{Sid: "Unread", Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}}
	if len(q.ofIdentity) > 0 {
		most.Identity = append(slices.Clone(most.Identity), unreadSource(everything))
		most.Boundary = nil
	}
	if len(q.ofResource) > 0 {
		everything.Principal = &iam.Principal{Any: true}
		most.Resource, most.PublicAccess = new(unreadSource(everything)), nil
	}
	return iam.Evaluate(q.request, most).Allowed
}

func unreadSource(s iam.Statement) iam.Source {
	return iam.Source{Name: "what is unread", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{s}}}
}
