package rule

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

var denyRules = []Rule{
	{
		ID:       "deny-refuses-default-encryption",
		Severity: Warning,
		Reason:   "A negated condition, or Null, on an encryption header holds when the header is missing too: uploads that leave the encryption to the bucket's default, and log deliveries, are refused, or of a replication the parts of large objects and changes of tags.",
		Source:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
		Fix:      "Add Null: {\"<the same key>\": \"false\"} to the statement, so that it concerns only requests that send the header.",
		check: eachStatement(func(c *checker, p *resource.Policy, s resource.Statement) {
			switch {
			case p.Kind != resource.BucketPolicy && p.Kind != resource.IdentityPolicy:
			case refusesDefault(s.Statement, "s3:PutObject"):
				c.find(p.Resource, s.At, "%s refuses an upload without encryption headers", effectOf(s.Statement))
			case refusesDefault(s.Statement, "s3:ReplicateObject"):
				c.find(p.Resource, s.At, "%s refuses a request of a replication without encryption headers", effectOf(s.Statement))
			}
		}),
	},
}

// refusesDefault tries the statement alone on a request that sends no encryption
// header. Its condition must be about the headers of SSE-S3 and SSE-KMS: SSE-C
// has no default.
func refusesDefault(s iam.Statement, action string) bool {
	if !conditionOn(s.Condition, conditionkey.Encryption) && !conditionOn(s.Condition, conditionkey.KMSKeyID) {
		return false
	}
	if conditionOn(s.Condition, conditionkey.CustomerAlgorithm) {
		return false // one of several forms of "or SSE-C"
	}
	// Whom the statement spares or means is not the question.
	if s.Principal != nil || s.NotPrincipal != nil {
		s.Principal, s.NotPrincipal = &iam.Principal{Any: true}, nil
	}
	resources := s.Resource
	if len(s.NotResource) > 0 {
		resources = iam.Strings{"arn:aws:s3:::x/x"}
	}
	alone := iam.Source{Name: "the statement", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{s}}}
	policies := iam.Policies{Identity: []iam.Source{alone}}
	if s.Principal != nil || s.NotPrincipal != nil {
		policies = iam.Policies{Resource: &alone}
	}
	for _, arn := range resources {
		if arn == "*" {
			arn = "arn:aws:s3:::*/*"
		}
		name := resource.ARN(arn).Resource
		if resource.ARN(arn).Service != "s3" || strings.Contains(name, "${") {
			continue
		}
		name = strings.NewReplacer("*", "x", "?", "x").Replace(name)
		if !strings.Contains(name, "/") {
			name += "/x"
		}
		d := iam.Evaluate(iam.Request{
			Caller:          question.Role("aws", question.Stranger, "uploader"),
			Action:          action,
			Resource:        "arn:" + strings.Replace(resource.ARN(arn).Partition, "*", "aws", 1) + ":s3:::" + name,
			ResourceAccount: question.Stranger,
			Context:         question.OverTLS,
		}, policies)
		if d.Explicit {
			return true
		}
	}
	return false
}
