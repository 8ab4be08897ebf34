package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

var readerRules = []Rule{{
	ID:       "reader-without-key",
	Severity: Error,
	Reason:   "Who reads an object under a KMS key needs the key as well: a bucket policy alone gives AccessDenied, and nobody outside of the account ever gets the key aws/s3.",
	Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
	Fix:      "Allow the reader kms:Decrypt in the policy of a customer managed key; or in its own IAM policy, if it is of the key's account.",
	check: func(c *checker) {
		for _, p := range c.set.Policies {
			b := c.bucketOfPolicy(p)
			if b == nil || b.Account == "" || !strings.HasPrefix(b.Algorithm, "aws:kms") {
				continue
			}
			for _, s := range p.Statements {
				c.checkReaders(p, s, b)
			}
			c.unreadable(p)
		}
	},
}}

// reader is somebody whom a statement lets read objects.
type reader struct {
	name     string
	callers  []iam.Caller // one of them is enough
	context  context
	severity Severity
}

// checkReaders asks for kms:Decrypt as those whom a bucket's policy names, with
// whatever their own IAM policies may give them. Objects that are uploaded under
// another encryption than the bucket's default aren't asked for, nor are grants.
func (c *checker) checkReaders(p *resource.Policy, s resource.Statement, b *resource.Bucket) {
	if s.Effect != iam.Allow || s.Principal == nil {
		return
	}
	object, reads := objectOf(s.Statement, b)
	if !reads {
		return
	}
	for _, w := range c.readers(s.Statement, b) {
		outside := slices.ContainsFunc(w.callers, func(caller iam.Caller) bool { return caller.Account() != b.Account })
		switch k := c.set.KeyWithARN(b.KeyARN); {
		case resource.AWSManaged(b.Key) && outside:
			c.findAs(w.severity, p.Resource, s.At, "%s lets %s read objects of %s, which are under the key aws/s3: nobody outside of account %s gets it", effectOf(s.Statement), w.name, bucketPlace(b), b.Account)
		case resource.AWSManaged(b.Key):
		case k == nil:
			c.unknown(p.Resource, s.At, fmt.Errorf("whether key %s lets %s decrypt: it is in none of the stacks", cmp.Or(b.KeyARN, b.Key), w.name))
		case k != nil:
			c.checkReader(p, s, b, k, w, object)
		}
	}
}

func (c *checker) checkReader(p *resource.Policy, s resource.Statement, b *resource.Bucket, k *resource.Key, w reader, object string) {
	var unread error
	refusedBy := "the policy of key " + k.LogicalID + " doesn't let it decrypt them"
	severity := w.severity
	for _, caller := range w.callers {
		for _, about := range keyContexts(k, w.context) {
			ask := resource.Request{Caller: caller, Action: "kms:Decrypt", Resource: k.ARN, Identity: everything,
				Context: question.With(question.ThroughS3(b, b.BucketKey, object), about)}
			d := c.set.Decide(ask)
			own := c.set.IdentityOf(caller)
			switch {
			case len(d.Unread) > 0:
				unread = resource.Why(d.Unread)
			case !d.Allowed:
			case own == nil:
				return
			default:
				ask.Identity = nil
				if d := c.set.Decide(ask); d.Allowed || len(d.Unread) > 0 {
					return
				}
				severity, refusedBy = Warning, own.LogicalID+"'s own policies don't let it decrypt them"
			}
		}
	}
	if unread != nil {
		c.unknown(p.Resource, s.At, unread)
		return
	}
	c.findAs(severity, p.Resource, s.At, "%s lets %s read objects of %s, and %s", effectOf(s.Statement), w.name, bucketPlace(b), refusedBy)
}

// objectOf is an object, "/" and its key, that a statement is about; reads says
// whether it lets anybody read it.
func objectOf(s iam.Statement, b *resource.Bucket) (object string, reads bool) {
	get := iam.Statement{Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: s.Action, Resource: s.Resource}
	for _, arn := range s.Resource {
		rest, ok := strings.CutPrefix(strings.ReplaceAll(arn, "*", "object"), b.ARN)
		if ok && strings.HasPrefix(rest, "/") && iam.Evaluate(
			iam.Request{Caller: iam.Anonymous(), Action: "s3:GetObject", Resource: b.ARN + rest, ResourceAccount: b.Account},
			iam.Policies{Resource: &iam.Source{Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{get}}}},
		).Allowed {
			return rest, true
		}
	}
	return "", false
}

// readers are those whom the statement names, or binds by a condition. Who comes
// by a network may be anybody, and isn't asked about.
func (c *checker) readers(s iam.Statement, b *resource.Bucket) (list []reader) {
	partition := resource.ARN(b.ARN).Partition
	named := demanded(s.Condition, conditionkey.PrincipalARN)
	org := demanded(s.Condition, "aws:PrincipalOrgID")
	add := func(name, account string) {
		if account != b.Account && accountID.MatchString(account) {
			list = append(list, reader{name: name, callers: append(c.namedByKey(b, account), question.Administrator(partition, account)), severity: Error})
		}
	}
	for _, arn := range append(slices.Clone(named), s.Principal.AWS...) {
		switch who := resource.ARN(arn); {
		case strings.ContainsAny(arn, "*?$"):
			if arn != "*" {
				add(arn, who.AccountID)
			}
		case strings.Contains(arn, ":role/"), strings.Contains(arn, ":user/"):
			caller := question.Caller(arn)
			if own := c.set.IdentityOf(caller); own != nil {
				arn = own.LogicalID
			}
			list = append(list, reader{name: arn, callers: []iam.Caller{caller}, severity: Error})
		case len(named) == 0:
			add("account "+cmp.Or(who.AccountID, arn), cmp.Or(who.AccountID, arn))
		}
	}
	if !admitsAll(s) {
		for _, service := range s.Principal.Service {
			w := reader{service, []iam.Caller{iam.ServicePrincipal(service)}, context{conditionkey.SourceAccount: {b.Account}}, Error}
			if service != "cloudfront.amazonaws.com" {
				w.severity = Warning // no page says by whose leave it reads
			}
			if arns := demanded(s.Condition, conditionkey.SourceARN); len(arns) > 0 {
				w.context[conditionkey.SourceARN] = iam.Strings{strings.ReplaceAll(arns[0], "*", "x")}
			}
			list = append(list, w)
		}
		return list
	}
	for _, account := range demanded(s.Condition, conditionkey.PrincipalAccount) {
		add("account "+account, account)
	}
	if len(org) == 1 && len(named) == 0 {
		list = append(list, reader{"organization " + org[0], append(c.namedByKey(b, ""), question.Administrator(partition, question.Stranger)), context{"aws:PrincipalOrgID": org}, Warning}) // the account's own may suffice
	}
	return list
}

// namedByKey are the principals of an account, or with "" of any other than the
// bucket's, that the policy of the bucket's key names: of an account or an
// organization that may read, they may be the ones who are meant.
func (c *checker) namedByKey(b *resource.Bucket, account string) (callers []iam.Caller) {
	k := c.set.KeyWithARN(b.KeyARN)
	if k == nil || k.Policy == nil {
		return nil
	}
	for _, s := range k.Policy.Document.Statement {
		arns := slices.Clone(demanded(s.Condition, conditionkey.PrincipalARN))
		if s.Principal != nil {
			arns = append(arns, s.Principal.AWS...)
		}
		for _, arn := range arns {
			of := cmp.Or(resource.ARN(arn).AccountID, arn)
			if !accountID.MatchString(of) || of == b.Account || account != "" && of != account {
				continue
			}
			if arn = strings.ReplaceAll(arn, "*", "x"); !strings.Contains(arn, "/") {
				callers = append(callers, question.Administrator(resource.ARN(b.ARN).Partition, of))
				continue
			}
			callers = append(callers, question.Caller(arn))
		}
	}
	return callers
}

// keyContexts are a reader's context, and what the key's policy asks of whom a
// service acts for, where the bucket's policy doesn't say that.
func keyContexts(k *resource.Key, given context) []context {
	list := []context{given}
	if k.Policy == nil || len(given[conditionkey.SourceARN]) > 0 || len(given[conditionkey.SourceAccount]) == 0 {
		return list
	}
	for _, s := range k.Policy.Document.Statement {
		for _, arn := range demanded(s.Condition, conditionkey.SourceARN) {
			list = append(list, question.With(given, context{conditionkey.SourceARN: {strings.ReplaceAll(arn, "*", "x")}}))
		}
	}
	return list
}
