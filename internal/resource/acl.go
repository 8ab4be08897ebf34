package resource

import (
	"errors"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// byACL are the actions that an ACL can grant, of the objects and of the bucket.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
var (
	byObjectACL = []string{"s3:getobject", "s3:getobjectversion", "s3:getobjectacl", "s3:getobjectversionacl", "s3:putobjectacl", "s3:putobjectversionacl"}
	byBucketACL = map[string][]string{
		"PublicRead":        {"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads"},
		"PublicReadWrite":   {"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads", "s3:putobject"},
		"AuthenticatedRead": {"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads"},
		"AwsExecRead":       {"s3:listbucket", "s3:listbucketversions", "s3:listbucketmultipartuploads"},
		"LogDeliveryWrite":  {"s3:putobject", "s3:getbucketacl"},
	}
)

// ACLsInForce says whether ACLs decide beside the policies.
func (b *Bucket) ACLsInForce() bool { return b.Ownership != "" && b.Ownership != "BucketOwnerEnforced" }

// aclMayGrant says why an ACL may allow what no policy does. Each object has
// its own, which no template tells. The bucket's own account needs none, and
// that Block Public Access ignores public ones isn't counted: others may name
// any account.
func (b *Bucket) aclMayGrant(c iam.Caller, action string) error {
	action = strings.ToLower(action)
	switch {
	case !b.ACLsInForce() || c.Account() == b.Account:
		return nil
	case slices.Contains(byObjectACL, action):
		return errors.New("what the ACLs of the objects grant, which are in force")
	case slices.Contains(byBucketACL[b.ACL], action):
		return errors.New("whom the bucket's ACL " + b.ACL + ", which is in force, admits")
	}
	return nil
}
