package resource

import "fmt"

// giveOutside notes the policy that a stack gives a bucket which no stack makes. S3
// lets the bucket's own account alone put one, so the stack's account is the
// bucket's.
//
// Source: AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html.
func (s *Set) giveOutside(p *Policy, bucket string) {
	g := s.outside[bucket]
	if g == nil {
		g = &guarded{placed: placed{Resource: p.Resource, Name: bucket, Account: p.Resource.Stack().Account, Region: p.Resource.Stack().Region}, called: "bucket " + bucket}
		s.outside[bucket] = g
	}
	g.given = append(g.given, p)
}

// takeOutside finds that policy. Of the rest of such a bucket, its ACL may allow
// more, and what it blocks of public access may keep others' accounts out.
func (s *Set) takeOutside(q *question, bucket string) {
	g := s.outside[bucket]
	if g == nil {
		return
	}
	q.policies.Resource, q.request.ResourceAccount = g.Policy, g.Account
	q.ofResource = append(q.ofResource, g.Unread...)
	unread := Unread{g.Resource, fmt.Errorf("what else bucket %s admits: it is in none of the stacks", bucket)}
	q.mayAllow = append(q.mayAllow, unread)
	if q.Caller.Account() != g.Account {
		q.limits = append(q.limits, unread)
	}
}
