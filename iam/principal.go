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
	roleGrant          // the role of the session, or the federated user's user
	directGrant        // the session, the user, the service, or "*"
)

// grantTo is how p reaches the caller c.
//
// Principal ARNs are compared whole and in their case: they have no wildcards
// except "*" alone.
//
// Source: IAM user guide, reference_policies_elements_principal.
func (p *Principal) grantTo(c Caller) grant {
	if c.kind == federatedCaller {
		if contains(p.Federated, c.arn) {
			return directGrant
		}
		return noGrant
	}
	if p.Any {
		return directGrant
	}
	best := noGrant
	for _, v := range p.AWS {
		best = max(best, awsGrant(v, c))
	}
	switch {
	case c.kind == serviceCaller && contains(p.Service, c.service):
		return directGrant
	case c.canonical != "" && contains(p.CanonicalUser, c.canonical):
		return max(best, accountOrRoot(c))
	}
	return best
}

// mayMean is the question whether p reaches the caller although grantTo says no;
// "" if that is certain. That an Allow for a canonical user may mean the account
// of any caller isn't asked: the canonical user itself is the caller to ask about.
func (p *Principal) mayMean(c Caller, deny bool) string {
	switch {
	case c.kind == federatedCaller:
		if p.Any || contains(p.AWS, "*") {
			return "whether * stands for federated principals"
		}
	case c.kind == canonicalCaller && len(p.AWS) > 0:
		return "which account canonical user " + c.canonical + " is"
	case deny && c.account != "" && c.canonical == "" && len(p.CanonicalUser) > 0:
		return "which account canonical user " + p.CanonicalUser[0] + " is"
	}
	return ""
}

func contains(list Strings, s string) bool {
	for _, v := range list {
		if v == s {
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
		return accountOrRoot(c)
	case (c.kind == roleSession || c.kind == federatedUser) && principal == c.arn:
		return roleGrant
	case principal == c.ARN():
		return directGrant
	}
	return noGrant
}

// accountOrRoot is what naming the caller's account grants.
func accountOrRoot(c Caller) grant {
	if c.kind == rootCaller || c.kind == canonicalCaller {
		return directGrant
	}
	return accountGrant
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
// Source: IAM user guide, reference_policies_elements_notprincipal.
func (p *Principal) excludes(c Caller, boundary bool) bool {
	switch {
	case boundary:
		return false
	case p.Any || contains(p.AWS, "*"):
		return c.kind != federatedCaller
	case c.kind == serviceCaller:
		return contains(p.Service, c.service)
	case c.kind == federatedCaller:
		return contains(p.Federated, c.arn)
	case c.kind == canonicalCaller:
		return contains(p.CanonicalUser, c.canonical)
	case c.account == "" || !p.listsAccount(c):
		return false
	}
	return c.kind == rootCaller || contains(p.AWS, c.arn) && contains(p.AWS, c.ARN())
}

// mayExclude is the question whether p spares the caller although excludes says
// no; "" if that is certain.
func (p *Principal) mayExclude(c Caller, boundary bool) string {
	switch {
	case boundary:
	case c.kind == federatedCaller && (p.Any || contains(p.AWS, "*")):
		return "whether * stands for federated principals"
	case c.kind == canonicalCaller && len(p.AWS) > 0:
		return "which account canonical user " + c.canonical + " is"
	case c.account != "" && (p.listsAccount(c) || contains(p.AWS, c.arn) || contains(p.AWS, c.ARN())):
		return "which of account, role, user and session a NotPrincipal must list" // AWS "might validate" each
	}
	return ""
}

func (p *Principal) listsAccount(c Caller) bool {
	return contains(p.AWS, c.account) || contains(p.AWS, rootARN(c)) || c.canonical != "" && contains(p.CanonicalUser, c.canonical)
}
