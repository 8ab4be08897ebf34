package iam

import "strings"

// Request is one call, as IAM sees it.
type Request struct {
	Caller   Caller
	Action   string // "s3:PutObject"
	Resource string // ARN of the resource
	// ResourceAccount owns the resource: 12 digits.
	ResourceAccount string
	// Context holds the condition keys of the request beyond those that
	// follow from Caller and Resource. Key names match in any case.
	Context map[string]Strings
}

// Source is a document with the name under which explanations show it.
type Source struct {
	Name     string // "bucket policy of acme-dev-sse-c", "role put/inline Objects"
	Document Document
}

// Policies are all that apply to a request. Evaluate ignores Identity, Boundary,
// Session and SCPs for callers that they don't apply to: only users, federated
// users and role sessions have all of them, and the root user has SCPs.
type Policies struct {
	Identity []Source   // attached to the caller (user or role)
	Boundary *Source    // the caller's permissions boundary
	Session  []Source   // session policies
	Resource *Source    // bucket policy, key policy, trust policy, secret policy
	SCPs     [][]Source // of the caller's account, a level each, root first
	RCPs     [][]Source // of the resource's account, beside RCPFullAWSAccess
	// ManagementAccount is that of the organization, if it is known: neither SCPs
	// nor RCPs limit it.
	ManagementAccount string
	// PublicAccess is the bucket's Block Public Access; nil: not a bucket.
	PublicAccess *PublicAccessBlock
	// AccessPoint is that through which the request comes to the bucket. The
	// request still names the bucket or its object. Nil: straight to the bucket.
	AccessPoint *AccessPoint
}

// PublicAccessBlock is S3 Block Public Access, as far as it decides requests.
type PublicAccessBlock struct {
	BlockPublicPolicy     bool // refuses PutBucketPolicy of a public policy
	RestrictPublicBuckets bool // a public policy admits only AWS services and the owner's account
}

// Evaluate decides a request. It denies a malformed one (a caller that is no ARN,
// a ResourceAccount that is no account, a Context that contradicts the caller),
// and the decision says why.
//
// Source: IAM user guide, reference_policies_evaluation-logic_policy-eval-denyallow
// and reference_policies_evaluation-logic-cross-account.
func Evaluate(req Request, policies Policies) Decision {
	if why := malformed(&req); why != "" {
		return malformedRequest(&req, why, false)
	}
	if allowed, why := withoutPolicies(&req); why != "" {
		d := refused(&req, why)
		d.Allowed = allowed
		return d
	}
	if point := policies.AccessPoint; point != nil {
		if why := point.malformed(&req); why != "" {
			return malformedRequest(&req, why, false)
		}
		return through(*point, req, policies)
	}
	return decide(req, policies, req.Resource)
}

func malformed(req *Request) string {
	if why := req.Caller.malformed(); why != "" {
		return why
	}
	switch {
	case !strings.Contains(req.Action, ":") || strings.ContainsAny(req.Action, "*?"):
		return "the request's action " + quoteList(Strings{req.Action}) + " is not of the form service:Name"
	case req.Resource == "":
		return "the request names no resource"
	case service(req.Action) == "s3" && strings.Contains(req.Resource, ":accesspoint/") && strings.Contains(req.Resource, "/object/"):
		return "the request names an object through an access point, " + req.Resource + "; name it in its bucket, and the access point in Policies.AccessPoint"
	case !isAccount(req.ResourceAccount):
		return "the request's ResourceAccount " + quoteList(Strings{req.ResourceAccount}) + " is not an account of 12 digits"
	}
	if account := arnAccount(req.Resource); isAccount(account) && account != req.ResourceAccount {
		return "the request's ResourceAccount is " + req.ResourceAccount + ", but " + req.Resource + " is of account " + account
	}
	return ""
}

// applicable drops the policies that don't concern this request.
//
// Source: AWS Organizations user guide, orgs_manage_policies_scps (SCPs limit
// users and roles of member accounts, and their root user, but no service-linked
// role) and orgs_manage_policies_rcps.
func applicable(req *Request, p Policies) Policies {
	c := req.Caller
	switch c.kind {
	case anonymous, serviceCaller, federatedCaller, canonicalCaller:
		p.Identity, p.Boundary, p.Session, p.SCPs = nil, nil, nil, nil
	case rootCaller:
		p.Identity, p.Boundary, p.Session = nil, nil, nil
	}
	if c.serviceLinked() || c.account == p.ManagementAccount {
		p.SCPs = nil
	}
	if !rcpsApply(req) || req.ResourceAccount == p.ManagementAccount {
		p.RCPs = nil
	}
	return p
}

// evaluation is the state of one decision.
type evaluation struct {
	*context
	policies Policies

	deny     *hit // the first Deny that matches
	identity *hit // Allow statements, the first of each kind
	boundary *hit
	session  *hit
	resource [directGrant + 1]*hit // by grant
	scps     int                   // levels that allow, from the root on
	near     []hit                 // Allow statements whose action and resource matched
}

// hit is a statement with what it said.
type hit struct {
	source *Source
	index  int
	match  match
}

func (e *evaluation) run(target string) {
	p := &e.policies
	e.target = target
	for i := range p.Identity {
		e.read(&p.Identity[i], identityPolicy, func(h *hit) { keepFirst(&e.identity, h) })
	}
	if p.Boundary != nil {
		e.read(p.Boundary, identityPolicy, func(h *hit) { keepFirst(&e.boundary, h) })
	}
	for i := range p.Session {
		e.read(&p.Session[i], sessionPolicy, func(h *hit) { keepFirst(&e.session, h) })
	}
	e.scps = e.levels(p.SCPs)
	e.target = e.req.Resource
	if p.Resource != nil {
		e.read(p.Resource, resourcePolicy, func(h *hit) { keepFirst(&e.resource[h.match.grant], h) })
	}
	// RCPs only deny: RCPFullAWSAccess can't be detached, "so there will always be
	// an Allow statement". Source: IAM user guide,
	// reference_policies_evaluation-logic_policy-eval-denyallow.
	e.levels(p.RCPs)
}

func keepFirst(at **hit, h *hit) {
	if *at == nil {
		*at = h
	}
}

// levels is the number of levels that allow, counted from the root to the
// first that doesn't. It reads them all, since any of them may have a Deny.
func (e *evaluation) levels(levels [][]Source) int {
	n := 0
	for i, level := range levels {
		allowed := false
		for j := range level {
			e.read(&level[j], organizationPolicy, func(*hit) { allowed = true })
		}
		if allowed && n == i {
			n++
		}
	}
	return n
}

// read tries every statement of a document: the first Deny that matches is
// kept, every Allow that matches is handed to allow.
func (e *evaluation) read(s *Source, in policyType, allow func(*hit)) {
	e.variables = s.Document.Version == Version
	for i := range s.Document.Statement {
		st := &s.Document.Statement[i]
		m := e.match(st, in)
		switch {
		case m.failed == none && st.Effect == Allow:
			allow(&hit{s, i, m})
		case m.failed == none && !(in == resourcePolicy && e.ownerKeepsPolicy()):
			keepFirst(&e.deny, &hit{s, i, m})
		case st.Effect == Allow && m.failed >= principalPart:
			e.near = append(e.near, hit{s, i, m})
		}
	}
}
