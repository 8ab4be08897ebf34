package identity

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Authorizer decides calls with iam. It implements api.Authorizer.
type Authorizer struct {
	directory *Directory
	decisions *DecisionLog

	// Log is told of each denial that the answer to no call will tell of.
	Log *api.Log
}

// NewAuthorizer decides with the policies of d and keeps each decision.
func NewAuthorizer(d *Directory, decisions *DecisionLog) *Authorizer {
	return &Authorizer{directory: d, decisions: decisions}
}

// Authorize gathers what is attached to the caller and evaluates it together
// with the policies in x. Its error is an *api.Error worded as in AWS.
func (a *Authorizer) Authorize(c api.Call, x api.Access) error {
	req := iam.Request{
		Caller: c.Caller, Action: x.Action, Resource: x.Resource, ResourceAccount: x.ResourceAccount,
		Context: a.context(c, x),
	}
	policies := iam.Policies{Session: c.Session, Resource: x.Policy, PublicAccess: x.PublicAccess}
	policies.Identity, policies.Boundary = a.directory.policies(c.Caller.PrincipalARN())
	d := iam.Evaluate(req, policies)
	why := d.Explain()
	a.decisions.add(Decision{
		Time: c.Time, RequestID: c.RequestID, Caller: c.Caller.String(),
		Action: x.Action, Resource: x.Resource, Allowed: d.Allowed, Explanation: why,
	})
	if d.Allowed {
		c.Trace.Decided(x.Resource, "")
		return nil
	}
	if !c.Trace.Decided(x.Resource, why) {
		a.Log.Entry("in the background, request "+c.RequestID, why)
	}
	return denial(req, policies, d)
}

// context is the call's condition keys, those of the request, and those that
// follow from who the caller is.
func (a *Authorizer) context(c api.Call, x api.Access) map[string]iam.Strings {
	keys := x.Keys(c)
	id, tags, ok := a.directory.principal(c.Caller.PrincipalARN())
	if !ok {
		return keys
	}
	if c.Caller.RoleARN() != "" {
		id += ":" + sessionName(c.Caller)
	}
	keys["aws:userid"] = iam.Strings{id}
	for k, v := range tags {
		keys["aws:PrincipalTag/"+k] = iam.Strings{v}
	}
	return keys
}
