package iam

import (
	"net/netip"
	"strings"
)

// Public says whether S3 counts a bucket policy as public: whether a statement
// allows something to callers who are not bound to fixed values.
//
// Source: Amazon S3 user guide, access-control-block-public-access, "The
// meaning of public".
func Public(d Document) bool { return public(d, false) }

// public is Public for policies of access points too, in which the ARN of an
// access point binds nobody.
func public(d Document, ofAccessPoint bool) bool {
	for i := range d.Statement {
		s := &d.Statement[i]
		if s.Effect == Allow && publicPrincipal(s) && !bound(s.Condition, ofAccessPoint) {
			return true
		}
	}
	return false
}

func publicPrincipal(s *Statement) bool {
	p := s.Principal
	if p == nil {
		return s.NotPrincipal != nil
	}
	if p.Any {
		return true
	}
	for _, list := range []Strings{p.AWS, p.Service, p.Federated} {
		for _, v := range list {
			if !fixed(v) {
				return true
			}
		}
	}
	return false
}

// bound says whether one line of c binds the caller to fixed values. Only
// operators that are false on a missing key do.
func bound(c Condition, ofAccessPoint bool) bool {
	for name, keys := range c {
		op, ok := parseOperator(name)
		if !ok || op.null || op.negated || op.ifExists || op.set == forAllValues {
			continue
		}
		base := strings.TrimPrefix(name, "ForAnyValue:")
		for key, values := range keys {
			key = strings.ToLower(key)
			if boundBy(base, key, values) && !(ofAccessPoint && key == "s3:dataaccesspointarn") {
				return true
			}
		}
	}
	return false
}

// fixedKeys are the condition keys that S3 lists. aws:PrincipalArn,
// aws:PrincipalAccount and aws:PrincipalServiceName are not printed there by
// name; they are its "AWS principal, user, role, or service principal".
var fixedKeys = map[string]bool{
	"aws:principalorgid": true, "aws:principalarn": true, "aws:principalaccount": true,
	"aws:sourcearn": true, "aws:sourcevpc": true, "aws:sourcevpce": true,
	"aws:sourceowner": true, "aws:sourceaccount": true, "aws:userid": true, "aws:principalservicename": true,
	"s3:dataaccesspointarn": true, "s3:dataaccesspointaccount": true,
}

func boundBy(base, key string, values Strings) bool {
	holds := func(v string) bool { return fixedKeys[key] && fixed(v) }
	switch {
	case key == "aws:sourceip" && base == "IpAddress":
		holds = narrow
	case !strings.HasPrefix(base, "String") && !strings.HasPrefix(base, "Arn"):
		return false
	case key == "s3:dataaccesspointarn":
		holds = fixedAccessPoint
	}
	for _, v := range values {
		if !holds(v) {
			return false
		}
	}
	return true
}

// fixed values hold neither a wildcard nor a policy variable; "anonymous" is
// what aws:PrincipalAccount and aws:userid are for everyone who doesn't sign.
func fixed(v string) bool {
	return v != "" && v != "anonymous" && !strings.ContainsAny(v, "*?") && !strings.Contains(v, "${")
}

// fixedAccessPoint: the name of the access point may be a wildcard, its account
// may not.
func fixedAccessPoint(v string) bool {
	return isAccount(arnAccount(v)) && !strings.Contains(v, "${")
}

// narrow: blocks broader than /8 (IPv4) and /32 (IPv6) count as everyone.
func narrow(v string) bool {
	p, ok := parsePrefix(v)
	if !ok {
		return false
	}
	return p.Bits() >= shortest(p.Addr())
}

func shortest(a netip.Addr) int {
	if a.Is4() {
		return 8
	}
	return 32
}
