package iam

import "strings"

// matchARN says whether the ARN s is an instance of the pattern. The first five
// segments are compared one by one, so that a wildcard in one can't reach into
// the next; the sixth, the resource, is compared whole, colons included. A
// pattern that ends early in "*" ("*", "arn:aws:s3:*") stands for all that
// could follow, and with complete any that ends early does ("arn:aws:s3").
//
// Source: IAM user guide, reference_policies_elements_resource, "Using
// wildcards in resource ARNs", reference_policies_grammar ("incomplete ARN"), and
// reference_policies_elements_condition_operators, "ARN condition operators".
func matchARN(p pattern, s string, complete bool) bool {
	for range 5 {
		i := strings.IndexByte(p.text, ':')
		if i < 0 {
			return complete && p.match(firstSegment(s)) || p.text != "" && p.any(len(p.text)-1) && p.match(s)
		}
		j := strings.IndexByte(s, ':')
		if j < 0 || !p.slice(0, i).match(s[:j]) {
			return false
		}
		p, s = p.slice(i+1, len(p.text)), s[j+1:]
	}
	return p.match(s)
}

func firstSegment(s string) string {
	first, _, _ := strings.Cut(s, ":")
	return first
}
