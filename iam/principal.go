package iam

import "strings"

// grant says through what a statement's Principal reaches the caller. It
// matters for Allow statements: what is granted through the account still
// needs the caller's own policies, what is granted to a role is limited by
// its boundary, what is granted to a session or a user is limited by neither.
//
// Source: IAM user guide, reference_policies_evaluation-logic_policy-eval-denyallow,
// "Resource-based policies".
type grant int

const (
	noGrant      grant = iota
	accountGrant       // the caller's account
	roleGrant          // the role of the session
	directGrant        // the session, the user, the service, or "*"
)

// grantTo is how p reaches the caller c.
//
// Principal ARNs are compared whole and in their case: they have no wildcards
// except "*" alone.
//
// Source: IAM user guide, reference_policies_elements_principal.
func (p *Principal) grantTo(c Caller) grant {
	if p.Any {
		return directGrant
	}
	best := noGrant
	for _, v := range p.AWS {
		best = max(best, awsGrant(v, c))
	}
	if c.kind == serviceCaller && p.hasService(c.service) {
		return directGrant
	}
	return best
}

func (p *Principal) hasService(name string) bool {
	for _, v := range p.Service {
		if v == name {
			return true
		}
	}
	return false
}

func awsGrant(principal string, c Caller) grant {
	switch {
	case principal == "*":
		return directGrant
	case c.account == "":
		return noGrant
	case principal == c.account, principal == rootARN(c):
		if c.kind == rootCaller {
			return directGrant
		}
		return accountGrant
	case c.kind == roleSession && principal == c.arn:
		return roleGrant
	case principal == c.ARN():
		return directGrant
	}
	return noGrant
}

// rootARN is the ARN of the caller's account, in the caller's partition.
func rootARN(c Caller) string {
	prefix, _, _ := strings.Cut(c.arn, ":iam::")
	return prefix + ":iam::" + c.account + ":root"
}

// excludes says whether p, as the NotPrincipal of a Deny, spares the caller.
//
// AWS may check the account, then the role, then the session, each against
// the list: a user is spared only if its account is listed with it, a session
// only if its account, its role and itself are. And no one who has a
// permissions boundary is ever spared.
//
// Source: IAM user guide, reference_policies_elements_notprincipal. Whether the
// session itself must be listed is left open there ("might validate"); asking
// for it denies more.
func (p *Principal) excludes(c Caller, boundary bool) bool {
	if boundary {
		return false
	}
	if p.Any || p.lists("*") {
		return true
	}
	if c.kind == serviceCaller {
		return p.hasService(c.service)
	}
	if c.account == "" || !p.lists(c.account) && !p.lists(rootARN(c)) {
		return false
	}
	return c.kind == rootCaller || p.lists(c.arn) && p.lists(c.ARN())
}

func (p *Principal) lists(principal string) bool {
	for _, v := range p.AWS {
		if v == principal {
			return true
		}
	}
	return false
}
