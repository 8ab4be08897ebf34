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
	byReadACL   = iam.Strings{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}
)

// logDelivery is the service behind S3's Log Delivery group.
const logDelivery = "logging.s3.amazonaws.com"

// cannedACLs are those that admit others than the bucket's account.
// Source: the same page, "Canned ACL".
var cannedACLs = map[string]cannedACL{
	"PublicRead":        {public: true, anonymous: true, actions: byReadACL},
	"PublicReadWrite":   {public: true, anonymous: true, actions: append(slices.Clone(byReadACL), "s3:PutObject")},
	"AuthenticatedRead": {public: true, actions: byReadACL},
	"LogDeliveryWrite":  {service: logDelivery, actions: iam.Strings{"s3:PutObject", "s3:GetBucketAcl"}},
}

type cannedACL struct {
	public    bool   // names all accounts, so that IgnorePublicAcls ignores it
	anonymous bool   // and whoever has none
	service   string // whom it names, if not all accounts
	actions   iam.Strings
}

// ACLsInForce says whether ACLs decide beside the policies.
func (b *Bucket) ACLsInForce() bool { return b.Ownership != "" && b.Ownership != "BucketOwnerEnforced" }

// aclFor is what the bucket's own ACL allows a caller, as a policy; nil for nothing.
// ignorePublic is IgnorePublicAcls, of the bucket or of an access point to it.
func (b *Bucket) aclFor(c iam.Caller, ignorePublic bool) *iam.Source {
	acl, ok := cannedACLs[b.ACL]
	switch {
	case !ok || !b.ACLsInForce() || acl.public && ignorePublic:
		return nil
	case acl.service != c.Service(), acl.public && !acl.anonymous && c.Account() == "":
		return nil
	}
	return &iam.Source{
		Name: "ACL " + b.ACL + " of bucket " + b.Name,
		Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Sid: b.ACL, Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: acl.actions, Resource: iam.Strings{b.ARN, b.ARN + "/*"},
		}}},
	}
}

// aclMayGrant says why an ACL may allow what no policy does. Each object has
// its own, which no template tells. The bucket's own account needs none. The
// grantees of an ACL are accounts and groups, so that no service is one but S3's
// log delivery, which no object's ACL can name.
func (b *Bucket) aclMayGrant(c iam.Caller, action string, ignorePublic bool) error {
	action = strings.ToLower(action)
	switch {
	case !b.ACLsInForce() || c.Account() == b.Account || c.Service() != "":
		return nil
	case slices.Contains(byObjectACL, action) && (c.Account() != "" || !ignorePublic):
		return errors.New("what the ACLs of the objects grant, which are in force")
	case b.ACL == "AwsExecRead" && containsFold(byReadACL, action):
		return errors.New("whom of Amazon EC2 the bucket's ACL " + b.ACL + ", which is in force, admits")
	}
	return nil
}

// ACLDecides says whether an ACL may decide about an action on the bucket or its
// objects.
func (b *Bucket) ACLDecides(action string) bool {
	return b.ACLsInForce() && (containsFold(byObjectACL, action) || containsFold(byReadACL, action))
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(e string) bool { return strings.EqualFold(e, s) })
}
