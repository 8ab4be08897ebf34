package access

import (
	"errors"
	"regexp"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// open is a statement about somebody whom no caller stands for. What it says to
// an operation is unknown; what it says nothing to is not theirs by it.
type open struct {
	statement iam.Statement // without whom it is about
	arn       string        // of the resource that it belongs to; "" for any
	why       error
}

func (o *open) ask(of Operation) Answer {
	if o.arn != "" && o.arn != wholeAccount && of.Resource != o.arn && !strings.HasPrefix(of.Resource, o.arn+"/") {
		return Answer{}
	}
	d := iam.Evaluate(iam.Request{
		Caller: iam.ServicePrincipal("open.amazonaws.com"), Action: of.Action, Resource: of.Resource,
		ResourceAccount: question.Stranger, Context: of.Context,
	}, iam.Policies{Resource: &iam.Source{Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{o.statement}}}})
	if !d.Allowed && d.Open == "" {
		return Answer{}
	}
	return Answer{Unknown: o.why, unread: o.why.Error()}
}

// behind is whom a statement is about and no caller can be.
func (r *roster) behind(h held, s iam.Statement, name, why string) Principal {
	asked := iam.Condition{}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if askedKey(key) {
				if asked[operator] == nil {
					asked[operator] = map[string]iam.Strings{}
				}
				asked[operator][key] = values
			}
		}
	}
	s.Effect, s.Principal, s.NotPrincipal, s.Condition = iam.Allow, &iam.Principal{Any: true}, nil, asked
	resources := iam.Strings{"*"}
	if len(s.Resource) > 0 {
		resources = nil
	}
	for _, pattern := range s.Resource {
		resources = append(resources, variable.ReplaceAllString(pattern, "*"))
	}
	s.Resource, s.NotResource = resources, nil
	if h.arn == "" {
		name = h.holder.Name + ": " + name
	} else {
		name += " at " + at(h.arn)
	}
	return Principal{Name: name, open: &open{statement: s, arn: h.arn, why: errors.New(why)}}
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

func askedKey(key string) bool { return asked[strings.ToLower(key)] }

// at is the resource of an ARN in short.
func at(arn string) string {
	if arn == wholeAccount {
		return "the organization"
	}
	return strings.TrimPrefix(resource.ARN(arn).Resource, "role/")
}

// meetDeleted adds the ids of principals that were deleted.
func (r *roster) meetDeleted(h held, s iam.Statement) {
	for _, p := range []*iam.Principal{s.Principal, s.NotPrincipal} {
		if p == nil {
			continue
		}
		with := ""
		if len(s.Condition) > 0 {
			with = " under " + words(s.Condition)
		}
		for _, who := range p.AWS {
			if who != "*" && !nameable(who) && accountOf(who) == "" {
				r.conditional = append(r.conditional, r.behind(h, s, who+with, "who "+who+" is"))
			}
		}
	}
}

// words are a condition's keys and values, in order.
func words(c iam.Condition) string {
	var list []string
	for _, k := range keysOf(c) {
		list = append(list, k.name+" "+strings.Join(k.values, " or "))
	}
	return strings.Join(list, ", ")
}
