package resource

import (
	"testing"

	"github.com/s3seal/s3seal/iam"
)

// Where ACLs are in force, they grant what no policy does: the bucket's to groups
// that are known, the objects' to others whom no template names.
func TestACLs(t *testing.T) {
	t.Parallel()
	var (
		deliveries = iam.ServicePrincipal("logging.s3.amazonaws.com")
		stranger   = iam.AccountRoot("arn:aws-cn:iam::999999999999:root")
	)
	const open = `"PublicAccessBlockConfiguration": {"BlockPublicAcls": false}, `
	for _, tc := range []struct {
		access, ownership, acl, action string
		who                            iam.Caller
		want                           string
	}{
		{"", "BucketOwnerEnforced", "Private", "s3:GetObject", iam.Anonymous(), "denied"},
		{open, "BucketOwnerEnforced", "PublicRead", "s3:ListBucket", iam.Anonymous(), "denied"},
		{open, "ObjectWriter", "Private", "s3:GetObject", iam.Anonymous(), "unknown"},
		{"", "ObjectWriter", "Private", "s3:GetObject", iam.Anonymous(), "denied"}, // a public ACL is ignored
		{"", "ObjectWriter", "Private", "s3:GetObject", stranger, "unknown"},
		{open, "ObjectWriter", "Private", "s3:PutObject", iam.Anonymous(), "denied"},
		{open, "ObjectWriter", "Private", "s3:GetObject", deliveries, "denied"},
		{open, "ObjectWriter", "PublicRead", "s3:GetObject", me, "denied"},

		{open, "BucketOwnerPreferred", "PublicRead", "s3:ListBucket", iam.Anonymous(), "allowed"},
		{open, "BucketOwnerPreferred", "PublicRead", "s3:PutObject", iam.Anonymous(), "denied"},
		{open, "BucketOwnerPreferred", "PublicReadWrite", "s3:PutObject", iam.Anonymous(), "allowed"},
		{"", "BucketOwnerPreferred", "PublicReadWrite", "s3:PutObject", iam.Anonymous(), "denied"},
		{open, "BucketOwnerPreferred", "AuthenticatedRead", "s3:ListBucket", iam.Anonymous(), "denied"},
		{open, "BucketOwnerPreferred", "AuthenticatedRead", "s3:ListBucket", stranger, "allowed"},
		{open, "BucketOwnerPreferred", "AuthenticatedRead", "s3:ListBucket", deliveries, "denied"},
		{open, "BucketOwnerPreferred", "AwsExecRead", "s3:ListBucket", stranger, "unknown"},
		{"", "BucketOwnerPreferred", "LogDeliveryWrite", "s3:PutObject", deliveries, "allowed"},
		{"", "BucketOwnerPreferred", "LogDeliveryWrite", "s3:DeleteObject", deliveries, "denied"},
		{"", "BucketOwnerPreferred", "LogDeliveryWrite", "s3:PutObject", iam.Anonymous(), "denied"},
	} {
		set := readTemplate(t, `{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data", `+tc.access+
			`"AccessControl": "`+tc.acl+`", "OwnershipControls": {"Rules": [{"ObjectOwnership": "`+tc.ownership+`"}]}}}}}`)
		on := "arn:aws-cn:s3:::data/x"
		if tc.action == "s3:ListBucket" {
			on = "arn:aws-cn:s3:::data"
		}
		d := set.Decide(Request{Caller: tc.who, Action: tc.action, Resource: on})
		if got := verdict(d); got != tc.want {
			t.Errorf("%s %s, %s, %s by %s: %s, want %s (unread %v)\n%s", tc.access, tc.ownership, tc.acl, tc.action, tc.who, got, tc.want, d.Unread, d.Explain())
		}
	}
}

// What a policy denies, no ACL allows.
func TestPolicyDeniesWhatAnACLAllows(t *testing.T) {
	t.Parallel()
	set := readTemplate(t, `{"Resources": {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data", "AccessControl": "LogDeliveryWrite",
		"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}}, `+bucketPolicy("P")+`}}`)
	d := set.Decide(Request{Caller: iam.ServicePrincipal("logging.s3.amazonaws.com"), Action: "s3:PutObject", Resource: "arn:aws-cn:s3:::data/x"})
	if verdict(d) != "denied" || !d.Explicit {
		t.Errorf("%s", d.Explain())
	}
}

// verdict is a decision in a word.
func verdict(d Decision) string {
	switch {
	case len(d.Unread) > 0:
		return "unknown"
	case d.Allowed:
		return "allowed"
	}
	return "denied"
}
