//go:build differential

package iamsimulate

import (
	"math/bits"
	"net/netip"
	"regexp"
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

func present(c *testCase, key string) bool {
	for k := range c.request.Context {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	for k := range c.derived {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

func eachCondition(c *testCase, f func(iam.Condition)) {
	eachSource(c, func(s *iam.Source) {
		for i := range s.Document.Statement {
			f(s.Document.Statement[i].Condition)
		}
	})
}

func eachSource(c *testCase, f func(*iam.Source)) {
	p := &c.policies
	for _, list := range append([][]iam.Source{p.Identity, p.Session}, append(p.SCPs, p.RCPs...)...) {
		for i := range list {
			f(&list[i])
		}
	}
	for _, one := range []*iam.Source{p.Boundary, p.Resource} {
		if one != nil {
			f(one)
		}
	}
}

// clone copies what the rewrites change: the statements and their conditions.
func clone(p iam.Policies) iam.Policies {
	source := func(s iam.Source) iam.Source {
		statements := slices.Clone(s.Document.Statement)
		for i := range statements {
			cond := iam.Condition{}
			for op, keys := range statements[i].Condition {
				cond[op] = map[string]iam.Strings{}
				for k, v := range keys {
					cond[op][k] = slices.Clone(v)
				}
			}
			statements[i].Condition = cond
		}
		s.Document.Statement = statements
		return s
	}
	list := func(in []iam.Source) (out []iam.Source) {
		for _, s := range in {
			out = append(out, source(s))
		}
		return out
	}
	levels := func(in [][]iam.Source) (out [][]iam.Source) {
		for _, l := range in {
			out = append(out, list(l))
		}
		return out
	}
	one := func(s *iam.Source) *iam.Source {
		if s == nil {
			return nil
		}
		c := source(*s)
		return &c
	}
	p.Identity, p.Session, p.Boundary, p.Resource = list(p.Identity), list(p.Session), one(p.Boundary), one(p.Resource)
	p.SCPs, p.RCPs = levels(p.SCPs), levels(p.RCPs)
	return p
}

// wildcardStaysInSegment takes out what matches the resource only with a
// wildcard that reaches over a colon: of the Resource of a Deny, and of the
// NotResource of an Allow.
func wildcardStaysInSegment(c *testCase) bool {
	changed := false
	drop := func(list iam.Strings) iam.Strings {
		kept := slices.DeleteFunc(slices.Clone(list), func(r string) bool { return onlyBeyondColon(r, c.request.Resource) })
		changed = changed || len(kept) != len(list)
		if len(kept) == 0 && len(list) > 0 {
			return iam.Strings{"arn:aws:none:::nothing"}
		}
		return kept
	}
	each := func(d *iam.Document) {
		d.Statement = slices.Clone(d.Statement)
		for i := range d.Statement {
			if s := &d.Statement[i]; s.Effect == iam.Deny {
				s.Resource = drop(s.Resource)
			} else {
				s.NotResource = drop(s.NotResource)
			}
		}
	}
	p := &c.policies
	for _, list := range append(append([][]iam.Source{p.Identity, p.Session}, p.SCPs...), p.RCPs...) {
		for i := range list {
			each(&list[i].Document)
		}
	}
	for _, one := range []*iam.Source{p.Boundary, p.Resource} {
		if one != nil {
			each(&one.Document)
		}
	}
	return changed
}

// onlyBeyondColon says whether a pattern matches an ARN as a whole, but not
// segment by segment.
func onlyBeyondColon(pattern, arn string) bool {
	if !wild(pattern).MatchString(arn) {
		return false
	}
	p, a := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	for i := range p {
		last := i == len(p)-1
		if last && len(p) < 6 {
			return !strings.HasSuffix(p[i], "*")
		}
		if i >= len(a) || !wild(p[i]).MatchString(a[i]) {
			return true
		}
	}
	return false
}

func wild(pattern string) *regexp.Regexp {
	text := regexp.QuoteMeta(pattern)
	return regexp.MustCompile("^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(text) + "$")
}
