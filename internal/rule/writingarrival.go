package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// eachOtherArrival calls f for what services write that are no sources of the
// matrix, into buckets of the stacks.
func (c *checker) eachOtherArrival(f func(writing, *resource.Bucket)) {
	c.eachWriting(writersOf, func(w writing) {
		if b := c.set.BucketNamed(c.writingTo(w)); b != nil {
			f(w, b)
		}
	})
}

// notKnown leaves the rule undecided, by the writer's name.
func (c *checker) notKnown(w writing, b *resource.Bucket) {
	c.unknown(w.from, w.bucket.Path(), fmt.Errorf("whether %s arrive in %s: how their service writes is not known here (docs.aws.amazon.com/%s)", w.Title, bucketPlace(b), w.Page()))
}

func (c *checker) checkWrittenEncryption(w writing, b *resource.Bucket) {
	keyed := false
	if w.Key != "" {
		var known bool
		if keyed, known = c.keyed(w); !known {
			return
		}
	}
	_, byRole, known := c.writer(w)
	switch {
	case !known || byRole: // whose leave to use the key decides
	case keyed || b.Algorithm == encryption.AES256:
	case w.OnlySSES3 != "":
		c.findWith(Error, "Use SSE-S3 as the bucket's default encryption.", w.from, w.bucket.Path(),
			"%s go to %s, whose default is %s, and don't arrive: %s (docs.aws.amazon.com/%s)", w.Title, bucketPlace(b), b.Algorithm, w.OnlySSES3, w.Page())
	default:
		c.notKnown(w, b)
	}
}

// checkWriter accuses only where nothing admits the service, whatever it sends
// and wherever it writes: the pages say who writes, and mostly not what with.
func (c *checker) checkWriter(w writing, b *resource.Bucket) {
	role, byRole, known := c.writer(w)
	services := w.principals()
	missing := notAdmitted(b.Policy, services, b.ARN, b.Account, w.Checks)
	missing = append(missing, notAdmitted(b.Policy, services, b.ARN+"/object", b.Account, []string{"s3:PutObject"})...)
	switch doubt := resource.Why(b.Unread); {
	case !known:
	case byRole || len(services) == 0:
		if !c.mayAs(role, "s3:PutObject", b.ARN+"/object", question.OverTLS) {
			c.notKnown(w, b)
		}
	case w.from.Stack().Account == "" || w.from.Stack().Region == "" || b.Account == "":
		c.unknown(w.from, w.bucket.Path(), errNowhere)
	case len(missing) > 0 && doubt == nil:
		c.findWith(Error, "Admit the service in the bucket's policy, as docs.aws.amazon.com/"+w.Page()+" has it.", w.from, w.bucket.Path(),
			"%s don't arrive in %s: no statement of its policy admits service %s to %s", w.Title, bucketPlace(b), services[0], strings.Join(missing, " and "))
	case doubt != nil:
		c.unknown(w.from, w.bucket.Path(), doubt)
	case !c.writesAnyhow(w, b, services):
		c.unknown(w.from, w.bucket.Path(), fmt.Errorf("whether %s arrive in %s: its policy admits service %s under conditions, or denies it something, and no page says all that it sends (docs.aws.amazon.com/%s)", w.Title, bucketPlace(b), services[0], w.Page()))
	}
}

// writer is the role as whom the service writes, if the resource has one; nil if
// that is in none of the stacks.
func (c *checker) writer(w writing) (role *resource.Role, byRole, known bool) {
	if w.Role == "" {
		return nil, false, true
	}
	arn, known := c.text(w.from, w.role)
	return c.set.RoleWithARN(arn), arn != "", known
}

// mayAs says whether a role, if it is known, may do something. That one may not
// is no finding: it may write elsewhere in the bucket, or with other headers.
func (c *checker) mayAs(role *resource.Role, action, arn string, sent context) bool {
	return role != nil && c.set.Decide(resource.Request{Caller: role.Caller(), Action: action, Resource: arn, Context: sent}).Allowed
}

// writesAnyhow says whether the service may write whatever it sends about itself
// but its account.
func (c *checker) writesAnyhow(w writing, b *resource.Bucket, services []string) bool {
	return slices.ContainsFunc(services, func(service string) bool {
		return c.set.Decide(resource.Request{
			Caller: iam.ServicePrincipal(service), Action: "s3:PutObject", Resource: b.ARN + "/object",
			Context: question.With(question.OverTLS, context{conditionkey.SourceAccount: {w.from.Stack().Account}}),
		}).Allowed
	})
}

func (c *checker) checkWrittenKey(w writing, b *resource.Bucket) {
	written := b.Key
	if w.Key != "" {
		keyed, known := c.keyed(w)
		own, alsoKnown := c.text(w.from, w.key)
		if !known || !alsoKnown {
			return
		}
		if keyed {
			written = own
		}
	}
	if resource.AWSManaged(written) || w.OnlySSES3 != "" {
		return // of another rule
	}
	role, _, known := c.writer(w)
	if !known {
		return
	}
	arn, why := c.set.KeyARN(written, b)
	if len(w.KeyActions) == 0 {
		if why != nil || !c.mayAs(role, "kms:GenerateDataKey", arn, question.ThroughS3(b, b.BucketKey, "/object")) {
			c.notKnown(w, b)
		}
		return
	}
	if why == nil {
		why = c.keyDoubt(arn)
	}
	if why != nil {
		c.unknown(w.from, w.key.Path(), why)
		return
	}
	k := c.set.KeyWithARN(arn)
	if missing := notAdmitted(k.Policy, w.principals(), arn, k.Account, w.KeyActions); len(missing) > 0 {
		c.findWith(Error, "Admit the service in the key's policy, as docs.aws.amazon.com/"+w.Page()+" has it.", w.from, w.key.Path(),
			"%s don't arrive in %s: no statement of the policy of key %s admits service %s to %s", w.Title, bucketPlace(b), k.LogicalID, w.principals()[0], strings.Join(missing, " and "))
	}
}

// principals are the Services, as they are called in the resource's Region.
func (w writing) principals() (list []string) {
	for _, service := range w.Services {
		if region := w.from.Stack().Region; region != "" || !strings.Contains(service, "{region}") {
			list = append(list, strings.ReplaceAll(service, "{region}", region))
		}
	}
	return list
}

// notAdmitted are the actions that no statement lets one of the services do:
// wherever, and under whatever condition.
func notAdmitted(policy *iam.Source, services []string, arn, account string, actions []string) []string {
	var wide iam.Source
	if policy != nil {
		wide.Document.Version = policy.Document.Version
		for _, s := range policy.Document.Statement {
			if s.Effect == iam.Allow {
				s.Resource, s.NotResource, s.Condition = iam.Strings{"*"}, nil, nil
				wide.Document.Statement = append(wide.Document.Statement, s)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(actions), func(action string) bool {
		return slices.ContainsFunc(services, func(service string) bool {
			request := iam.Request{Caller: iam.ServicePrincipal(service), Action: action, Resource: arn, ResourceAccount: account}
			return iam.Evaluate(request, iam.Policies{Resource: &wide}).Allowed
		})
	})
}
