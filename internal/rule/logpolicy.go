package rule

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/policy"
)

// checkLogPut asks the bucket as the service that delivers, with the condition
// keys that it sends for this very source.
func (c *checker) checkLogPut(l sentLog, b *resource.Bucket) {
	t := l.traits
	if t.NeedsACL {
		return // by the bucket's ACL
	}
	if l.Account == "" || l.Region == "" || b.Account == "" {
		c.unknown(l.from, l.at, errNowhere)
		return
	}
	denied, because := c.deniedTo(t.Principal, l, l.bucketRequests(b, c.headers(l, b)))
	if because.Explicit && c.byAnotherHeader(l, b) {
		c.unknown(l.from, l.at, fmt.Errorf("whether %s come with an encryption header that %s demands: no page of AWS's says what the service sends", t.Title, bucketPlace(b)))
		return
	}
	if because.Explicit {
		c.findWith(Error, "Spare the service in that Deny: add Bool aws:PrincipalIsAWSService: \"false\" to its condition.",
			l.from, l.at, "%s don't arrive in %s: %s", t.Title, bucketPlace(b), explain(because))
		return
	}
	if doubt := resource.Why(b.Unread); doubt != nil {
		c.unknown(l.from, l.at, doubt)
		return
	}
	if len(denied) == 0 || l.grantedByACL(b) || c.mayDeliverByRole(l) {
		return
	}
	fix := "Add to the policy of " + bucketPlace(b) + ": " + statementsFor(policy.LogDelivery(b.ARN, l.Delivery), iam.ServicePrincipal(t.Principal), b.Account, l.sent(), denied)
	if t.AddsStatement && amendable(b) {
		c.findWith(Warning, fix, l.from, l.at, "%s arrive in %s only if whoever deploys may change its policy (s3:PutBucketPolicy), so that AWS adds its statement, and until CloudFormation's next update of the policy removes it: %s", t.Title, bucketPlace(b), explain(because))
		return
	}
	c.findWith(Error, fix, l.from, l.at, "%s don't arrive in %s: %s%s", t.Title, bucketPlace(b), explain(because), c.elsewhere(l, b))
}

// bucketRequests are those without which nothing arrives, of which one writes
// with encryption headers.
func (l sentLog) bucketRequests(b *resource.Bucket, headers context) []logRequest {
	put := logRequest{"s3:PutObject", b.ARN + "/" + l.object, question.With(question.OverTLS, headers)}
	if l.traits.SendsACL {
		put.context[conditionkey.ACL] = iam.Strings{"bucket-owner-full-control"}
	}
	list := []logRequest{put}
	for _, action := range l.traits.Checks {
		if action != "s3:ListBucket" { // without which logs arrive all the same
			list = append(list, logRequest{action, b.ARN, question.OverTLS})
		}
	}
	return list
}

// headers are the encryption headers that the service sends, as far as is known:
// of the key or of SSE-S3 that the source asks for, or what it sends unasked.
func (c *checker) headers(l sentLog, b *resource.Bucket) context {
	switch {
	case l.kmsKey != "":
		key, err := c.set.KeyARN(l.kmsKey, b)
		if err != nil { // it is as likely to be sent as it is written
			key = l.kmsKey
		}
		return question.UnderKey("aws:kms", key)
	case l.sseS3 || l.traits.Sends == encryption.AES256:
		return question.SSES3
	}
	return nil
}

// byAnotherHeader says whether the bucket would let the log in if it came with
// an encryption header, where no page says whether it does.
func (c *checker) byAnotherHeader(l sentLog, b *resource.Bucket) bool {
	if l.kmsKey != "" || l.sseS3 || l.traits.Sends != "" {
		return false
	}
	possible := []context{question.SSES3, question.SSEKMS}
	if b.KeyARN != "" {
		possible = append(possible, question.UnderKey("aws:kms", b.KeyARN))
	}
	return slices.ContainsFunc(possible, func(headers context) bool {
		_, because := c.deniedTo(l.traits.Principal, l, l.bucketRequests(b, headers))
		return !because.Explicit
	})
}

// grantedByACL: S3's log delivery group may write by a canned ACL where ACLs are
// in force.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
func (l sentLog) grantedByACL(b *resource.Bucket) bool {
	return b.ACLsInForce() && b.ACL != "" && b.ACL == l.traits.CannedACL
}

// amendable: AWS adds no statement to a policy with NotAction or NotPrincipal.
// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
func amendable(b *resource.Bucket) bool {
	return b.Policy == nil || !slices.ContainsFunc(b.Policy.Document.Statement, func(s iam.Statement) bool {
		return s.NotPrincipal != nil || len(s.NotAction) > 0
	})
}

// statementsFor are those of the statements that allow a request which was
// denied, as JSON; all of them if none does alone.
func statementsFor(list []iam.Statement, writer iam.Caller, account string, sent context, denied []logRequest) string {
	var texts, all []string
	for _, s := range list {
		data, err := json.Marshal(s)
		if err != nil {
			continue
		}
		all = append(all, string(data))
		alone := iam.Policies{Resource: &iam.Source{Document: policy.Document(s)}}
		if slices.ContainsFunc(denied, func(ask logRequest) bool {
			return iam.Evaluate(iam.Request{
				Caller: writer, Action: ask.action, Resource: ask.arn, ResourceAccount: account, Context: question.With(sent, ask.context),
			}, alone).Allowed
		}) {
			texts = append(texts, string(data))
		}
	}
	if len(texts) == 0 {
		texts = all
	}
	return strings.Join(texts, ", ")
}
