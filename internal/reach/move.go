package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// role is a role of the stacks with the functions that run with it.
type role struct {
	*resource.Role
	name      string
	functions []*resource.Function
}

func rolesOf(set *resource.Set) []role {
	var list []role
	for _, r := range set.Roles {
		with := role{Role: r, name: access.ShortName(r.LogicalID)}
		for _, f := range set.Functions {
			if f.Role == r.ARN {
				with.functions = append(with.functions, f)
			}
		}
		list = append(list, with)
	}
	return list
}

// unreadRoles says which roles are in no list, since their trust can't be read:
// anybody may assume them, and they may do anything. Nil for none.
func unreadRoles(set *resource.Set) error {
	for _, u := range set.Unread {
		if u.Resource == nil || u.Type != "AWS::IAM::Role" || slices.ContainsFunc(set.Roles, func(r *resource.Role) bool { return r.Resource == u.Resource }) {
			continue
		}
		return fmt.Errorf("who may act as role %s, and what it may do: %w", access.ShortName(u.LogicalID), u.Err)
	}
	return nil
}

// moves are what a principal can become with one request, or two that belong
// together.
//
// Source: IAM/latest/UserGuide/id_roles_use_passrole.html, and the actions' own
// pages.
//
// A service and an unsigned request may call functions and become nobody
// besides: a service acts with a role only for who may pass it the role, and
// they are asked about themselves. Whom an identity provider vouches for can
// assume roles, and no more.
func (m *Map) moves(from state) []state {
	p := from.principal
	who := asker{been{p.Caller, from.wider}, p.Name}
	m.mu.Lock()
	defer m.mu.Unlock()
	if list, ok := m.known[who]; ok {
		return list
	}
	var list []state
	for _, r := range m.roles {
		if r.Caller() == p.Caller {
			continue
		}
		if move, ok := m.become(p, r); ok {
			list = append(list, move)
		}
	}
	users := m.set.Users()
	if p.Caller.Account() == "" {
		users = nil
	}
	for _, u := range users {
		user := access.Principal{Name: access.ShortName(u.LogicalID), Caller: iam.User(u.ARN)}
		if user.Caller == p.Caller {
			continue
		}
		if move, ok := m.try(p, user, attempt{step: "an access key for " + user.Name, requests: []access.Operation{{Action: "iam:CreateAccessKey", Resource: u.ARN}}}); ok {
			list = append(list, move)
		}
	}
	if !from.wider {
		if more, ok := m.widen(p); ok {
			list = append(list, more)
		}
	}
	m.known[who] = list
	return list
}

// attempt is requests that belong together, with what they come to.
type attempt struct {
	step     string
	requests []access.Operation
	doubt    error // what may be in the way besides; nil: nothing
}

// become finds a way to act with a role.
func (m *Map) become(p access.Principal, r role) (state, bool) {
	as := access.Principal{Name: r.name, Caller: r.Caller()}
	var attempts []attempt
	for _, f := range r.functions {
		name := access.ShortName(f.LogicalID)
		attempts = append(attempts, attempt{step: "calling " + name + ", which does its work as " + r.name, requests: []access.Operation{{Action: "lambda:InvokeFunction", Resource: f.ARN}}})
		for _, auth := range f.URLs {
			attempts = append(attempts, attempt{step: "calling the URL of " + name + ", which does its work as " + r.name, requests: []access.Operation{
				{Action: "lambda:InvokeFunctionUrl", Resource: f.ARN, Context: question.Context{"lambda:FunctionUrlAuthType": {auth}}},
				{Action: "lambda:InvokeFunction", Resource: f.ARN, Context: question.Context{"lambda:InvokedViaFunctionUrl": {"true"}}},
			}})
		}
		attempts = append(attempts, attempt{step: "new code for " + name + ", which runs as " + r.name, requests: []access.Operation{{Action: "lambda:UpdateFunctionCode", Resource: f.ARN}}})
	}
	if p.Caller.Account() == "" && p.Caller.Provider() == "" {
		return m.try(p, as, attempts...)
	}
	attempts = slices.Insert(attempts, 0, attempt{step: "assuming " + r.name, requests: []access.Operation{{Action: assuming(p.Caller), Resource: r.ARN}}})
	if p.Caller.Provider() != "" {
		return m.try(p, as, attempts...)
	}
	if trust := m.lambdaAssumes(r); trust.Allowed || trust.Unknown != nil {
		arn := resource.ARN(r.ARN)
		arn.Service, arn.Region, arn.Resource = "lambda", r.Region, "function:any"
		attempts = append(attempts, attempt{step: "a new function that runs as " + r.name, doubt: trust.Unknown, requests: []access.Operation{
			{Action: "lambda:CreateFunction", Resource: arn.String()},
			{Action: "iam:PassRole", Resource: r.ARN, Context: question.Context{"iam:PassedToService": {lambda}}},
		}})
	}
	attempts = append(attempts, attempt{step: "changing whom " + r.name + " trusts", requests: []access.Operation{{Action: "iam:UpdateAssumeRolePolicy", Resource: r.ARN}}})
	return m.try(p, as, attempts...)
}

// assuming is the action by which somebody assumes a role.
func assuming(c iam.Caller) string {
	switch provider := c.Provider(); {
	case provider == "":
		return "sts:AssumeRole"
	case strings.Contains(provider, ":saml-provider/"):
		return "sts:AssumeRoleWithSAML"
	}
	return "sts:AssumeRoleWithWebIdentity"
}

const lambda = "lambda.amazonaws.com"

// lambdaAssumes says whether the role's trust admits a function's service.
func (m *Map) lambdaAssumes(r role) access.Answer {
	service := access.Principal{Caller: iam.ServicePrincipal(lambda), Context: question.Context{"aws:SourceAccount": {r.Account}}}
	return access.Ask(m.set, service, access.Operation{Action: "sts:AssumeRole", Resource: r.ARN})
}

// widen is a role or user that gives itself all permissions.
func (m *Map) widen(p access.Principal) (state, bool) {
	arn := p.Caller.PrincipalARN()
	kind := ""
	switch what, _, _ := strings.Cut(resource.ARN(arn).Resource, "/"); what {
	case "role":
		kind = "Role"
	case "user":
		kind = "User"
	default:
		return state{}, false
	}
	wide := p
	i := m.set.IdentityOf(p.Caller)
	wide.Identity = widest(i)
	if i != nil && wide.Boundary == nil {
		wide.Boundary = i.Boundary
	}
	found, ok := m.try(p, wide,
		attempt{step: "giving itself a policy", requests: []access.Operation{{Action: "iam:Put" + kind + "Policy", Resource: arn}}},
		attempt{step: "attaching a policy to itself", requests: []access.Operation{{Action: "iam:Attach" + kind + "Policy", Resource: arn}}},
	)
	found.wider = true
	if i != nil && found.unknown == nil {
		found.unknown = resource.Why(i.Limits)
	}
	return found, ok
}

// widest is the most that somebody can give itself: everything but for what its
// policies deny already. i is nil for whom the stacks don't make.
func widest(i *resource.Identity) []iam.Source {
	if i == nil {
		return question.Allowing("*")
	}
	var list []iam.Source
	for _, s := range i.Policies {
		s.Document.Statement = slices.DeleteFunc(slices.Clone(s.Document.Statement), func(s iam.Statement) bool { return s.Effect == iam.Allow })
		list = append(list, s)
	}
	return append(list, question.Allowing("*")...)
}

// try is the first of the attempts that is allowed, or else the first that may
// be.
func (m *Map) try(p, as access.Principal, attempts ...attempt) (found state, ok bool) {
	as.Context = question.With(as.Context, organizationOf(p, as))
	for _, a := range attempts {
		unknown := a.doubt
		allowed := !slices.ContainsFunc(a.requests, func(o access.Operation) bool {
			answer := Ask(m.set, p, o)
			if unknown == nil {
				unknown = answer.Unknown
			}
			return !answer.Allowed && answer.Unknown == nil
		})
		switch {
		case allowed && unknown == nil:
			return state{principal: as, steps: []string{a.step}}, true
		case allowed && !ok:
			found, ok = state{principal: as, steps: []string{a.step}, unknown: unknown}, true
		}
	}
	return found, ok
}
