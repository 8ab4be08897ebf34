//go:build differential

package iamsimulate

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

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
			if strings.HasPrefix(op, "ForAnyValue:") {
				return true
			}
			switch strings.ToLower(k) {
			case "aws:principalarn", "aws:sourcearn":
				if op != "ArnEquals" || slices.ContainsFunc(values, func(v string) bool { return strings.ContainsAny(v, "*?$") || strings.Contains(v, ":::") }) {
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

func makePublic(c *testCase) {
	d := &c.policies.Resource.Document
	d.Statement = append(d.Statement, iam.Statement{Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:NoSuchAction"}, Resource: iam.Strings{"*"}})
}
