package rule

import "github.com/s3seal/s3seal/internal/resource"

// openACLs are the canned ACLs that admit strangers, with whom and to what.
//
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html,
// "Canned ACL" and "Mapping of ACL permissions and access policy permissions".
var openACLs = map[string]string{
	"PublicRead":        "anyone list its objects",
	"PublicReadWrite":   "anyone list its objects, write and overwrite them",
	"AuthenticatedRead": "every AWS account list its objects",
}

// openByACL finds buckets whose own ACL is in force and admits strangers. Where
// Block Public Access refuses or ignores it, nobody is let in.
func (c *checker) openByACL(b *resource.Bucket) {
	to, open := openACLs[b.ACL]
	if !open || !b.ACLsInForce() || b.IgnorePublicACLs {
		return
	}
	v := b.Properties()
	if blocked, known := c.flag(b.Resource, v.Get("PublicAccessBlockConfiguration", "BlockPublicAcls")); known && !blocked {
		c.find(b.Resource, v.Get("AccessControl").Path(), "ACLs are in force, and AccessControl %s lets %s", b.ACL, to)
	}
}
