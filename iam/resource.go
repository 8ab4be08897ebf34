package iam

import "strings"

// policyType is what a document is: the grammar and the reading of some elements
// depend on it.
type policyType int

const (
	identityPolicy policyType = iota // boundaries too
	sessionPolicy
	resourcePolicy
	organizationPolicy // SCPs and RCPs
)

// matchesResource: a trust policy has no Resource, its statements are about the
// role that it is attached to; any other statement without one is not valid.
func (x *context) matchesResource(s *Statement, in policyType) bool {
	deny := s.Effect != Allow
	switch {
	case len(s.Resource) > 0:
		for _, r := range s.Resource {
			if p, ok := x.expand(r); ok && x.names(r, p, in, deny) {
				return true
			}
		}
		return false
	case len(s.NotResource) > 0:
		for _, r := range s.NotResource {
			p, ok := x.expand(r)
			if !ok {
				// "Will not match any resource": it excepts none. But an unresolved
				// variable "might cause the entire statement to be invalid", too.
				if !deny && x.leftOpen("whether NotResource with a variable that has no value excepts nothing") {
					return false
				}
				continue
			}
			if x.names(r, p, in, !deny) {
				return false
			}
		}
		return true
	}
	return in == resourcePolicy && service(x.req.Action) == "sts" || deny
}

// names says whether p, which is r with its variables replaced, stands for the
// resource. If that isn't certain it does exactly if ifOpen, in the reading that
// denies.
//
// Source: IAM user guide, reference_policies_elements_resource ("If the * wildcard
// is the last character of a resource ARN segment, it can expand to match beyond
// the colon boundaries", and not when), reference_policies_grammar (incomplete
// ARNs in identity policies) and reference_policies_variables ("You can't use a
// variable to replace parts of the ARN before the fifth colon", which the AWS
// managed policy AmazonTimestreamInfluxDBServiceRolePolicy does for the account).
func (x *context) names(r string, p pattern, in policyType, ifOpen bool) bool {
	question := ""
	switch {
	case p.literal == nil && p.text == x.target:
		return true
	case !p.begins(x.target): // as most statements about other resources
		return false
	case matchARN(p, x.target, in == identityPolicy):
		if p.literal == nil || variableSegment(r) != accountSegment {
			return true
		}
		question = "whether a policy variable stands for the account of an ARN"
	case wildBeforeResource(p.text) && p.match(x.target):
		question = "whether a wildcard reaches beyond the colon of an ARN"
	case in != identityPolicy && strings.Count(p.text, ":") < 5 && matchARN(p, x.target, true):
		question = "whether an incomplete ARN is completed outside identity policies"
	default:
		return false
	}
	return x.leftOpen(question) == ifOpen
}

// wildBeforeResource: a "*" stands before the fifth colon. Only such a one can
// reach beyond a colon and match what matchARN doesn't.
func wildBeforeResource(arn string) bool {
	colons := 0
	for i := 0; i < len(arn) && colons < 5; i++ {
		switch arn[i] {
		case '*':
			return true
		case ':':
			colons++
		}
	}
	return false
}

// variableSegment is the segment of an ARN, from 0, in which its first policy
// variable is; -1 if it has none.
func variableSegment(arn string) int {
	i := strings.Index(arn, "${")
	if i < 0 {
		return -1
	}
	return strings.Count(arn[:i], ":")
}

const accountSegment = 4
