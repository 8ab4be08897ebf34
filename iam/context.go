package iam

import (
	"slices"
	"strings"
)

// context is the request context: every condition key with its values, and
// what else the matching of a statement needs.
type context struct {
	req       *Request
	target    string             // the resource that the statements are asked about
	action    string             // of the request, in lower case
	keys      map[string]Strings // by lower-case name
	boundary  bool               // the caller has a permissions boundary
	variables bool               // the document's version interprets ${}
	open      []string           // questions that AWS's documents leave open
	lenient   bool               // they are read so that the request is allowed
}

// lookup finds the values of a key. A key without values is missing.
func (x *context) lookup(key string) (Strings, bool) {
	v, ok := x.keys[strings.ToLower(key)]
	return v, ok && len(v) > 0
}

// newContext adds to the request's own keys those that follow from its caller
// and resource. conflict names a key to which the request gives another value.
func newContext(req *Request, p *Policies) (x *context, conflict string) {
	x = &context{req: req, action: strings.ToLower(req.Action), boundary: p.Boundary != nil, keys: make(map[string]Strings, len(req.Context)+10)}
	for k, v := range req.Context {
		lower := strings.ToLower(k)
		if old, ok := x.keys[lower]; ok && !slices.Equal(old, v) {
			return nil, "the request gives condition key " + k + " twice with different values"
		}
		x.keys[lower] = v
	}
	derived := derivedKeys(req)
	if p.AccessPoint != nil {
		derived = append(derived, p.AccessPoint.keys()...)
	}
	for _, d := range derived {
		lower := strings.ToLower(d.name)
		given, ok := x.keys[lower]
		switch {
		case d.value == "" && ok:
			return nil, "the request gives condition key " + d.name + ", which a request of " + req.Caller.String() + " doesn't have"
		case d.value == "":
		case ok && (len(given) != 1 || given[0] != d.value):
			return nil, "the request gives condition key " + d.name + " as " + quoteList(given) + ", but it is " + quoteList(Strings{d.value})
		default:
			x.keys[lower] = Strings{d.value}
		}
	}
	return x, ""
}

type derivedKey struct{ name, value string } // value "": the key is missing

// derivedKeys are the condition keys whose values follow from the caller and
// the resource. A key that they leave out is for the request to give: aws:userid
// of users and roles has an id that no ARN shows. For what else is known of some
// of them see unstated.
//
// Source: IAM user guide, reference_policies_condition-keys (availability of
// each key) and reference_policies_variables (the table of principal keys);
// KMS developer guide, conditions-kms (kms:CallerAccount).
func derivedKeys(req *Request) []derivedKey {
	c := req.Caller
	keys := make([]derivedKey, 0, 12)
	add := func(name, value string) { keys = append(keys, derivedKey{name, value}) }
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
	return keys
}

// service is the service prefix of an action, in lower case.
func service(action string) string {
	s, _, _ := strings.Cut(action, ":")
	return strings.ToLower(s)
}
