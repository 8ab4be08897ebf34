package iam

import "strings"

// matchARN says whether the ARN s is an instance of the pattern. The first five
// segments are compared one by one, so that a wildcard in one can't reach into
// the next; the sixth, the resource, is compared whole, colons included. A
// pattern that ends early in "*" ("*", "arn:aws:s3:*") stands for all that
// could follow.
//
// Source: IAM user guide, reference_policies_elements_resource, "Using
// wildcards in resource ARNs", and reference_policies_elements_condition_operators,
// "ARN condition operators".
func matchARN(p pattern, s string) bool {
	for range 5 {
		i := strings.IndexByte(p.text, ':')
		if i < 0 {
			return p.text != "" && p.any(len(p.text)-1) && p.match(s)
		}
		j := strings.IndexByte(s, ':')
		if j < 0 || !p.slice(0, i).match(s[:j]) {
			return false
		}
		p, s = p.slice(i+1, len(p.text)), s[j+1:]
	}
	return p.match(s)
}
