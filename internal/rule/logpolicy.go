package rule

import (
	"encoding/json"
	"slices"
	"strings"

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
	denied, because := c.deniedTo(t.Principal, l, l.bucketRequests(b))
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
	c.findWith(Error, fix, l.from, l.at, "%s don't arrive in %s: %s", t.Title, bucketPlace(b), explain(because))
}

// bucketRequests are those without which nothing arrives.
func (l sentLog) bucketRequests(b *resource.Bucket) []logRequest {
	put := logRequest{"s3:PutObject", b.ARN + "/" + l.object, question.With(question.OverTLS)}
	if l.traits.SendsACL {
		put.context[conditionkey.ACL] = iam.Strings{"bucket-owner-full-control"}
	}
	if l.kmsKey != "" {
		put.context[conditionkey.Encryption] = iam.Strings{"aws:kms"}
		put.context[conditionkey.KMSKeyID] = iam.Strings{l.kmsKey}
	}
	list := []logRequest{put}
	for _, action := range l.traits.Checks {
		if action != "s3:ListBucket" { // without which logs arrive all the same
			list = append(list, logRequest{action, b.ARN, question.OverTLS})
		}
	}
	return list
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
