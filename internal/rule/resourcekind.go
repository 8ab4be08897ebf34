package rule

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/resource"
)

const s3Actions = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html"

var resourceKindRules = []Rule{
	{
		ID:       "object-action-on-bucket",
		Severity: Error,
		Reason:   "An action on objects never matches the ARN of a bucket: an Allow gives nothing, a Deny refuses nothing.",
		Source:   s3Actions,
		Fix:      "Name the objects: the bucket's ARN and \"/*\".",
		check:    checkKind("object", "bucket", matchesObject, "the ARN of a bucket"),
	},
	{
		ID:       "bucket-action-on-objects",
		Severity: Error,
		Reason:   "An action on a bucket never matches the ARN of an object: an Allow gives nothing, a Deny refuses nothing.",
		Source:   s3Actions,
		Fix:      "Name the bucket: its ARN without \"/*\".",
		check:    checkKind("bucket", "object", matchesBucket, "the ARNs of objects"),
	},
}

// checkKind finds the actions of one kind in statements none of whose resources
// can be of that kind. A wildcard that matches actions of the other kind as
// well is not of one.
func checkKind(kind, other string, fits func(string) bool, what string) func(*checker) {
	return eachStatement(func(c *checker, p *resource.Policy, s resource.Statement) {
		if len(s.Resource) == 0 || slices.ContainsFunc(s.Resource, func(r string) bool { return !isS3(r) || fits(r) }) {
			return
		}
		for _, a := range s.Action {
			if on(a, kind) && !on(a, other) {
				c.find(p.Resource, s.At, "%s: %s is given %s only: %s", effectOf(s.Statement), a, what, strings.Join(s.Resource, ", "))
			}
		}
	})
}

// on tells whether a pattern matches an action of S3 on a type of resource.
func on(pattern, resourceType string) bool {
	return len(pattern) > 3 && strings.EqualFold(pattern[:3], "s3:") &&
		slices.ContainsFunc(authorization.Matching(pattern), func(a authorization.Action) bool { return a.Uses(resourceType) })
}

func effectOf(s iam.Statement) string {
	if s.Sid != "" {
		return string(s.Effect) + " " + s.Sid
	}
	if s.Effect == iam.Deny {
		return "a Deny"
	}
	return "an Allow"
}

// isS3 is true of the ARNs of buckets and their objects, wildcards included;
// access points have a Region in theirs.
func isS3(arn string) bool {
	return resource.ARN(arn).Service == "s3" && resource.ARN(arn).Region == ""
}

// matchesObject: the name after the bucket's holds a slash, or a wildcard or
// variable that may stand for one.
func matchesObject(arn string) bool { return strings.ContainsAny(resource.ARN(arn).Resource, "/*$") }

// matchesBucket: no slash is in the way. A variable may have one in its name.
func matchesBucket(arn string) bool {
	name := resource.ARN(arn).Resource
	return strings.Contains(name, "${") || !strings.Contains(name, "/")
}
