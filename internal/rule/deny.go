package rule

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
)

var denyRules = []Rule{
	{
		ID:       "deny-refuses-default-encryption",
		Severity: Warning,
		Reason:   "A negated condition, or Null, on an encryption header holds when the header is missing too: uploads that leave the encryption to the bucket's default, and log deliveries, are refused, or of a replication the parts of large objects and changes of tags.",
		Source:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
		Fix:      "Add Null: {\"<the same key>\": \"false\"} to the statement, so that it concerns only requests that send the header.",
		check: func(c *checker) {
			c.eachPolicy(func(p *policy) {
				if p.kind != bucketPolicy && p.kind != identityPolicy {
					return
				}
				for _, s := range p.statements {
					switch {
					case refusesDefault(s.Statement, "s3:PutObject"):
						c.find(p.resource, s.at, "%s refuses an upload without encryption headers", effectOf(s.Statement))
					case refusesDefault(s.Statement, "s3:ReplicateObject"):
						c.find(p.resource, s.at, "%s refuses a request of a replication without encryption headers", effectOf(s.Statement))
					}
				}
			})
		},
	},
}

// refusesDefault tries the statement alone on a request that sends no encryption
// header. Its condition must be about the headers of SSE-S3 and SSE-KMS: SSE-C
// has no default.
func refusesDefault(s iam.Statement, action string) bool {
	if !conditionOn(s.Condition, algorithmKey) && !conditionOn(s.Condition, kmsKeyKey) {
		return false
	}
	if conditionOn(s.Condition, customerAlgorithmKey) {
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
		name := arnPart(arn, 5)
		if arnPart(arn, 2) != "s3" || strings.Contains(name, "${") {
			continue
		}
		name = strings.NewReplacer("*", "x", "?", "x").Replace(name)
		if !strings.Contains(name, "/") {
			name += "/x"
		}
		d := iam.Evaluate(iam.Request{
			Caller:          iam.RoleSession("arn:aws:iam::"+stranger+":role/uploader", "session"),
			Action:          action,
			Resource:        "arn:" + strings.Replace(arnPart(arn, 1), "*", "aws", 1) + ":s3:::" + name,
			ResourceAccount: stranger,
			Context:         overTLS,
		}, policies)
		if d.Explicit {
			return true
		}
	}
	return false
}
