package iam

import (
	"strings"
	"unicode/utf8"
)

// part is the part of a statement that a request does not match.
type part int

const (
	none part = iota // nothing: the statement matches
	actionPart
	resourcePart
	principalPart
	conditionPart
)

// match is what a statement says to a request.
type match struct {
	failed part
	grant  grant          // resource policies: how the principal was reached
	test   *conditionTest // the condition that failed
}

// match tries a statement on the request. inResourcePolicy says that the
// statement must have a Principal.
//
// A statement that IAM would have refused (no Principal in a resource policy, no
// Resource, an unknown operator) never allows, and denies what its readable
// parts match.
func (x *context) match(s *Statement, inResourcePolicy bool) match {
	deny := s.Effect != Allow
	if !x.matchesAction(s) {
		return match{failed: actionPart}
	}
	if !x.matchesResource(s, inResourcePolicy) {
		return match{failed: resourcePart}
	}
	m := match{}
	if inResourcePolicy {
		if m.grant = x.matchesPrincipal(s, deny); m.grant == noGrant {
			return match{failed: principalPart}
		}
	}
	if m.test = x.conditions(s.Condition, deny); m.test != nil {
		m.failed = conditionPart
	}
	return m
}

// Source: IAM user guide, reference_policies_elements_action and
// reference_policies_elements_notaction: actions match in any case.
func (x *context) matchesAction(s *Statement) bool {
	if len(s.NotAction) > 0 {
		return !x.anyAction(s.NotAction)
	}
	return x.anyAction(s.Action)
}

func (x *context) anyAction(patterns Strings) bool {
	for _, p := range patterns {
		if beginsAs(p, x.action) && (pattern{text: strings.ToLower(p)}).match(x.action) {
			return true
		}
	}
	return false
}

// beginsAs says whether an action pattern may match an action in lower case, by
// what comes before its first wildcard. AWS's own policies list actions by the
// thousand, and to write each in lower case is most of the time of a decision.
func beginsAs(pattern, action string) bool {
	const caseBit = 'a' - 'A'
	for i := range min(len(pattern), len(action)) {
		switch c := pattern[i]; {
		case c == '*', c == '?', c >= utf8.RuneSelf:
			return true
		case c|caseBit != action[i]|caseBit:
			return false
		}
	}
	return true
}

// matchesResource: a trust policy has no Resource, its statements are about the
// role that it is attached to; any other statement without one is not valid.
func (x *context) matchesResource(s *Statement, inResourcePolicy bool) bool {
	// A "*" at the end of a segment "can" reach beyond the colon, says IAM's page
	// on Resource, and does not say when. What denies is read so, and what
	// allows is not.
	switch {
	case len(s.Resource) > 0:
		for _, r := range s.Resource {
			if p, ok := x.expand(r); ok && (matchARN(p, x.target) || s.Effect != Allow && p.match(x.target)) {
				return true
			}
		}
		return false
	case len(s.NotResource) > 0:
		for _, r := range s.NotResource {
			// A variable without a value "will not match any resource": it
			// excepts none.
			if p, ok := x.expand(r); ok && (matchARN(p, x.target) || s.Effect == Allow && p.match(x.target)) {
				return false
			}
		}
		return true
	}
	return inResourcePolicy && service(x.req.Action) == "sts" || s.Effect != Allow
}

func (x *context) matchesPrincipal(s *Statement, deny bool) grant {
	switch {
	case deny && s.Principal != nil && len(s.Principal.CanonicalUser)+len(s.Principal.Federated) > 0:
		// Which callers these stand for is not modelled: a Deny reaches all.
		return directGrant
	case s.Principal != nil:
		return s.Principal.grantTo(x.req.Caller)
	case deny && s.NotPrincipal != nil:
		if s.NotPrincipal.excludes(x.req.Caller, x.boundary) {
			return noGrant
		}
		return directGrant
	case deny:
		return directGrant
	}
	return noGrant // Allow with NotPrincipal "is not supported"
}
