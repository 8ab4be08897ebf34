//go:build differential

package iamsimulate

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// difference is a point on which the two are meant to differ. as rewrites a
// case into one in which iam must say what iam-simulate says of the
// original; it returns false if the case isn't about this point.
type difference struct {
	name string
	as   func(*testCase) bool
}

// differences with their sources are listed in README.md under the same names.
var differences = []difference{
	{"session policy", sessionPolicyLimitsEverything},
	{"NotPrincipal", notPrincipalNeedsOneMatch},
	{"ForAnyValue with IfExists", forAnyValueDropsIfExists},
	{"variable without value", variableWithoutValueFails},
	{"IPv4 address without prefix", bareAddress},
	{"IPv4 prefix of length 0", zeroPrefix},
	{"fixed values", fixedValues},
	{"variables in old versions", everyVersionHasVariables},
	{"NotResource without value", notResourceWithoutValue},
	{"wildcard beyond a colon", wildcardStaysInSegment},
	{"Null on an empty string", emptyStringIsThere},
}

// intended names the fewest differences that explain why the verdicts differ, ""
// if none do: with the case rewritten by them, the verdicts must be equal.
func intended(c testCase, theirs string) string {
	best := ""
	for size := 1; size <= 3 && best == ""; size++ {
		for set := uint(1); set < 1<<len(differences) && best == ""; set++ {
			if bits.OnesCount(set) == size {
				best = explains(c, set, theirs)
			}
		}
	}
	return best
}

// explains tries one set of rewrites, each of which must change the case.
func explains(c testCase, set uint, theirs string) string {
	c.policies = clone(c.policies)
	var names []string
	for i, d := range differences {
		if set&(1<<i) == 0 {
			continue
		}
		if !d.as(&c) {
			return ""
		}
		names = append(names, d.name)
	}
	if verdict(iam.Evaluate(c.request, c.policies)) != theirs {
		return ""
	}
	return strings.Join(names, " + ")
}

func sessionPolicyLimitsEverything(c *testCase) bool {
	p := &c.policies
	if len(p.Session) == 0 || !grantedDirectly(*c) {
		return false
	}
	p.SCPs = append(slices.Clone(p.SCPs), p.Session)
	p.Session = nil
	return true
}

// grantedDirectly: the resource policy allows the request although neither an
// identity policy nor the boundary does.
func grantedDirectly(c testCase) bool {
	c.policies = clone(c.policies)
	c.policies.Identity, c.policies.Session = nil, nil
	if r := c.policies.Resource; r != nil {
		// With a boundary these would deny whomever they list.
		r.Document.Statement = slices.DeleteFunc(r.Document.Statement, func(st iam.Statement) bool { return st.NotPrincipal != nil })
	}
	c.policies.Boundary = &iam.Source{}
	return c.account == owner && iam.Evaluate(c.request, c.policies).Allowed
}

func notPrincipalNeedsOneMatch(c *testCase) (changed bool) {
	if c.policies.Resource == nil {
		return false
	}
	way := []string{c.account, "arn:aws:iam::" + c.account + ":root", c.callerARN, c.principal}
	for i := range c.policies.Resource.Document.Statement {
		st := &c.policies.Resource.Document.Statement[i]
		if st.NotPrincipal == nil || c.account == "" {
			continue
		}
		listed := func(names ...string) bool {
			return slices.ContainsFunc(st.NotPrincipal.AWS, func(a string) bool { return slices.Contains(names, a) })
		}
		all := listed(way[:2]...) && listed(c.callerARN) && listed(c.principal)
		if listed(way...) && (!all || c.policies.Boundary != nil) {
			changed = true
			st.Action, st.NotAction = iam.Strings{"s3:NoSuchAction"}, nil // spared
		}
	}
	return changed
}

func forAnyValueDropsIfExists(c *testCase) (changed bool) {
	eachCondition(c, func(cond iam.Condition) {
		for op, keys := range cond {
			if plain, ok := strings.CutSuffix(op, "IfExists"); ok && strings.HasPrefix(op, "ForAnyValue:") {
				changed = true
				delete(cond, op)
				if cond[plain] != nil {
					// Both forms on the same operator: keep both alive.
					for k, v := range keys {
						cond[plain][k] = v
					}
					continue
				}
				cond[plain] = keys
			}
		}
	})
	return changed
}

// variableWithoutValueFails: a negated operator with such a value is false
// there. The line is replaced by one that is never true.
func variableWithoutValueFails(c *testCase) (changed bool) {
	eachCondition(c, func(cond iam.Condition) {
		for op, keys := range cond {
			if !strings.Contains(op, "Not") {
				continue
			}
			for k, values := range keys {
				if !present(c, k) || !slices.ContainsFunc(values, func(v string) bool { return c.lacksValue(v) }) {
					continue
				}
				changed = true
				delete(keys, k)
				if cond["Null"] == nil {
					cond["Null"] = map[string]iam.Strings{}
				}
				cond["Null"]["aws:ResourceAccount"] = iam.Strings{"true"}
			}
		}
	})
	return changed
}

// zeroPrefix: there 0.0.0.0/0 contains no address.
func zeroPrefix(c *testCase) (changed bool) {
	eachCondition(c, func(cond iam.Condition) {
		for op, keys := range cond {
			for k, values := range keys {
				for i, v := range values {
					if v == "0.0.0.0/0" && strings.Contains(op, "IpAddress") {
						changed = true
						cond[op][k][i] = "255.255.255.255/32"
					}
				}
			}
		}
	})
	return changed
}

func everyVersionHasVariables(c *testCase) (changed bool) {
	eachSource(c, func(s *iam.Source) {
		changed = changed || s.Document.Version != iam.Version
		s.Document.Version = iam.Version
	})
	return changed
}

// notResourceWithoutValue: there such a Deny doesn't match, as no such Allow does.
func notResourceWithoutValue(c *testCase) (changed bool) {
	eachSource(c, func(s *iam.Source) {
		for i := range s.Document.Statement {
			st := &s.Document.Statement[i]
			if st.Effect == iam.Deny && slices.ContainsFunc(st.NotResource, c.lacksValue) {
				changed = true
				st.Action, st.NotAction = iam.Strings{"s3:NoSuchAction"}, nil
			}
		}
	})
	return changed
}

// lacksValue: v has a policy variable whose key the request doesn't have.
func (c *testCase) lacksValue(v string) bool {
	_, rest, ok := strings.Cut(v, "${")
	key, _, _ := strings.Cut(rest, "}")
	return ok && len(key) > 1 && !strings.Contains(key, "'") && !present(c, key)
}

// emptyStringIsThere: there a key with an empty string is no missing one. Null
// tests a key that every request has instead.
func emptyStringIsThere(c *testCase) (changed bool) {
	eachCondition(c, func(cond iam.Condition) {
		for k, want := range cond["Null"] {
			if have := c.request.Context[k]; len(have) == 1 && have[0] == "" {
				changed = true
				delete(cond["Null"], k)
				cond["Null"]["aws:ResourceAccount"] = want
			}
		}
	})
	return changed
}
