package problem

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/partition"
)

// resources: every policy but a trust policy says what it is about, and that of a
// bucket is about it and its objects.
//
// Source: IAM user guide, reference_policies_elements_resource, and
// access-analyzer-reference-policy-checks, "Missing resource"; KMS API reference,
// PutKeyPolicy: KMS accepts a statement without one, and it "has no effect". That S3
// refuses "*" is quoted in the issue 10058 of noobaa/noobaa-core; no page and no
// report says whether it accepts "arn:aws:s3:::*".
func (c *checker) resources() {
	all := slices.Concat(c.statement.Resource, c.statement.NotResource)
	switch {
	case len(all) == 0 && c.is(Key):
		c.ignored(ResourceMissing, "Resource", "the statement has no Resource: %s; write \"*\"", c.nothing())
	case len(all) == 0 && c.is(Bucket, AccessPoint, Identity):
		c.wrong(ResourceMissing, "Resource", "", "the statement has no Resource; say what it is about")
	case len(all) > 0 && c.is(Trust):
		c.wrong(ResourceProhibited, "Resource", "", "a trust policy is about its role only; remove Resource")
	}
	for _, r := range all {
		switch {
		case c.is(Identity) && !isARN(r):
			c.wrong(ResourceMalformed, "Resource", r, "%s is no ARN; write one, or \"*\"", r)
		case c.is(Identity):
			c.cut(r)
		case c.is(Bucket) && r == "*":
			c.wrong(ResourceElsewhere, "Resource", r, "\"*\" is not of the bucket; write the ARN of the bucket, or of its objects")
		case c.is(Bucket) && c.subject.ARN != "" && elsewhere(r, c.subject.ARN):
			c.wrong(ResourceElsewhere, "Resource", r, "%s is not of the bucket; write %s or %[2]s/*", r, c.subject.ARN)
		case c.is(Bucket) && c.subject.ARN != "" && matchesNothing(r, c.subject.ARN):
			c.ignored(ResourceElsewhere, "Resource", "%s matches nothing of the bucket; write %s or %[2]s/*", r, c.subject.ARN)
		}
	}
}

// isARN is true of ARNs, and of patterns that may stand for one.
func isARN(resource string) bool {
	return strings.HasPrefix(resource, "arn:") || strings.HasPrefix(resource, "*")
}

// cut finds ARNs of a misspelt partition, and those that end in their middle. IAM
// completes an ARN that ends before its Region ("arn:aws:s3").
//
// Source: IAM user guide, reference_policies_grammar; which ones IAM refuses has
// getmoto/moto, moto/iam/policy_validation.py.
func (c *checker) cut(resource string) {
	parts := strings.SplitN(resource, ":", 6)
	var partitions []string
	for _, p := range partition.All() {
		partitions = append(partitions, p.Name)
	}
	switch {
	case parts[0] != "arn" || len(parts) < 2:
	case len(parts) == 6 && !slices.Contains(partitions, parts[1]) && suggest(parts[1], partitions, 2) != "":
		c.wrong(PartitionUnknown, "Resource", parts[1], "%s is of no partition%s", resource, suggest(parts[1], partitions, 2))
		c.found[len(c.found)-1].Words += resource + `".`
	case len(parts) < 6 && strings.Contains(resource, "::"):
		c.wrong(ResourceCut, "Resource", resource, "%s is an ARN that lacks a part; write arn:partition:service:region:account:resource", resource)
	}
}

// elsewhere tells whether a resource is surely not a bucket or of its objects.
func elsewhere(resource, bucketARN string) bool {
	have, want := strings.SplitN(resource, ":", 6), strings.SplitN(bucketARN, ":", 6)
	if len(have) < 6 || len(want) < 6 {
		return !strings.ContainsAny(resource, "*?$")
	}
	bucket, _, _ := strings.Cut(have[5], "/")
	for i, text := range []string{2: have[2], 5: bucket} {
		if text != "" && !strings.ContainsAny(text, "*?$") && text != want[i] {
			return true
		}
	}
	return false
}

// matchesNothing: the name of the bucket in a pattern begins otherwise than the
// bucket's. No page says whether S3 refuses it.
func matchesNothing(resource, bucketARN string) bool {
	have, want := strings.SplitN(resource, ":", 6), strings.SplitN(bucketARN, ":", 6)
	if len(have) < 6 || len(want) < 6 {
		return false
	}
	i := strings.IndexAny(have[5], "*?$/")
	return i >= 0 && have[5][i] != '/' && !strings.HasPrefix(want[5], have[5][:i])
}

// actionsOnResources finds actions that work on none of the statement's resources.
// Those of S3 on buckets or objects have rules of their own.
//
// Source: the service authorization reference: an action without resource types
// needs Resource "*". IAM itself answers with the ARN of a path ("iam:ListRoles on
// resource: arn:aws:iam::111122223333:role/"), so that its actions aren't judged.
func (c *checker) actionsOnResources() {
	s := c.statement
	if !c.is(Identity, Control) || len(s.Resource) == 0 {
		return
	}
	if slices.ContainsFunc(s.Resource, func(r string) bool { return r == "*" || !isARN(r) }) {
		return
	}
	without := map[string][]string{} // by what they need
	for _, pattern := range s.Action {
		actions := c.matching(pattern)
		dead := len(actions) > 0 && !slices.ContainsFunc(actions, func(a authorization.Action) bool {
			return !a.Whole() || len(a.Resources) == 0 && a.Service == "iam" || slices.ContainsFunc(s.Resource, unlisted(a.Service)) ||
				a.Service == "s3" && (a.Uses("object") || a.Uses("bucket")) ||
				slices.ContainsFunc(s.Resource, a.On)
		})
		if dead {
			without[needs(actions)] = append(without[needs(actions)], pattern)
		}
	}
	for _, forms := range slices.Sorted(maps.Keys(without)) {
		c.ignored(ActionWithoutResource, "Action", "%s needs %s as Resource, and gets %s", strings.Join(without[forms], ", "), forms, given(s))
	}
}

// unlisted makes a test for ARNs of a service that are of no type in the reference,
// such as those of CloudFormation's transforms: what works on them isn't known.
func unlisted(service string) func(resource string) bool {
	return func(resource string) bool {
		parts := strings.SplitN(resource, ":", 4)
		return len(parts) == 4 && parts[2] == service &&
			!slices.ContainsFunc(authorization.Types(service), func(t authorization.ResourceType) bool { return t.Fits(resource) })
	}
}

// given shortens the resources of a statement.
func given(s *iam.Statement) string {
	if len(s.Resource) > 1 {
		return fmt.Sprintf("%s and %d more", s.Resource[0], len(s.Resource)-1)
	}
	return s.Resource[0]
}

// needs are the forms of resources that actions work on.
func needs(actions []authorization.Action) string {
	var forms []string
	for _, a := range actions {
		if len(a.Resources) == 0 {
			forms = append(forms, `"*"`)
		}
		for _, u := range a.Resources {
			if t, ok := authorization.Type(a.Service, u.Type); ok {
				forms = append(forms, t.ARN)
			}
		}
	}
	slices.Sort(forms)
	return strings.Join(slices.Compact(forms), " or ")
}

// passedRoles finds the permission to give every role to every service.
//
// Source: IAM user guide, access-analyzer-reference-policy-checks, "Pass role with
// star in resource".
func (c *checker) passedRoles() {
	s := c.statement
	if !c.is(Identity) || s.Effect != iam.Allow || !slices.ContainsFunc(s.Action, func(a string) bool { return strings.EqualFold(a, "iam:PassRole") }) {
		return
	}
	for _, keys := range s.Condition {
		for key := range keys {
			if strings.EqualFold(key, "iam:PassedToService") || strings.EqualFold(key, "iam:AssociatedResourceArn") {
				return
			}
		}
	}
	for _, r := range s.Resource {
		if r == "*" || strings.HasSuffix(r, ":role/*") {
			c.ignored(RolesAllPassed, "Resource", "iam:PassRole on %q gives every role of the account to a service, an administrator's as well; name the roles, or the service with iam:PassedToService", r)
		}
	}
}
