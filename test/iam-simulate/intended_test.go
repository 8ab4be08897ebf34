//go:build differential

package iamsimulate

import (
	"math/bits"
	"net/netip"
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

// bareAddress: there NotIpAddress with an address that has no prefix is false
// for a caller of the other family, and Block Public Access doesn't take such
// an address for a fixed value.
func bareAddress(c *testCase) (changed bool) {
	bare := func(v string) bool { return !strings.Contains(v, "/") }
	eachCondition(c, func(cond iam.Condition) {
		for op, keys := range cond {
			for k, values := range keys {
				if !strings.EqualFold(k, "aws:SourceIp") || !strings.Contains(op, "IpAddress") || !slices.ContainsFunc(values, bare) {
					continue
				}
				changed = true
				if !strings.HasPrefix(op, "Not") {
					continue
				}
				have, ok := c.request.Context["aws:SourceIp"]
				if !ok {
					continue
				}
				h := netip.MustParseAddr(have[0])
				if slices.ContainsFunc(values, func(v string) bool {
					a, err := netip.ParseAddr(v)
					return err == nil && a.Is4() != h.Is4()
				}) {
					keys[k] = iam.Strings{"0.0.0.0/0", "::/0"}
				}
			}
		}
	})
	if p := c.policies.Resource; p != nil && changed && c.policies.PublicAccess != nil && bareOnly(p.Document) {
		makePublic(c)
	}
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

// bareOnly: an Allow for everyone has a line IpAddress with a bare address.
func bareOnly(d iam.Document) bool {
	for _, st := range d.Statement {
		for k, values := range st.Condition["IpAddress"] {
			if st.Effect == iam.Allow && strings.EqualFold(k, "aws:SourceIp") && slices.ContainsFunc(values, func(v string) bool { return !strings.Contains(v, "/") }) {
				return true
			}
		}
	}
	return false
}

// fixedValues: which conditions make a policy for everyone non-public differs in
// both directions. The verdict on the policy is turned round if it depends on
// such a line.
func fixedValues(c *testCase) bool {
	p := c.policies.Resource
	if p == nil || c.policies.PublicAccess == nil || !slices.ContainsFunc(p.Document.Statement, disputed) {
		return false
	}
	if iam.Public(p.Document) {
		c.policies.PublicAccess = nil
	} else {
		makePublic(c)
	}
	return true
}

func disputed(st iam.Statement) bool {
	if st.Effect != iam.Allow || st.Principal == nil || !st.Principal.Any && !slices.Contains(st.Principal.AWS, "*") {
		return false
	}
	for op, keys := range st.Condition {
		for k, values := range keys {
			switch strings.ToLower(k) {
			case "aws:principalarn", "aws:sourcearn":
				if op != "ArnEquals" || slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, "*?$") }) {
					return true
				}
			case "aws:principalisawsservice":
				return true
			case "aws:principalservicename":
				return true
			default:
				if slices.ContainsFunc(values, func(v string) bool { return v == "anonymous" || strings.Contains(v, "${") }) {
					return true
				}
			}
		}
	}
	return false
}

func everyVersionHasVariables(c *testCase) (changed bool) {
	eachSource(c, func(s *iam.Source) {
		changed = changed || s.Document.Version != iam.Version
		s.Document.Version = iam.Version
	})
	return changed
}

// notResourceWithoutValue: there such a statement doesn't match.
func notResourceWithoutValue(c *testCase) (changed bool) {
	eachSource(c, func(s *iam.Source) {
		for i := range s.Document.Statement {
			st := &s.Document.Statement[i]
			if slices.ContainsFunc(st.NotResource, c.lacksValue) {
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

func makePublic(c *testCase) {
	d := &c.policies.Resource.Document
	d.Statement = append(d.Statement, iam.Statement{Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:NoSuchAction"}, Resource: iam.Strings{"*"}})
}
