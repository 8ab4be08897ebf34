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

// everybody stands for all callers of a bucket.
func everybody(b *resource.Bucket) []question.Who {
	return question.Everybody(resource.ARN(b.ARN).Partition, b.Account)
}

// checkDenied reports that the bucket's policy doesn't deny a request to all of
// the people. Only an explicit denial counts, and only one that depends on
// nothing but the keys: what nothing allows today, a policy elsewhere may allow
// tomorrow. Messages say how the request comes, and what should deny it.
func (c *checker) checkDenied(b *resource.Bucket, people []question.Who, r resource.Request, how, by string, keys ...string) bool {
	r.Identity = everything
	for _, w := range people {
		r.Caller, r.Policy = w.Caller, nil
		denied := b.Policy != nil && c.set.Decide(r).Explicit
		if denied {
			r.Policy = sparingNobody(b.Policy, keys)
		}
		switch why := resource.Why(b.Unread); {
		case denied && c.set.Decide(r).Explicit:
			continue
		case denied:
			c.find(b.Resource, "", "the statement that denies %s %s spares some callers, by NotPrincipal or a further condition", r.Action, how)
		case why != nil:
			c.unknown(b.Resource, "", why)
		default:
			c.find(b.Resource, "", "no %s denies %s %s to %s", by, r.Action, how, w.Name)
		}
		return false
	}
	return true
}

// sparingNobody is a policy without the Deny statements that spare somebody: with
// NotPrincipal, or under a condition on another key than those given. The
// callers asked about are six; a statement that spares a role or a network that
// is none of theirs closes nothing.
func sparingNobody(policy *iam.Source, keys []string) *iam.Source {
	strict := *policy
	strict.Document.Statement = slices.DeleteFunc(slices.Clone(strict.Document.Statement), func(s iam.Statement) bool {
		return s.Effect == iam.Deny && (s.NotPrincipal != nil || conditionBeside(s.Condition, keys))
	})
	return &strict
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
