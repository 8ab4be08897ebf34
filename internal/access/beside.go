package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/question"
)

// askBeside asks for the actions that wildcards match beside those that are asked
// by themselves. Those that the same patterns match are decided alike, so that one
// of them stands for all: its name has the narrowest of the patterns. Without it
// s3:ListBucket could become s3:ListBucket* and no answer would change.
//
// The actions on a role are asked one by one, for each has callers of its own.
func (f *furtherOf) askBeside(patterns []string) {
	if len(patterns) == 0 {
		return
	}
	matched := map[string]int{} // how many actions a pattern stands for
	of := map[string]*beside{}
	var order []string
	for _, a := range authorization.Matching(serviceOf(f.Operations[0].Action) + ":*") {
		var by []string
		for _, p := range patterns {
			if like(p, a.String()) {
				matched[p]++
				by = append(by, p)
			}
		}
		if len(by) == 0 || f.asks(a.String()) {
			continue
		}
		for _, arn := range f.arns() {
			if !f.on(a, arn) {
				continue
			}
			b := &beside{patterns: by, arn: arn, acl: f.bucket != nil && f.bucket.ACLDecides(a.String()), levels: map[string]bool{}}
			if of[b.key()] == nil {
				of[b.key()] = b
				order = append(order, b.key())
			}
			b = of[b.key()]
			b.actions = append(b.actions, a.String())
			b.levels[cmp.Or(a.Access, "of a level that isn't known")] = true
		}
	}
	for _, key := range order {
		b := of[key]
		if serviceOf(b.actions[0]) == "sts" {
			for _, a := range b.actions {
				f.add(f.plain(a, b.arn))
			}
			continue
		}
		o := f.plain(b.one(), b.arn).named(b.name(f.ARN, matched))
		o.beside = strings.Join(sorted(b.levels), ", ")
		f.add(o)
		if f.bucket != nil {
			f.add(o.over(question.OverTLS11).named(o.Name + " over TLS 1.1"))
			f.add(o.over(question.OverHTTP).named(o.Name + " over http"))
		}
	}
}

// on says whether an action is on an ARN: of a bucket or an object what the
// reference says of these, for to match ARNs takes longer.
func (f *furtherOf) on(a authorization.Action, arn string) bool {
	switch {
	case f.bucket == nil || !a.Whole():
		return a.On(arn)
	case arn == f.ARN:
		return a.Uses("bucket")
	}
	return a.Uses("object")
}

// beside is actions that nothing tells apart.
type beside struct {
	patterns []string // that match them
	arn      string   // of the bucket or of an object
	acl      bool     // an ACL may grant them
	actions  []string
	levels   map[string]bool // of access: "Read"
}

func (b *beside) key() string {
	key := strings.Join(b.patterns, " ") + " " + b.arn
	if b.acl {
		key += " acl"
	}
	return key
}

// one is the action that is asked for. The bucket's policy is its owner's to
// change whatever it says, so that these actions stand for no others.
func (b *beside) one() string {
	i := slices.IndexFunc(b.actions, func(a string) bool { return !strings.HasSuffix(a, "BucketPolicy") })
	return b.actions[max(i, 0)]
}

// name is "other s3:ListBucket* on the bucket".
func (b *beside) name(bucket string, matched map[string]int) string {
	var narrow []string
	for _, p := range b.patterns {
		if !slices.ContainsFunc(b.patterns, func(q string) bool {
			return q != p && like(p, q) && matched[q] < matched[p]
		}) {
			narrow = append(narrow, p)
		}
	}
	name := "other " + strings.Join(narrow, " and ")
	switch {
	case b.acl:
		name += ", by ACLs"
	case b.arn != bucket:
		name += " on objects"
	case strings.HasPrefix(b.actions[0], "s3:"):
		name += " on the bucket"
	}
	return name
}

// asks says whether an action is asked for by itself.
func (f *furtherOf) asks(action string) bool {
	named := func(o Operation) bool { return strings.EqualFold(o.Action, action) }
	return slices.ContainsFunc(f.Operations, named) || slices.ContainsFunc(f.list, named)
}

// wildcards are the patterns of statements that stand for several actions of a
// service, in order. NotAction means all that it doesn't match.
func wildcards(statements []iam.Statement, service string) []string {
	var list []string
	for _, s := range statements {
		for _, p := range slices.Concat(s.Action, s.NotAction) {
			of, name, _ := strings.Cut(p, ":")
			switch {
			case p == "*":
				list = append(list, service+":*")
			case strings.ContainsAny(name, "*?") && like(of, service):
				list = append(list, service+":"+name)
			}
		}
		if len(s.NotAction) > 0 {
			list = append(list, service+":*")
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
