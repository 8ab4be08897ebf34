package rule

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

type context = question.Context

// ask decides a request of w.
func (d *deployment) ask(w question.Who, action, arn string, c context) resource.Decision {
	return d.set.Decide(resource.Request{Caller: w.Caller, Action: action, Resource: arn, Context: c, Identity: everything})
}

// askWithout decides a request of w as if the bucket's policy had no Deny
// statement that spares anybody: with NotPrincipal, or under a condition on
// another key than those given. The callers asked about are six; a statement
// that spares a role or a network that is none of theirs closes nothing.
func (d *deployment) askWithout(b *resource.Bucket, w question.Who, action, arn string, c context, keys ...string) resource.Decision {
	closed := iam.Source{Name: b.Policy.Name, Document: b.Policy.Document}
	closed.Document.Statement = slices.DeleteFunc(slices.Clone(closed.Document.Statement), func(s iam.Statement) bool {
		return s.Effect == iam.Deny && (s.NotPrincipal != nil || conditionBeside(s.Condition, keys))
	})
	return d.set.Decide(resource.Request{
		Caller: w.Caller, Action: action, Resource: arn, Context: c, Identity: everything, Policy: &closed,
	})
}

// conditionBeside says whether a condition is on any other key.
func conditionBeside(c iam.Condition, keys []string) bool {
	for _, of := range c {
		for k := range of {
			if !slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, k) }) {
				return true
			}
		}
	}
	return false
}

// everything is what an own account can give to everybody.
var everything = question.Allowing("*")

// explain is a decision in one line.
func explain(d resource.Decision) string { return oneLine(d.Explain()) }

// conditionOn says whether a condition is about a key; their names match in any
// case.
func conditionOn(c iam.Condition, key string) bool {
	for _, keys := range c {
		for k := range keys {
			if strings.EqualFold(k, key) {
				return true
			}
		}
	}
	return false
}
