package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// meet adds those whom only the conditions of a statement admit, or spare.
func (r *roster) meet(h held, s iam.Statement) {
	who := r.callers(h, s)
	contexts, unsolved := contextsOf(s.Condition, s.Principal != nil && len(s.Principal.Service) > 0)
	for _, u := range unsolved {
		r.conditional = append(r.conditional, r.behind(h, s, "whoever meets "+u, "what "+u+" is of whoever asks, which no template tells"))
	}
	for _, base := range who {
		if len(contexts) == 0 {
			r.conditional = append(r.conditional, base)
		}
		for _, c := range contexts {
			r.conditional = append(r.conditional, base.when(c))
		}
	}
	for _, pattern := range slices.Concat(s.Resource, s.NotResource) {
		if _, _, ok := filled(pattern); !ok {
			name := cmp.Or(resource.ARN(pattern).Resource, pattern)
			r.conditional = append(r.conditional, r.behind(h, s, "whoever "+name+" is for", "whom "+name+" is for"))
		}
	}
	for _, k := range keysOf(s.Condition) {
		for _, v := range k.values {
			if derived[k.lower] && !understood(k.lower, v) {
				r.conditional = append(r.conditional, r.behind(h, s, "whoever has "+k.name+" "+v, "who has "+k.name+" "+v))
			}
		}
	}
	r.meetDeleted(h, s)
}

// understood says whether callers are made of a value of a derived key, or need
// not be.
func understood(key, value string) bool {
	switch key {
	case "aws:principalarn":
		return nameable(value) || accountOf(value) != "" || value == "*"
	case "aws:principalaccount", "kms:calleraccount":
		return isAccount(value)
	case "aws:principaltype":
		return slices.Contains([]string{"Anonymous", "Account", "User", "FederatedUser", "AssumedRole"}, value)
	}
	return !strings.Contains(value, "${")
}

// when is p with the keys of a context beside its own.
func (p Principal) when(states []state) Principal {
	var words []string
	c := question.With(p.Context)
	for _, s := range states {
		words = append(words, s.words)
		c = question.With(c, s.further, question.Context{s.key: {s.value}})
	}
	p.Class, p.conditional = p.Name, true
	if p.Name == stranger {
		p.Name = "anyone"
	}
	p.Name += " with " + strings.Join(words, ", ")
	p.Context = c
	return p
}

// contextsOf are the ways to meet a condition, or to be kept out by its negated
// lines: each value of each key once, the others as they have to be. Of a
// service, the source is told elsewhere.
func contextsOf(c iam.Condition, ofService bool) (list [][]state, unsolved []string) {
	var needed []state
	var keys []*keyTests
	for _, k := range keysOf(c) {
		if asked[k.lower] || derived[k.lower] || ofService && (k.lower == "aws:sourcearn" || k.lower == "aws:sourceaccount") {
			continue
		}
		fitting, _, absent := k.states()
		switch {
		case len(fitting) == 0 && !absent:
			unsolved = append(unsolved, k.name+" "+strings.Join(k.values, ", "))
			return nil, unsolved
		case !absent:
			needed = append(needed, fitting[0])
		}
		keys = append(keys, k)
	}
	for _, k := range keys {
		fitting, excluded, _ := k.states()
		for _, s := range slices.Concat(fitting, excluded) {
			var states []state
			for _, n := range needed {
				if n.key != s.key {
					states = append(states, n)
				}
			}
			states = append(states, s)
			slices.SortFunc(states, func(a, b state) int { return strings.Compare(a.key, b.key) })
			list = append(list, states)
		}
	}
	return list, unsolved
}

// callers are those whom a statement is about, whatever its other conditions.
func (r *roster) callers(h held, s iam.Statement) []Principal {
	if h.arn == "" {
		return []Principal{h.holder}
	}
	var list []Principal
	for _, arn := range valuesOf(s.Condition, "aws:principalarn") {
		if nameable(arn) {
			list = append(list, r.known(h, arn))
		}
	}
	for _, key := range []string{"aws:principalaccount", "kms:calleraccount"} {
		for _, account := range valuesOf(s.Condition, key) {
			if isAccount(account) {
				list = append(list, r.administrator(account))
			}
		}
	}
	list = append(list, r.ofType(h, s)...)
	switch {
	case len(list) > 0:
		return list
	case h.arn == wholeAccount && s.Principal == nil && s.NotPrincipal == nil:
		return []Principal{r.administrator(h.account)}
	}
	for _, p := range []*iam.Principal{s.Principal, s.NotPrincipal} {
		if p == nil {
			continue
		}
		for _, who := range p.AWS {
			switch account := accountOf(who); {
			case nameable(who):
				list = append(list, r.known(h, who))
			case account != "":
				list = append(list, r.administrator(account))
			}
		}
		for _, service := range p.Service {
			list = append(list, r.servicesOf(h, s, service)...)
		}
		list = append(list, fromOutside(p)...)
		if s.Effect == iam.Allow && (p.Any || slices.Contains(p.AWS, "*")) {
			list = append(list, r.anyone())
			list = append(list, r.anyProvider(h, s)...)
		}
	}
	if s.Effect == iam.Deny && s.Principal != nil && (s.Principal.Any || slices.Contains(s.Principal.AWS, "*")) || s.NotPrincipal != nil {
		list = append(list, r.admitted(h)...)
	}
	return list
}

// ofType are the callers whom a condition on the kind of caller means.
func (r *roster) ofType(h held, s iam.Statement) []Principal {
	var list []Principal
	for _, kind := range valuesOf(s.Condition, "aws:principaltype") {
		switch kind {
		case "Anonymous":
			list = append(list, Principal{Name: nobody, Caller: iam.Anonymous()})
		case "Account":
			list = append(list, r.inAccount(h.account)[0])
		case "FederatedUser":
			list = append(list, r.outsider("arn:"+r.partition+":sts::"+h.account+":federated-user/any", "s3:*"))
		case "User":
			list = append(list, Principal{Name: "user/any@" + h.account, Caller: iam.User("arn:" + r.partition + ":iam::" + h.account + ":user/any"), Identity: question.Allowing("s3:*")})
		}
	}
	for _, name := range valuesOf(s.Condition, "aws:username") {
		list = append(list, Principal{
			Name: "user/" + name + "@" + h.account, Identity: question.Allowing("s3:*"),
			Caller: iam.User("arn:" + r.partition + ":iam::" + h.account + ":user/" + fill(name)),
		})
	}
	for _, provider := range valuesOf(s.Condition, "aws:federatedprovider") {
		list = append(list, vouchedFor(fill(provider)))
	}
	for _, is := range valuesOf(s.Condition, "aws:principalisawsservice") {
		if strings.EqualFold(is, "true") && s.Effect == iam.Allow {
			list = append(list, r.service("any.amazonaws.com", question.Stranger, aStranger))
		}
	}
	return list
}

// known is a role, user or session as a policy names it. That of another account
// needs that account's permission too.
func (r *roster) known(h held, arn string) Principal {
	p := r.outsider(arn, "s3:*")
	if p.Caller.Account() != h.account {
		p = p.allowed("*")
	}
	if i := r.set.IdentityOf(p.Caller); i != nil {
		return r.own(i, p.Caller)
	}
	return p
}

// admitted are those whom a Deny of a policy may spare: the account's own
// administrator, and whom the policy's other statements admit.
func (r *roster) admitted(h held) []Principal {
	list := []Principal{r.administrator(h.account)}
	for _, s := range h.document.Statement {
		if s.Effect != iam.Allow {
			continue
		}
		for _, p := range r.callers(h, s) {
			if p.Caller.Service() == "" {
				list = append(list, p)
			}
		}
	}
	return unique(list)
}

// callerOf is the role, user or session of an ARN, or somebody who fits it.
func callerOf(arn string) iam.Caller {
	parts := resource.ARN(arn)
	if strings.ContainsAny(parts.AccountID, "*?") || parts.AccountID == "" {
		parts.AccountID = question.Stranger
	}
	parts.Partition, parts.Resource = strings.ReplaceAll(parts.Partition, "*", "aws"), fill(parts.Resource)
	if strings.HasPrefix(parts.Resource, "federated-user/") {
		return question.Caller(parts.String())
	}
	if role, session, ok := strings.Cut(strings.TrimPrefix(parts.Resource, "assumed-role/"), "/"); ok && parts.Service == "sts" {
		return iam.RoleSession("arn:"+parts.Partition+":iam::"+parts.AccountID+":role/"+role, session)
	}
	if !strings.Contains(parts.Resource, "/") || strings.HasPrefix(parts.Resource, "any") { // of "*"
		parts.Resource = "role/" + strings.ReplaceAll(parts.Resource, "/", "-")
	}
	return question.Caller(parts.String())
}
