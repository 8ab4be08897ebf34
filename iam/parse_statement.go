package iam

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

func (p *parser) statement(v any, at string) Statement {
	m := p.fields(v, at, "Sid", "Effect", "Principal", "NotPrincipal",
		"Action", "NotAction", "Resource", "NotResource", "Condition")
	if m == nil {
		return Statement{}
	}
	s := Statement{
		Sid:          p.text(m, "Sid", at),
		Effect:       Effect(p.text(m, "Effect", at)),
		Principal:    p.principal(m, "Principal", at),
		NotPrincipal: p.principal(m, "NotPrincipal", at),
		Action:       p.strings(m, "Action", at),
		NotAction:    p.strings(m, "NotAction", at),
		Resource:     p.strings(m, "Resource", at),
		NotResource:  p.strings(m, "NotResource", at),
	}
	if c, ok := m["Condition"]; ok {
		s.Condition = p.condition(c, join(at, "Condition"))
	}
	switch _, ok := m["Effect"]; {
	case !ok:
		p.wrong(EffectMissing, "", at, "Effect is missing; write %q or %q", Allow, Deny)
	case s.Effect != Allow && s.Effect != Deny:
		p.wrong(UnknownEffect, string(s.Effect), join(at, "Effect"), "%q is no effect; write %q or %q", s.Effect, Allow, Deny)
	}
	for _, pair := range [][2]string{{"Principal", "NotPrincipal"}, {"Action", "NotAction"}, {"Resource", "NotResource"}} {
		_, a := m[pair[0]]
		_, b := m[pair[1]]
		if a && b {
			p.fail(at, "has both %s and %s; keep one", pair[0], pair[1])
		}
		if !a && !b && pair[0] == "Action" {
			p.wrong(ActionMissing, "", at, "has neither Action nor NotAction; add one")
		}
	}
	if s.NotPrincipal != nil && s.Effect == Allow {
		p.wrong(NotPrincipalAllowed, "", join(at, "NotPrincipal"), "IAM doesn't support it with %q; name the principals instead", Allow)
	}
	p.actions(s.Action, join(at, "Action"))
	p.actions(s.NotAction, join(at, "NotAction"))
	p.resources(s.Resource, join(at, "Resource"))
	p.resources(s.NotResource, join(at, "NotResource"))
	return s
}

func (p *parser) actions(list Strings, at string) {
	for i, a := range list {
		if service, name, ok := strings.Cut(a, ":"); a != "*" && (!ok || service == "" || name == "") {
			p.wrong(ActionMalformed, a, indexed(at, i, len(list)), "%q is no action; write service:Name or \"*\"", a)
		}
	}
}

func (p *parser) resources(list Strings, at string) {
	for i, r := range list {
		if r == "" {
			p.wrong(ResourceMalformed, r, indexed(at, i, len(list)), "the empty string is no resource; write an ARN or \"*\"")
		}
		if n := variableSegment(r); n >= 0 && n < accountSegment && strings.HasPrefix(r, "arn:") {
			p.wrong(ResourceMalformed, r, indexed(at, i, len(list)), "%q has a policy variable before the account of the ARN, where IAM allows none; write the value", r)
		}
	}
}

// indexed is the name of one value: with its index only if there are several.
func indexed(at string, i, of int) string {
	if of == 1 {
		return at
	}
	return fmt.Sprintf("%s[%d]", at, i)
}

// strings is an optional field of one string or a list of at least one.
func (p *parser) strings(m map[string]any, key, at string) Strings {
	return p.texts(m, key, at, func(v any) (string, bool) { s, ok := v.(string); return s, ok })
}

// emptyList is the fault of an element that is an empty list.
var emptyList = map[string]Fault{
	"Action": ActionMissing, "NotAction": ActionMissing, "Resource": ResourceEmpty, "NotResource": ResourceEmpty,
	"AWS": PrincipalEmpty, "Service": PrincipalEmpty, "Federated": PrincipalEmpty, "CanonicalUser": PrincipalEmpty,
}

// texts is strings, of the values that read knows.
func (p *parser) texts(m map[string]any, key, at string, read func(any) (string, bool)) Strings {
	v, ok := m[key]
	if !ok {
		return nil
	}
	at = join(at, key)
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) == 0 {
		p.wrong(emptyList[key], "", at, "the list is empty; give at least one value")
	}
	var out Strings
	for i, e := range list {
		s, ok := read(e)
		if !ok {
			p.fail(indexed(at, i, len(list)), "want a string, have %s", kind(e))
			continue
		}
		out = append(out, s)
	}
	return out
}

func (p *parser) principal(m map[string]any, key, at string) *Principal {
	v, ok := m[key]
	if !ok {
		return nil
	}
	at = join(at, key)
	if s, ok := v.(string); ok {
		if s != "*" {
			p.fail(at, "%q is no principal; write {\"AWS\": ...} or \"*\"", s)
		}
		return &Principal{Any: true}
	}
	fields := p.fields(v, at, "AWS", "Service", "Federated", "CanonicalUser")
	if fields == nil {
		return nil
	}
	if len(fields) == 0 {
		p.wrong(PrincipalEmpty, "", at, "names no principal; give AWS, Service, Federated or CanonicalUser")
	}
	pr := &Principal{
		AWS:           p.texts(fields, "AWS", at, unquoted),
		Service:       p.strings(fields, "Service", at),
		Federated:     p.strings(fields, "Federated", at),
		CanonicalUser: p.strings(fields, "CanonicalUser", at),
	}
	for i, a := range pr.AWS {
		if a != "*" && strings.ContainsAny(a, "*?") {
			p.wrong(PrincipalMalformed, a, indexed(join(at, "AWS"), i, len(pr.AWS)), "%q: a principal can't have wildcards; name it whole, or use the account with a condition on aws:PrincipalArn", a)
		}
		if strings.Contains(a, ":iam::") && strings.Contains(a, ":group/") { // reference_policies_elements_principal
			p.wrong(PrincipalMalformed, a, indexed(join(at, "AWS"), i, len(pr.AWS)), "%q: a group can't be a principal; name its users, or allow it in a policy of the group", a)
		}
	}
	for i, s := range pr.Service {
		if strings.ContainsAny(s, "*?") {
			p.wrong(PrincipalMalformed, s, indexed(join(at, "Service"), i, len(pr.Service)), "%q: a service principal can't have wildcards; name the service", s)
		}
	}
	return pr
}

func (p *parser) condition(v any, at string) Condition {
	m, ok := v.(map[string]any)
	if !ok {
		p.fail(at, "want an object of operators, have %s", kind(v))
		return nil
	}
	if len(m) == 0 {
		return nil
	}
	c := Condition{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		place := join(at, name)
		op, ok := parseOperator(name)
		if !ok {
			p.wrong(UnknownOperator, name, place, "IAM has no such condition operator; see reference_policies_elements_condition_operators")
			continue
		}
		keys, ok := m[name].(map[string]any)
		if !ok {
			p.fail(place, "want an object of condition keys, have %s", kind(m[name]))
			continue
		}
		if len(keys) == 0 {
			p.fail(place, "names no condition key; remove it or add one")
		}
		c[name] = map[string]Strings{}
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			list := p.values(keys[key], join(place, key))
			c[name][key] = list
			for i, v := range list {
				if op.valid != nil && !op.valid(v) && !(op.variables && strings.Contains(v, "${")) {
					p.wrong(ConditionUncomparable, v, indexed(join(place, key), i, len(list)), "%q is no value for %s", v, name)
				}
			}
		}
	}
	return c
}

// values are the values of a condition key; booleans and numbers become the
// strings that JSON shows them as.
func (p *parser) values(v any, at string) Strings {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) == 0 {
		p.fail(at, "the list is empty; give at least one value")
	}
	var out Strings
	for i, e := range list {
		switch e := e.(type) {
		case string:
			out = append(out, e)
		case bool:
			out = append(out, strconv.FormatBool(e))
		case json.Number:
			out = append(out, e.String())
		default:
			p.fail(indexed(at, i, len(list)), "want a string, boolean or number, have %s", kind(e))
		}
	}
	return out
}
