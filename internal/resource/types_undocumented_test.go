package resource

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
)

const (
	// beyondColons may be the object: AWS's pages don't say how far its wildcard reaches.
	beyondColons = "arn:aws:s3*data/x"
	canonical    = `{"CanonicalUser": "79a59d"}`
	wildcard     = "whether a wildcard reaches beyond the colon of an ARN"
	whoseID      = "which account canonical user 79a59d is"

	guest = `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonWorkMailFullAccess"]}}`
	byACL = `"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data", "PublicAccessBlockConfiguration": {"BlockPublicAcls": false},
		"AccessControl": "AuthenticatedRead", "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}}`
)

// denies is a document that denies everything to a principal.
func denies(principal, resource string) string {
	return strings.Replace(allows(principal, "*", resource), `"Allow"`, `"Deny"`, 1)
}

func ofOrganization(typ, content string) string {
	return a("Limit", "AWS::Organizations::Policy", `"Name": "limit", "Type": "`+typ+`", "TargetIds": ["111122223333"], "Content": `+content)
}

// undocumentedTypes are policies about which AWS's pages leave a question open, on
// every way by which a policy comes to a decision.
var undocumentedTypes = []typeCase{
	{"an identity policy", bucketData + ", " + roleMe, a("P", "AWS::IAM::RolePolicy", `"RoleName": "me", "PolicyName": "p", "PolicyDocument": `+allows("", "s3:*", beyondColons)), role1, "s3:GetObject", anObject, "denied", "unknown", wildcard},
	{"a boundary", bucketData, strings.Replace(adminMe, `"RoleName"`, `"PermissionsBoundary": {"Ref": "B"}, "RoleName"`, 1) + ", " + a("B", "AWS::IAM::ManagedPolicy", `"PolicyDocument": `+allows("", "s3:*", beyondColons)), role1, "s3:GetObject", anObject, "denied", "unknown", wildcard},
	{"a bucket's policy that allows", bucketData + ", " + roleMe, bucketPolicyFor("P", allows(whoIAm, "s3:*", "arn:aws:s3")), role1, "s3:GetObject", anObject, "denied", "unknown", "whether an incomplete ARN is completed outside identity policies"},
	{"a bucket's policy that denies", bucketData + ", " + adminMe, bucketPolicyFor("P", denies(canonical, anObject)), role1, "s3:GetObject", anObject, "allowed", "unknown", whoseID},
	{"and the caller has more that isn't read", bucketData + ", " + guest, bucketPolicyFor("P", denies(canonical, anObject)), role1, "s3:GetObject", anObject, "unknown", "unknown", ""},
	{"and an ACL allows it", byACL, bucketPolicyFor("P", denies(canonical, "arn:aws:s3:::data")), iam.AccountRoot("999999999999"), "s3:ListBucket", "arn:aws:s3:::data", "allowed", "unknown", whoseID},
	{"an access point's policy", bucketData + ", " + adminMe, accessPoint(`, "Policy": ` + denies(canonical, behindIt)), role1, "s3:GetObject", behindIt, "unknown", "unknown", ""},
	{"an SCP", bucketData + ", " + adminMe, ofOrganization("SERVICE_CONTROL_POLICY", denies("", beyondColons)), role1, "s3:GetObject", anObject, "allowed", "unknown", wildcard},
	{"an RCP", bucketData + ", " + adminMe, ofOrganization("RESOURCE_CONTROL_POLICY", strings.Replace(denies(`"*"`, beyondColons), `"Action": "*"`, `"Action": "s3:*"`, 1)), role1, "s3:GetObject", anObject, "allowed", "unknown", wildcard},
	{"a trust policy", bucketData, strings.ReplaceAll(roleMe, trusts, `"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:*"}]}`), iam.Federated("accounts.google.com"), "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111122223333:role/me", "denied", "unknown", "whether * stands for federated principals"},
}
