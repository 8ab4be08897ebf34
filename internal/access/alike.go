package access

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
)

// likeness is what of a resource's policies can tell principals apart.
type likeness struct {
	set   *resource.Set
	about furtherOf
	text  string // all that they say, in lower case; "" if more than they may decide
	roles bool   // no condition and no variable tells roles apart but by their ARNs
}

// alike is the same text for principals whose answers about a resource are the
// same, so that one of them is asked. Services are many, one for each source,
// and have no policies but the resource's: what that doesn't mention can't tell
// two of them apart. So it is with roles of the stacks whose own policies are
// about other resources. Everybody else is like nobody.
func (l *likeness) alike(p Principal) string {
	switch {
	case p.open != nil || l.text == "":
		return "only " + p.Name
	case l.isPlain(p):
		return "role of " + p.Caller.Account()
	case p.Caller.Service() == "":
		return "only " + p.Name
	}
	text := "service "
	if l.mentions(p.Caller.Service()) || l.mentions("aws:principalservicename") {
		text += p.Caller.Service()
	}
	for _, key := range slices.Sorted(maps.Keys(p.Context)) {
		if l.mentions(key) {
			text += "\n" + key + "\n" + strings.Join(p.Context[key], "\n")
		}
	}
	return text
}

func (l *likeness) mentions(name string) bool { return strings.Contains(l.text, strings.ToLower(name)) }

// isPlain says whether a principal is a role of the stacks of which nothing is
// about the resource: neither its own policies nor, by its name, the resource's.
func (l *likeness) isPlain(p Principal) bool {
	i := l.set.IdentityOf(p.Caller)
	switch {
	case !l.roles || i == nil || p.Caller.RoleARN() != i.ARN || strings.Contains(i.ARN, ":role/aws-service-role/"):
		return false
	case p.Identity != nil || p.Boundary != nil || len(p.Session)+len(p.Context) > 0:
		return false
	case i.Boundary != nil || len(i.Unread)+len(i.Limits) > 0 || l.mentions(i.Name):
		return false
	}
	return !slices.ContainsFunc(i.Policies, func(own iam.Source) bool {
		return slices.ContainsFunc(own.Document.Statement, func(s iam.Statement) bool {
			return len(s.NotResource) > 0 || slices.ContainsFunc(s.Resource, l.maybeAbout)
		})
	})
}

// maybeAbout is true where a pattern is more than the name of something else.
func (l *likeness) maybeAbout(pattern string) bool {
	_, ok := l.about.within(pattern)
	return ok || strings.ContainsAny(pattern, "$[\\") || strings.Count(pattern, ":") < 5
}

// likenessOf reads the policies of a resource and of the organization.
func likenessOf(set *resource.Set, r Resource) *likeness {
	o := set.Organization()
	l := &likeness{set: set, about: furtherOf{Resource: r}, text: "policy"}
	l.roles = len(o.SCPs)+len(o.RCPs) == 0
	if r.bucket != nil && (r.bucket.ACLsInForce() || r.bucket.ACL != "") {
		l.text = ""
		return l
	}
	if strings.HasPrefix(resource.ARN(r.ARN).Resource, "accesspoint/") {
		l.text = "" // its bucket's policy decides too
		return l
	}
	for _, h := range policiesOf(set) {
		if h.arn != r.ARN && h.arn != wholeAccount {
			continue
		}
		data, err := json.Marshal(h.document)
		if err != nil {
			l.text = ""
			return l
		}
		l.text += strings.ToLower(string(data))
		for _, s := range h.document.Statement {
			l.roles = l.roles && !slices.ContainsFunc(keysOf(s.Condition), tellsRolesApart)
		}
	}
	l.roles = l.roles && !l.mentions("${")
	return l
}

// tellsRolesApart says whether a condition may hold for one role of an account and
// not for another one whose name the policy doesn't have.
func tellsRolesApart(k *keyTests) bool {
	switch k.lower {
	case "aws:principalarn":
		return slices.ContainsFunc(k.values, func(v string) bool { return strings.ContainsAny(v, "*?") })
	case "aws:principalaccount", "aws:principalisawsservice", "aws:principalservicename", "aws:principaltype":
		return false
	}
	return strings.HasPrefix(k.lower, "aws:principal") || strings.HasPrefix(k.lower, "aws:user")
}
