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

// match tries a statement on the request. A statement of a resource policy must
// have a Principal.
//
// A statement that IAM would have refused (no Principal in a resource policy, no
// Resource, an unknown operator) never allows, and denies what its readable
// parts match.
func (x *context) match(s *Statement, in policyType) match {
	deny := s.Effect != Allow
	if !x.matchesAction(s) {
		return match{failed: actionPart}
	}
	if !x.matchesResource(s, in) {
		return match{failed: resourcePart}
	}
	m := match{}
	if in == resourcePolicy {
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
		switch {
		case !beginsAs(p, x.action):
		case len(p) == len(x.action) && strings.EqualFold(p, x.action), (pattern{text: strings.ToLower(p)}).match(x.action):
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

func (x *context) matchesPrincipal(s *Statement, deny bool) grant {
	c := x.req.Caller
	switch {
	case s.Principal != nil:
		g := s.Principal.grantTo(c)
		if g == noGrant {
			if q := s.Principal.mayMean(c, deny); q != "" && x.leftOpen(q) == deny {
				return directGrant
			}
		}
		return g
	case deny && s.NotPrincipal != nil:
		if s.NotPrincipal.excludes(c, x.boundary) {
			return noGrant
		}
		if q := s.NotPrincipal.mayExclude(c, x.boundary); q != "" && !x.leftOpen(q) {
			return noGrant
		}
		return directGrant
	case deny:
		return directGrant
	}
	return noGrant // Allow with NotPrincipal "is not supported"
}
