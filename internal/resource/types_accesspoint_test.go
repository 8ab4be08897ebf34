package resource

import "strings"

const (
	thePoint = "arn:aws:s3:eu-west-1:111122223333:accesspoint/point"
	behindIt = thePoint + "/object/x"
	whoIAm   = `{"AWS": "arn:aws:iam::111122223333:role/me"}`
)

// delegates lets the access points of the account decide.
var delegates = bucketPolicyFor("BP", `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*",
	"Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"], "Condition": {"StringEquals": {"s3:DataAccessPointAccount": "111122223333"}}}}`)

// fromVPC denies what comes through no access point of a VPC.
var fromVPC = bucketPolicyFor("BP", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
	"Condition": {"StringNotEquals": {"s3:AccessPointNetworkOrigin": "VPC"}}}}`)

const openBucket = `"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data", "PublicAccessBlockConfiguration": {"BlockPublicAcls": true}}}`

var publicBucket = a("Data", "AWS::S3::Bucket", withACLs+`, "AccessControl": "PublicRead", `+open)

// pointForAll is open to everybody under a configuration of Block Public Access.
func pointForAll(block string) string {
	return accessPoint(`, "PublicAccessBlockConfiguration": {` + block + `}, "Policy": ` + allows(`"*"`, "s3:ListBucket", thePoint))
}

func accessPoint(properties string) string {
	return a("Point", "AWS::S3::AccessPoint", `"Name": "point", "Bucket": {"Ref": "Data"}`+properties)
}

func withPointPolicy(principal string) string {
	return accessPoint(`, "Policy": ` + allows(principal, "s3:GetObject", behindIt))
}

// accessPointTypes are the ways to a bucket's objects through something else.
var accessPointTypes = []typeCase{
	{"AWS::S3::AccessPoint, and the bucket delegates", bucketData + ", " + roleMe + ", " + delegates, withPointPolicy(whoIAm), role1, "s3:GetObject", behindIt, "unknown", "allowed", "access point " + thePoint},
	{"AWS::S3::AccessPoint, and the bucket admits nobody", bucketData + ", " + roleMe, withPointPolicy(whoIAm), role1, "s3:GetObject", behindIt, "unknown", "denied", "in none of the stacks"},
	{"AWS::S3::AccessPoint without a policy", bucketData + ", " + adminMe, accessPoint(""), role1, "s3:GetObject", behindIt, "unknown", "allowed", "in none of the stacks"},
	{"AWS::S3::AccessPoint that denies", bucketData + ", " + adminMe, accessPoint(`, "Policy": {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`), role1, "s3:GetObject", behindIt, "unknown", "denied", ""},
	{"AWS::S3::AccessPoint by the bucket's ARN", bucketData + ", " + adminMe, strings.Replace(accessPoint(""), `{"Ref": "Data"}`, `"arn:aws:s3:::data"`, 1), role1, "s3:GetObject", behindIt, "unknown", "allowed", ""},
	{"AWS::S3::AccessPoint of which the policy isn't known", bucketData + ", " + roleMe + ", " + delegates, accessPoint(`, "Policy": {"Fn::ImportValue": "x"}`), role1, "s3:GetObject", behindIt, "unknown", "unknown", ""},
	{"AWS::S3::AccessPoint, straight to the bucket", bucketData + ", " + roleMe, withPointPolicy(whoIAm), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"PublicAccessBlockConfiguration of the access point, unstated", openBucket + ", " + delegates, withPointPolicy(`"*"`), anonymous, "s3:GetObject", behindIt, "unknown", "denied", ""},
	{"PublicAccessBlockConfiguration of the access point, off", openBucket + ", " + delegates, accessPoint(`, "PublicAccessBlockConfiguration": {"BlockPublicAcls": true}, "Policy": ` + allows(`"*"`, "s3:GetObject", behindIt)), anonymous, "s3:GetObject", behindIt, "unknown", "allowed", ""},
	{"IgnorePublicAcls of the access point, off", publicBucket, pointForAll(`"IgnorePublicAcls": false`), anonymous, "s3:ListBucket", thePoint, "unknown", "allowed", ""},
	{"IgnorePublicAcls of the access point", publicBucket, pointForAll(`"IgnorePublicAcls": true`), anonymous, "s3:ListBucket", thePoint, "unknown", "denied", ""},
	{"VpcConfiguration", bucketData + ", " + adminMe + ", " + fromVPC, accessPoint(`, "VpcConfiguration": {"VpcId": "vpc-1"}`), role1, "s3:GetObject", behindIt, "unknown", "allowed", ""},
	{"no VpcConfiguration", bucketData + ", " + adminMe + ", " + fromVPC, accessPoint(""), role1, "s3:GetObject", behindIt, "unknown", "denied", ""},
	{"an identity policy for the access point alone", bucketData + ", " + roleMe, accessPoint("") + ", " + a("P", "AWS::IAM::RolePolicy", `"PolicyName": "p", "RoleName": "me", "PolicyDocument": `+allows("", "s3:GetObject", behindIt)), role1, "s3:GetObject", behindIt, "unknown", "unknown", ""},
	{"AWS::S3::AccessPoint of a bucket elsewhere", bucketData + ", " + adminMe, a("Point", "AWS::S3::AccessPoint", `"Name": "point", "Bucket": "theirs", "BucketAccountId": "999999999999"`), role1, "s3:GetObject", behindIt, "unknown", "unknown", ""},
	{"AWS::S3::MultiRegionAccessPoint", bucketData + ", " + adminMe, a("M", "AWS::S3::MultiRegionAccessPoint", `"Regions": [{"Bucket": "data"}]`), role1, "s3:GetObject", "arn:aws:s3::111122223333:accesspoint/m.mrap/object/x", "unknown", "unknown", "m.mrap"},
	{"AWS::S3ObjectLambda::AccessPoint", bucketData + ", " + adminMe, a("M", "AWS::S3ObjectLambda::AccessPoint", `"Name": "m"`), role1, "s3-object-lambda:GetObject", "arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/m", "unknown", "unknown", "accesspoint/m"},
}
