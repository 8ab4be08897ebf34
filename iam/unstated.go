package iam

import "strings"

// unstated says whether the request has a key whose value no page states. By the
// pages aws:PrincipalAccount, aws:PrincipalType and aws:userid are in every
// request and aws:PrincipalArn in every signed one; what they are for a service, a
// federated principal or an account that isn't known is not said. The request may
// give them. So with the names that a service has beside the one it calls under.
//
// Source: IAM user guide, reference_policies_condition-keys.
func (x *context) unstated(key string) bool {
	kind := x.req.Caller.kind
	if kind != serviceCaller && kind != federatedCaller && kind != canonicalCaller {
		return false
	}
	switch strings.ToLower(key) {
	case "aws:principalarn":
		return kind != federatedCaller
	case "aws:principalaccount", "aws:principaltype", "aws:userid":
		return true
	case "aws:principalservicenameslist":
		return kind == serviceCaller
	}
	return false
}

// testUnstated tries a line on a key that is there with a value that no page
// states. Of a service or a federated principal that is none that a customer's
// policy could write out: no account, no ARN in an account. A pattern may match.
//
// A service's aws:PrincipalArn may also be missing: its request is signed, but the
// page lists the principals that the key is for, and services are none of them.
func (x *context) testUnstated(t *conditionTest, op operator) {
	key := strings.ToLower(t.key)
	open := false
	switch {
	case op.null:
		t.holds = nullHolds(t.want, true)
	case key == "aws:principalservicenameslist":
		t.holds, open = x.anyOrAll(op, t.want)
	default:
		t.holds = op.negated
		for _, w := range t.want {
			p, ok := x.expand(w)
			open = open || ok && x.mayBe(key, p)
		}
	}
	if key == "aws:principalarn" && x.req.Caller.kind == serviceCaller {
		open = open || t.holds != missingHolds(op, t.want)
	}
	if open {
		t.holds, t.open = false, "what "+t.key+" is in a request of "+x.req.Caller.String()
	}
}

// anyOrAll tries a line on a list of which one value is known, the name of the
// service. open: another value could change what it says.
func (x *context) anyOrAll(op operator, want Strings) (holds, open bool) {
	one := x.matchesOne(op, want, x.req.Caller.service) != op.negated
	switch op.set {
	case forAnyValue:
		return one, !one
	case forAllValues:
		return one, one
	}
	return false, true
}

// mayBe says whether the unstated value of a key may match a pattern.
func (x *context) mayBe(key string, p pattern) bool {
	wild := strings.ContainsAny(p.text, "*?")
	switch {
	case x.req.Caller.kind == canonicalCaller:
		return true // it is some account's
	case key == "aws:principaltype":
		return wild || !statedTypes[p.text]
	}
	return wild && !isAccount(arnAccount(p.text))
}

// statedTypes are the values of aws:PrincipalType that belong to other callers.
//
// Source: IAM user guide, reference_policies_variables, "Principal key values".
var statedTypes = map[string]bool{
	"Account": true, "User": true, "FederatedUser": true, "AssumedRole": true, "Anonymous": true,
}
