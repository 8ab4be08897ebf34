package access

import (
	"path"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
)

// further are the operations that policies speak of and the tables would not ask
// by themselves: another action, those that only a wildcard matches, an object
// under a prefix, a header or a service with a value of its own.
func further(policies []held, r Resource) []Operation {
	if len(r.Operations) == 0 {
		return nil
	}
	f := furtherOf{Resource: r}
	var about []iam.Statement
	for _, h := range policies {
		if h.arn != "" && h.arn != r.ARN && h.arn != wholeAccount {
			continue
		}
		for _, s := range h.document.Statement {
			if slices.ContainsFunc(resourcesOf(s), func(p string) bool { _, ok := f.within(p); return ok }) {
				about = append(about, s)
			}
		}
	}
	for _, s := range about {
		for _, a := range slices.Concat(s.Action, s.NotAction) {
			if len(f.of(a)) == 0 {
				f.askAction(a)
			}
		}
	}
	f.askBeside(wildcards(about, serviceOf(r.Operations[0].Action)))
	for _, s := range about {
		f.read(s)
	}
	return f.list
}

type furtherOf struct {
	Resource
	list []Operation
}

func resourcesOf(s iam.Statement) iam.Strings {
	if len(s.Resource)+len(s.NotResource) == 0 { // of a trust policy
		return iam.Strings{"*"}
	}
	return slices.Concat(s.Resource, s.NotResource)
}

func (f *furtherOf) read(s iam.Statement) {
	headers := headersOf(s.Condition)
	for _, a := range slices.Concat(s.Action, s.NotAction) {
		asked := f.of(a)
		for _, o := range asked {
			for _, p := range resourcesOf(s) {
				f.askObject(o, p)
			}
		}
		f.askHeaders(a, headers)
		for _, o := range asked {
			if o.beside != "" {
				f.askHeaders(o.Action, headers.butWays())
			}
		}
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
	if !strings.EqualFold(serviceOf(pattern), serviceOf(f.Operations[0].Action)) {
		return
	}
	arns := f.arns()
	known := authorization.Matching(pattern)
	for _, a := range known {
		for _, arn := range arns {
			if a.On(arn) {
				f.add(f.plain(a.String(), arn))
			}
		}
	}
	if len(known) == 0 {
		f.add(f.plain(fill(pattern), arns[len(arns)-1]).named(pattern))
	}
}

// arns are the resource's own, and that of an object of a bucket.
func (f *furtherOf) arns() []string {
	if f.bucket != nil {
		return []string{f.ARN, f.ARN + "/object"}
	}
	return []string{f.ARN}
}

func (f *furtherOf) plain(action, arn string) Operation {
	o := Operation{Name: action, Action: action, Resource: arn, Assumed: f.Assumed}
	if f.bucket != nil {
		o.Context = question.OverTLS
	}
	return o
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
	o = o.with(keys).named(o.called() + " of " + rest[1:])
	o.Resource, o.beside = f.ARN+key, ""
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

// butWays leaves out how a request comes: those are operations of their own.
func (h headers) butWays() headers {
	rest := headers{needed: h.needed}
	for i, k := range h.keys {
		if k.lower != strings.ToLower(conditionkey.SecureTransport) && k.lower != strings.ToLower(conditionkey.TLSVersion) {
			rest.keys, rest.states = append(rest.keys, k), append(rest.states, h.states[i])
		}
	}
	return rest
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
				o := of[0].with(h.needed).with(s.further).with(question.Context{k.name: {s.value}}).named(of[0].called() + " with " + s.words)
				o.beside = ""
				f.add(o)
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
