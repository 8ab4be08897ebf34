package iam

import (
	"slices"
	"strings"
)

// context is the request context: every condition key with its values, and
// what else the matching of a statement needs.
type context struct {
	req       *Request
	target    string       // the resource that the statements are asked about
	action    string       // of the request, in lower case
	keys      []contextKey // few: to look through them is faster than a map
	derived   Strings      // the values of those that derive added
	boundary  bool         // the caller has a permissions boundary
	variables bool         // the document's version interprets ${}
	open      []string     // questions that AWS's documents leave open
	lenient   bool         // they are read so that the request is allowed
	conflict  string       // what of the request contradicts itself
}

// contextKey is a condition key with its values. The case of its name doesn't
// count.
type contextKey struct {
	name   string
	values Strings
}

// lookup finds the values of a key. A key without values is missing.
func (x *context) lookup(key string) (Strings, bool) {
	if k := x.find(key); k != nil {
		return k.values, len(k.values) > 0
	}
	return nil, false
}

func (x *context) find(key string) *contextKey {
	for i := range x.keys {
		if k := &x.keys[i]; len(k.name) == len(key) && strings.EqualFold(k.name, key) {
			return k
		}
	}
	return nil
}

// mostDerived is how many keys follow from a caller, a resource and an access point.
const mostDerived = 16

// newContext adds to the request's own keys those that follow from its caller
// and resource. conflict names a key to which the request gives another value.
func newContext(req *Request, p *Policies) (x *context, conflict string) {
	x = &context{req: req, action: strings.ToLower(req.Action), boundary: p.Boundary != nil, keys: make([]contextKey, 0, len(req.Context)+mostDerived)}
	for k, v := range req.Context {
		if old := x.find(k); old != nil && !slices.Equal(old.values, v) {
			return nil, "the request gives condition key " + k + " twice with different values"
		} else if old == nil {
			x.keys = append(x.keys, contextKey{k, v})
		}
	}
	x.derived = make(Strings, 0, mostDerived)
	x.deriveKeys()
	if p.AccessPoint != nil {
		p.AccessPoint.deriveKeys(x)
	}
	return x, x.conflict
}

// derive adds a key that the request may give, but with no other value; with the
// value "" the request must not have it.
func (x *context) derive(name, value string) {
	switch given := x.find(name); {
	case x.conflict != "" || value == "" && given == nil:
	case value == "":
		x.conflict = "the request gives condition key " + name + ", which a request of " + x.req.Caller.String() + " doesn't have"
	case given == nil:
		x.derived = append(x.derived, value)
		n := len(x.derived)
		x.keys = append(x.keys, contextKey{name, x.derived[n-1 : n : n]})
	case len(given.values) != 1 || given.values[0] != value:
		x.conflict = "the request gives condition key " + name + " as " + quoteList(given.values) + ", but it is " + quoteList(Strings{value})
	}
}

// deriveKeys adds the condition keys whose values follow from the caller and the
// resource. A key that they leave out is for the request to give: aws:userid
// of users and roles has an id that no ARN shows. For what else is known of some
// of them see unstated.
//
// Source: IAM user guide, reference_policies_condition-keys (availability of
// each key) and reference_policies_variables (the table of principal keys);
// KMS developer guide, conditions-kms (kms:CallerAccount).
func (x *context) deriveKeys() {
	req, c, add := x.req, x.req.Caller, x.derive
	isService, username, provider := "false", "", ""
	switch c.kind {
	case anonymous:
		isService = ""
		add("aws:PrincipalArn", "")
		add("aws:PrincipalAccount", "anonymous")
		add("aws:PrincipalType", "Anonymous")
		add("aws:userid", "anonymous")
	case federatedCaller:
		isService = "" // the call isn't signed
		add("aws:PrincipalArn", "")
		if !strings.Contains(c.arn, ":saml-provider/") {
			provider = c.arn
		}
	case serviceCaller:
		isService = "true"
	case canonicalCaller:
		add("aws:PrincipalType", "Account")
	default:
		add("aws:PrincipalArn", c.PrincipalARN())
		add("aws:PrincipalAccount", c.account)
	}
	switch c.kind {
	case rootCaller:
		add("aws:PrincipalType", "Account")
		add("aws:userid", c.account)
	case userCaller:
		add("aws:PrincipalType", "User")
		username = lastElement(c.arn)
	case federatedUser:
		add("aws:PrincipalType", "FederatedUser")
		add("aws:userid", c.account+":"+c.session)
	case roleSession:
		add("aws:PrincipalType", "AssumedRole")
	}
	add("aws:PrincipalIsAWSService", isService)
	add("aws:PrincipalServiceName", c.service)
	add("aws:username", username)
	add("aws:ResourceAccount", req.ResourceAccount)
	if c.kind == federatedCaller {
		add("aws:FederatedProvider", provider)
	}
	switch service(req.Action) {
	case "kms":
		add("kms:CallerAccount", c.account)
	case "s3":
		add("s3:ResourceAccount", req.ResourceAccount)
	}
}

// service is the service prefix of an action, in lower case.
func service(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return strings.ToLower(s)
}
