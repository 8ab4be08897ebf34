package access

import (
	"path"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/question"
)

// further are the operations that policies speak of and the tables would not ask
// by themselves: another action, an object under a prefix, a header or a service
// with a value of its own.
func further(policies []held, r Resource) []Operation {
	f := furtherOf{Resource: r}
	for _, h := range policies {
		if h.arn != "" && h.arn != r.ARN && h.arn != wholeAccount {
			continue
		}
		for _, s := range h.document.Statement {
			f.read(s)
		}
	}
	return f.list
}

type furtherOf struct {
	Resource
	list []Operation
}

func (f *furtherOf) read(s iam.Statement) {
	patterns := slices.Concat(s.Resource, s.NotResource)
	if len(patterns) == 0 { // of a trust policy
		patterns = iam.Strings{"*"}
	}
	if !slices.ContainsFunc(patterns, func(p string) bool { _, ok := f.within(p); return ok }) {
		return
	}
	headers := headersOf(s.Condition)
	for _, a := range slices.Concat(s.Action, s.NotAction) {
		if len(f.of(a)) == 0 {
			f.askAction(a)
		}
		for _, o := range f.of(a) {
			for _, p := range patterns {
				f.askObject(o, p)
			}
		}
		f.askHeaders(a, headers)
	}
}

// within is the rest of a pattern behind a resource that it can mean, such as
// "/prefix/*".
func (f *furtherOf) within(pattern string) (rest string, ok bool) {
	if pattern == "*" {
		return "", true
	}
	arn := pattern
	if f.bucket != nil {
		if i := strings.IndexByte(pattern, '/'); i >= 0 {
			arn, rest = pattern[:i], pattern[i:]
		}
	}
	return rest, like(arn, f.ARN) || rest == "" && strings.HasSuffix(arn, "*") && like(arn, f.ARN+"/object")
}

// like says whether a text fits a pattern of IAM's, near enough to ask: the
// answer is the evaluator's.
func like(pattern, text string) bool {
	if !strings.ContainsAny(pattern, "*?") {
		return strings.EqualFold(pattern, text)
	}
	for _, s := range []*string{&pattern, &text} {
		*s = strings.ReplaceAll(strings.ToLower(*s), "/", ":") // which path.Match would keep apart
	}
	ok, err := path.Match(pattern, text)
	return ok && err == nil
}

// of are the first operations of each action that a pattern matches.
func (f *furtherOf) of(pattern string) []Operation {
	var list []Operation
	for _, o := range slices.Concat(f.Operations, f.list) {
		if like(pattern, o.Action) && !slices.ContainsFunc(list, func(l Operation) bool { return l.Action == o.Action }) {
			list = append(list, o)
		}
	}
	return list
}

func (f *furtherOf) add(o Operation) {
	o.further, o.Name = true, short(o.Name, longestOperation)
	if !slices.ContainsFunc(slices.Concat(f.Operations, f.list), func(l Operation) bool { return l.Name == o.Name }) {
		f.list = append(f.list, o.blocked(f.bucket))
	}
}

// askAction adds the actions of a pattern that are on the resource. One that AWS's
// reference doesn't have may be younger.
func (f *furtherOf) askAction(pattern string) {
	if len(f.Operations) == 0 || !strings.EqualFold(serviceOf(pattern), serviceOf(f.Operations[0].Action)) {
		return
	}
	arns := []string{f.ARN}
	var context question.Context
	if f.bucket != nil {
		arns, context = append(arns, f.ARN+"/object"), question.OverTLS
	}
	known := authorization.Matching(pattern)
	for _, a := range known {
		for _, arn := range arns {
			if a.On(arn) {
				f.add(Operation{Name: a.String(), Action: a.String(), Resource: arn, Context: context, Assumed: f.Assumed})
			}
		}
	}
	if len(known) == 0 {
		f.add(Operation{Name: pattern, Action: fill(pattern), Resource: arns[len(arns)-1], Context: context, Assumed: f.Assumed})
	}
}

func serviceOf(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}

// askObject adds an operation on the objects of a pattern that the operation's
// own isn't one of.
func (f *furtherOf) askObject(o Operation, pattern string) {
	rest, ok := f.within(pattern)
	if !ok || rest == "" || o.Resource == f.ARN || like(rest, "/object") {
		return
	}
	key, keys := "", question.Context{}
	for i, part := range strings.Split(rest, "${") {
		name, after, closed := strings.Cut(part, "}")
		switch {
		case i == 0 || !closed:
			key += fill(part)
			continue
		case !derived[strings.ToLower(name)]:
			keys[name] = iam.Strings{"any"}
		}
		key += "any" + fill(after)
	}
	o = o.with(keys).named(o.Action + " of " + rest[1:])
	o.Resource = f.ARN + key
	f.add(o)
}

// headers are what a condition says of the keys that operations have.
type headers struct {
	keys   []*keyTests
	states [][]state        // that the lines of each key tell apart
	needed question.Context // for all lines to hold
}

func headersOf(c iam.Condition) headers {
	h := headers{needed: question.Context{}}
	for _, k := range keysOf(c) {
		if !asked[k.lower] {
			continue
		}
		fitting, excluded, absent := k.states()
		h.keys, h.states = append(h.keys, k), append(h.states, slices.Concat(fitting, excluded))
		if len(fitting) > 0 && !absent {
			h.needed[k.name] = iam.Strings{fitting[0].value}
		}
	}
	return h
}

// askHeaders adds an operation with a value of a header that no operation of a
// pattern has.
func (f *furtherOf) askHeaders(pattern string, h headers) {
	if len(h.keys) == 0 {
		return
	}
	of := f.of(pattern)
	if len(of) == 0 {
		return
	}
	for i, k := range h.keys {
		for _, s := range h.states[i] {
			if !f.isAsked(pattern, k, s.value) {
				f.add(of[0].with(h.needed).with(s.further).with(question.Context{k.name: {s.value}}).named(of[0].Action + " with " + s.words))
			}
		}
	}
}

// isAsked says whether an operation of a pattern has a value of a key, or one
// that no line names and the lines treat alike.
func (f *furtherOf) isAsked(pattern string, k *keyTests, value string) bool {
	want := k.holdsAt(value)
	return slices.ContainsFunc(slices.Concat(f.Operations, f.list), func(o Operation) bool {
		if !like(pattern, o.Action) {
			return false
		}
		for name, have := range o.Context {
			if strings.EqualFold(name, k.name) {
				return slices.Contains(have, value) || !slices.Contains(k.values, value) && len(have) == 1 && k.holdsAt(have[0]) == want
			}
		}
		return false
	})
}
