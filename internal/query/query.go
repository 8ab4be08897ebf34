package query

import (
	"errors"
	"fmt"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/resource"
)

// Query is a question, of which one part at least is given.
type Query struct {
	Who    string // as the tables name it, or an ARN; "": everybody of the tables
	Action string // "s3:GetObject", "get", "put"; "": all that the tables ask about
	On     string // as the tables name it ("bucket Data/KEY"), or an ARN; "": all

	// With are the condition keys of the request. One over TLS is asked about
	// where they don't say otherwise.
	With question.Context

	// Boundary and Session limit whoever asks, beside what the stacks say of them.
	Boundary *iam.Source
	Session  []iam.Source
}

// One says whether it is one question, with one answer.
func (q Query) One() bool { return q.Who != "" && q.Action != "" && q.On != "" }

// Ask answers a question from the stacks. The error says which part of it isn't
// to be answered, and what was probably meant.
func Ask(set *resource.Set, q Query) ([]Answer, error) {
	who, err := principals(set, q.Who)
	if err != nil {
		return nil, err
	}
	action, err := actionNamed(q.Action)
	if err != nil {
		return nil, err
	}
	asked := q.With
	for i, p := range who {
		of, _ := claims(p.Caller.Provider(), asked)
		_, q.With = claims(p.Caller.Provider(), q.With)
		if len(of) > 0 {
			who[i].Context = question.With(p.Context, of)
		}
	}
	if q.With, err = keysNamed(action, q.With); err != nil {
		return nil, err
	}
	on, err := targets(set, q.On, action)
	if err != nil {
		return nil, err
	}
	q.Action = action
	if q.Who != "" && q.Boundary != nil && !hasIAMPolicies(who[0].Caller) {
		return nil, fmt.Errorf("--boundary: %s has none: root users, services and nobody are limited by none", q.Who)
	}
	for i := range who {
		if len(q.Session) > 0 {
			who[i].Session = q.Session
		}
		if q.Boundary != nil {
			who[i].Boundary = q.Boundary
		}
	}
	if q.Who != "" {
		if err := contradicts(set, q, who[0], on); err != nil {
			return nil, err
		}
	}
	a := asker{set: set, query: q, uses: reach.Of(set)}
	for _, t := range on {
		for _, p := range who {
			a.ask(p, t)
		}
	}
	switch {
	case len(a.answers) == 0 && action == "":
		return nil, errors.New("unknown: the stacks have nothing that is asked about and that could be read")
	case len(a.answers) == 0:
		return nil, fmt.Errorf("--action %s: unknown: the stacks have nothing that it is about (%s) and that could be read", action, subjects(action))
	}
	return a.answers, nil
}

// asker gathers the answers to a query.
type asker struct {
	set     *resource.Set
	query   Query
	uses    *reach.Map
	answers []Answer
}

// ask gathers what one principal may do with one target.
func (a *asker) ask(p asking, t target) {
	for _, use := range []reach.Use{reach.Get, reach.Put} {
		if t.bucket != nil && (a.query.Action == "" || a.query.Action == string(use)) {
			does := string(use)
			if a.query.Action == "" {
				does += " end to end" // the tables have requests of the same names
			}
			a.add(p, t, does, a.reach(p.Principal, t, use))
		}
	}
	for _, o := range a.operations(t) {
		a.add(p, t, o.Name, decided(reach.Ask(a.set, p.Principal, o)))
	}
}

func (a *asker) add(p asking, t target, does string, answer Answer) {
	answer.Who, answer.Assuming, answer.Does, answer.On, answer.OnARN, answer.Assumed = p.Name, p.assuming, does, t.name, t.arn, t.resource.Assumption
	a.answers = append(a.answers, answer)
}

func (a *asker) reach(p access.Principal, t target, use reach.Use) Answer {
	object := reach.Object{Bucket: t.bucket, Key: t.key}
	p.Context = question.With(p.Context)
	for key, values := range a.query.With {
		switch {
		case encryptionHeader(key):
			object.Headers = question.With(object.Headers, question.Context{key: values})
		case ofPrincipal(key):
			p.Context[key] = values
		default:
			object.Context = question.With(object.Context, question.Context{key: values})
		}
	}
	return reached(a.uses.Ask(p, object, use))
}

// operations are the requests to ask about: those of the tables, or for one
// question, or one with condition keys, the one request that it is about.
func (a *asker) operations(t target) []access.Operation {
	if a.query.Action != "" {
		if !isAction(a.query.Action) || !t.takes(a.query.Action) {
			return nil
		}
		asked := slices.DeleteFunc(slices.Clone(t.resource.Operations), func(o access.Operation) bool { return o.Action != a.query.Action })
		if a.query.One() || len(a.query.With) > 0 || len(asked) == 0 {
			return []access.Operation{t.resource.Operation(a.query.Action, t.arnFor(a.query.Action), question.With(question.OverTLS, a.query.With))}
		}
		return t.place(asked)
	}
	list := t.place(t.resource.Operations)
	for i := range list {
		list[i].Context = question.With(list[i].Context, a.query.With)
	}
	return list
}

// asking is somebody who asks, under an assumption about what they may.
type asking struct {
	access.Principal
	assuming string
}

// everything is what an account's IAM could give to somebody.
func everything() []iam.Source { return question.Allowing("*") }
