package resource

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Request is a question to a Set.
type Request struct {
	Caller   iam.Caller
	Action   string                 // "s3:PutObject"
	Resource string                 // ARN; that of an access point, or of an object behind it, asks through it
	Context  map[string]iam.Strings // condition keys of the request

	// Identity holds the caller's own policies. When nil, those of a role or
	// user that the stacks make; everybody else has none.
	Identity []iam.Source

	// Boundary is the caller's permissions boundary. When nil, that of a role or
	// user that the stacks make. Session are the session's own policies.
	Boundary *iam.Source
	Session  []iam.Source

	// Policy stands for the resource's own: of a resource that no stack makes,
	// or in place of the one that it has. Nil: as the stacks have it.
	Policy *iam.Source

	// Account is the resource's, where its ARN has none and no stack makes it.
	Account string

	// Elsewhere says why the resource's own policies, which may allow
	// everything, aren't known: no stack makes it. Nil: it has none but those
	// of the stacks.
	Elsewhere error
}

// Decision is what the policies say that could be read.
type Decision struct {
	iam.Decision
	// Unread is what could not be read and may change the decision; nil when it
	// is certain.
	Unread []Unread
}

// Decide evaluates a request with all that grants or limits: the policies of the
// caller and of the resource, each from its own account's templates, its ACL, and
// the organization's policies for both accounts.
func (s *Set) Decide(r Request) Decision {
	q := question{Request: r, policies: iam.Policies{Identity: r.Identity, Session: r.Session}}
	q.request = iam.Request{Caller: r.Caller, Action: r.Action, Resource: r.Resource, Context: r.Context}
	s.takeIdentity(&q)
	s.takeResource(&q)
	if q.request.ResourceAccount == "" {
		q.request.ResourceAccount = r.Account
	}
	if r.Elsewhere != nil {
		q.ofResource = append(q.ofResource, Unread{Err: r.Elsewhere})
	}
	s.takeOrganization(&q)
	s.takeEndpoints(&q)
	s.takeCall(&q)
	if r.Policy != nil {
		q.policies.Resource, q.ofResource, q.mayAllow = r.Policy, nil, nil
	}
	if q.request.ResourceAccount == "" && len(q.ofResource) == 0 {
		q.unasked = errors.New("the account of " + r.Resource + ": it isn't given")
	}
	if account := q.request.ResourceAccount; account != "" && !accountID.MatchString(account) {
		q.unasked = fmt.Errorf("the account of %s: %q is none", r.Resource, account)
	}
	d := Decision{Decision: q.evaluate(q.policies)}
	q.weigh(&d)
	if d.Open != "" {
		d.Unread = append(d.Unread, Unread{Err: OpenError{d.Open}})
	}
	return d
}

// question is a request with the policies that decide it, and what of them is
// unread.
type question struct {
	Request
	request                iam.Request
	policies               iam.Policies
	acl                    *iam.Source // what the ACL of the bucket allows
	ofIdentity, ofResource []Unread    // may allow or deny
	mayAllow               []Unread    // may only allow
	ofPoint                []Unread    // of the access point's policy
	unasked                error       // why the evaluation can't be asked at all
	limits                 []Unread    // may only deny
}

// evaluate decides by the policies and, where they leave a request open, by the
// ACL: either may allow, and only a policy can deny. The request's account needs
// what its own policies demand of it in both cases.
//
// With the ACL, the policy still denies: it may be open whether it does.
func (q *question) evaluate(policies iam.Policies) iam.Decision {
	d := iam.Evaluate(q.request, policies)
	if d.Allowed || q.acl == nil {
		return d
	}
	policies.Resource, policies.PublicAccess = withDenials(policies.Resource, *q.acl), nil
	if byACL := iam.Evaluate(q.request, policies); byACL.Allowed || d.Open == "" && byACL.Open != "" {
		return byACL
	}
	return d
}

// withDenials is a policy that allows what one does and denies what another does.
func withDenials(denies *iam.Source, allows iam.Source) *iam.Source {
	if denies == nil {
		return &allows
	}
	list := slices.Clone(allows.Document.Statement)
	for _, s := range denies.Document.Statement {
		if s.Effect != iam.Allow {
			list = append(list, s)
		}
	}
	allows.Document.Statement = list
	return &allows
}

func (s *Set) takeIdentity(q *question) {
	i := s.IdentityOf(q.Caller)
	switch {
	case q.Identity != nil:
	case i != nil:
		q.policies.Identity, q.ofIdentity = i.Policies, i.Unread
	default:
		q.ofIdentity = s.unknownIdentity(q.Caller)
	}
	switch {
	case q.Request.Boundary != nil:
		q.policies.Boundary = q.Request.Boundary
	case i != nil && q.Identity == nil:
		q.policies.Boundary = i.Boundary
		q.limits = append(q.limits, i.Limits...)
	}
}

// takeResource finds the resource's own policy and account. A resource that no
// stack makes has none, and belongs to the account in its ARN.
func (s *Set) takeResource(q *question) {
	point, err := s.throughAccessPoint(q)
	switch {
	case err != nil:
		q.unasked = err
	case point != nil:
		q.ofPoint = point.Unread
	}
	arn := q.request.Resource
	id := idOf(arn)
	if parts := ARN(arn); parts.AccountID != "" {
		q.request.ResourceAccount = parts.AccountID
	}
	if b := s.buckets[id]; b != nil {
		q.policies.PublicAccess = &b.PublicAccess
		ignorePublic := b.IgnorePublicACLs || point != nil && point.IgnorePublicACLs
		q.acl = b.aclFor(q.Caller, ignorePublic)
		if why := b.aclMayGrant(q.Caller, q.Action, ignorePublic); why != nil {
			q.ofResource = append(q.ofResource, Unread{b.Resource, why})
		}
	}
	if g := s.guardedBy(id); g != nil {
		q.policies.Resource, q.request.ResourceAccount = g.Policy, g.Account
		q.ofResource = append(q.ofResource, g.Unread...)
	} else if r := s.roles[id]; r != nil {
		q.policies.Resource, q.request.ResourceAccount = &r.Trust, r.Account
	} else if u, ok := s.leftOut[id]; ok {
		q.ofResource, q.request.ResourceAccount = append(q.ofResource, u), u.Stack().Account
	} else {
		q.ofResource = append(q.ofResource, s.ofOthers(arn)...)
		s.takeOutside(q, id)
	}
}

// idOf is the id by which a resource is known, of the ARN in a request: a bucket's
// name, or an ARN without the object, the version or the alias.
func idOf(arn string) string {
	if _, rest, isBucket := strings.Cut(arn, ":s3:::"); isBucket {
		name, _, _ := strings.Cut(rest, "/")
		return name
	}
	arn, _, _ = strings.Cut(arn, "/object/") // of an access point
	return unqualified(arn)
}

// weigh adds what can change the decision. What may allow counts if the request
// would be allowed did all of that allow everything, and it may still deny or
// limit what is allowed already. What only limits counts where the request is, or
// may be, allowed.
func (q *question) weigh(d *Decision) {
	grants := slices.Concat(q.ofIdentity, q.ofPoint, q.ofResource)
	if !d.Allowed {
		grants = append(grants, q.mayAllow...)
	}
	switch {
	case !d.Allowed && q.unasked == nil && len(grants) == 0:
		return
	case d.Explicit:
		if most, known := q.atMost(); known && most.Open != "" {
			d.Open = most.Open // of the statement that denies
		}
		return
	case q.unasked != nil:
		d.Unread = append(grants, Unread{Err: q.unasked})
		return
	case !d.Allowed:
		if most, known := q.atMost(); known && !most.Allowed {
			d.Decision = most // which says what denies it whatever the unread allows
			return
		}
	}
	d.Unread = append(grants, q.limits...)
}

// atMost is the decision if all that is unread allowed everything.
func (q *question) atMost() (d iam.Decision, known bool) {
	if q.request.ResourceAccount == "" || strings.Contains(q.Resource, ":accesspoint/") {
		return d, false // the evaluation denies for that alone
	}
	most := q.policies
	everything := iam.Statement{Sid: "Unread", Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}}
	if len(q.ofIdentity) > 0 {
		most.Identity = append(slices.Clone(most.Identity), unreadSource(everything))
	}
	everything.Principal = &iam.Principal{Any: true}
	if len(q.ofResource)+len(q.mayAllow) > 0 {
		most.Resource, most.PublicAccess = withDenials(most.Resource, unreadSource(everything)), nil
	}
	if len(q.ofPoint) > 0 {
		point := *most.AccessPoint
		point.Policy, point.PublicAccess = new(unreadSource(everything)), iam.PublicAccessBlock{}
		most.AccessPoint = &point
	}
	return q.evaluate(most), true
}

func unreadSource(s iam.Statement) iam.Source {
	return iam.Source{Name: "what is unread", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{s}}}
}
