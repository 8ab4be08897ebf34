package rule

import (
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/problem"
	"github.com/s3seal/s3seal/internal/resource"
)

// policyChecks is AWS's own list of what is wrong with policies.
const policyChecks = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"

var effectRules = []Rule{
	{
		ID:       "policy-without-effect",
		Severity: Warning,
		Reason:   "AWS accepts the policy and ignores what is misspelt or never matches: an Allow gives less than it says, a Deny refuses less, or either of them more.",
		Source:   policyChecks,
		Fix:      "Write what exists, or remove it.",
		check:    eachProblem(func(p problem.Problem) bool { return !p.Refused && p.Code != problem.RolesAllPassed }),
	},
	{
		ID:       "roles-all-passed",
		Severity: Warning,
		Reason:   "Who may pass every role to every service can act as the most powerful of them.",
		Source:   policyChecks,
		Fix:      "Name the roles in Resource, or the service in a condition on iam:PassedToService.",
		check:    eachProblem(func(p problem.Problem) bool { return p.Code == problem.RolesAllPassed }),
	},
}

// eachProblem makes a check of the problems of some kind. What of a policy can't be
// read leaves the rule undecided.
func eachProblem(of func(problem.Problem) bool) func(*checker) {
	return func(c *checker) {
		for _, p := range c.set.Policies {
			for _, found := range c.problems[p] {
				if s := p.Statements[found.Statement]; of(found) {
					c.find(p.Resource, s.At, "%s: %s", effectOf(s.Statement), found.Text)
				}
			}
			c.unreadable(p)
		}
	}
}

// problemKinds has the kinds of which more is known than that they are policies.
var problemKinds = map[resource.PolicyKind]problem.Kind{
	resource.IdentityPolicy:     problem.Identity,
	resource.BucketPolicy:       problem.Bucket,
	resource.AccessPointPolicy:  problem.AccessPoint,
	resource.KeyPolicy:          problem.Key,
	resource.TrustPolicy:        problem.Trust,
	resource.SecretPolicy:       problem.Secret,
	resource.OrganizationPolicy: problem.Control,
}

// subjectOf is what a policy is of, without its ARN if that isn't known.
func subjectOf(p *resource.Policy) problem.Subject {
	kind, ok := problemKinds[p.Kind]
	if !ok {
		kind = problem.Other
	}
	s := problem.Subject{Kind: kind}
	if name, err := p.Properties().Get("Bucket").String(); err == nil && p.Kind == resource.BucketPolicy {
		s.ARN = "arn:" + partition.Of(p.Stack().Region).Name + ":s3:::" + name
	}
	return s
}
