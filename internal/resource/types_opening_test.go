package resource

import (
	"strings"

	"github.com/s3seal/s3seal/iam"
)

const secretARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s"

var (
	inSet         = iam.RoleSession("arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Readers_0123456789abcdef", "ann")
	serviceLinked = iam.RoleSession("arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", "s")
)

// openingTypes open what is there by another way than its policy, or hand it on.
var openingTypes = []typeCase{
	{"AWS::SSO::PermissionSet", bucketData, a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "InlinePolicy": `+getObject), inSet, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::SSO::PermissionSet as text", bucketData, a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "InlinePolicy": "`+strings.ReplaceAll(getObject, `"`, `\"`)+`"`), inSet, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::SSO::PermissionSet ManagedPolicies", bucketData, a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "ManagedPolicies": ["`+ofAWS+`AmazonS3ReadOnlyAccess"]`), inSet, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::SSO::PermissionSet CustomerManagedPolicyReferences", bucketData, a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "CustomerManagedPolicyReferences": [{"Name": "x"}]`), inSet, "s3:GetObject", anObject, "denied", "unknown", "permission set Readers"},
	{"AWS::SSO::PermissionSet PermissionsBoundary", bucketData, a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "InlinePolicy": `+getObject+`, "PermissionsBoundary": {"ManagedPolicyArn": "`+ofAWS+`IAMReadOnlyAccess"}`), inSet, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::SSO::PermissionSet PermissionsBoundary unknown", bucketData, a("S", "AWS::SSO::PermissionSet", `"Name": "Readers", "InlinePolicy": `+getObject+`, "PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "x"}}`), inSet, "s3:GetObject", anObject, "denied", "unknown", "boundary"},
	{"AWS::IAM::ServiceLinkedRole", bucketData, a("L", "AWS::IAM::ServiceLinkedRole", `"AWSServiceName": "autoscaling.amazonaws.com"`), serviceLinked, "s3:GetObject", anObject, "unknown", "unknown", "the service-linked role of autoscaling"},

	{"AWS::S3::AccessGrantsLocation", bucketData + ", " + roleMe, a("L", "AWS::S3::AccessGrantsLocation", `"LocationScope": "s3://data/x*", "IamRoleArn": "x"`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom L (AWS::S3::AccessGrantsLocation) admits"},
	{"AWS::S3::AccessGrantsLocation of all", bucketData + ", " + roleMe, a("L", "AWS::S3::AccessGrantsLocation", `"LocationScope": "s3://"`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom L"},
	{"AWS::S3::AccessGrantsLocation of another bucket", bucketData + ", " + roleMe, a("L", "AWS::S3::AccessGrantsLocation", `"LocationScope": "s3://other/"`), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::S3::AccessGrant", bucketData + ", " + roleMe, a("G", "AWS::S3::AccessGrant", `"AccessGrantsLocationId": "default"`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom G (AWS::S3::AccessGrant) admits"},
	{"AWS::LakeFormation::Resource", bucketData + ", " + roleMe, a("L", "AWS::LakeFormation::Resource", `"ResourceArn": "arn:aws:s3:::data/x"`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom L (AWS::LakeFormation::Resource) admits"},
	{"AWS::LakeFormation::PrincipalPermissions", bucketData + ", " + roleMe, a("L", "AWS::LakeFormation::PrincipalPermissions", `"Resource": {"DataLocation": {"ResourceArn": "arn:aws:s3:::data"}}`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom L"},
	{"AWS::LakeFormation::Permissions", bucketData + ", " + roleMe, a("L", "AWS::LakeFormation::Permissions", `"Resource": {"DataLocationResource": {"S3Resource": "arn:aws:s3:::data"}}`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom L"},
	{"AWS::S3Files::FileSystem", bucketData + ", " + roleMe, a("L", "AWS::S3Files::FileSystem", `"Bucket": "arn:aws:s3:::data", "RoleArn": "x"`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom L (AWS::S3Files::FileSystem) admits"},
	{"AWS::RAM::ResourceShare", bucketData + ", " + roleMe, a("S", "AWS::RAM::ResourceShare", `"Name": "s", "ResourceArns": ["arn:aws:s3:::data"]`), role1, "s3:GetObject", anObject, "denied", "unknown", "whom S (AWS::RAM::ResourceShare) admits"},

	{"AWS::CloudFormation::Stack that is handed the bucket", bucketData + ", " + roleMe, a("N", "AWS::CloudFormation::Stack", `"TemplateURL": "x", "Parameters": {"R": {"Ref": "Data"}}`), role1, "s3:GetObject", anObject, "denied", "unknown", "what N (AWS::CloudFormation::Stack) does with the bucket"},
	{"AWS::CloudFormation::Stack that may write its name", bucketData + ", " + roleMe, a("N", "AWS::CloudFormation::Stack", `"TemplateURL": "x"`), role1, "s3:GetObject", anObject, "denied", "unknown", "whose name it may write"},
	{"AWS::CloudFormation::StackSet", bucketData + ", " + roleMe, a("N", "AWS::CloudFormation::StackSet", `"StackSetName": "x", "Parameters": [{"ParameterKey": "R", "ParameterValue": {"Ref": "Role"}}]`), role1, "s3:GetObject", anObject, "denied", "unknown", "what N (AWS::CloudFormation::StackSet) does with the role"},
	{"a module", bucketData + ", " + roleMe, a("N", "Acme::S3::Access::MODULE", `"Role": {"Ref": "Role"}`), role1, "s3:GetObject", anObject, "denied", "unknown", "what N (Acme::S3::Access::MODULE) does with the role"},
	{"a type that is not of AWS", bucketData + ", " + roleMe, a("N", "Acme::S3::Access", `"Role": {"Ref": "Role"}`), role1, "s3:GetObject", anObject, "denied", "unknown", "what N (Acme::S3::Access) does with the role"},
	{"the function of a custom resource", function, a("N", "Custom::Access", `"ServiceToken": {"Fn::GetAtt": ["F", "Arn"]}`), topics, "lambda:InvokeFunction", theFunction, "denied", "denied", ""},
	{"a custom resource", bucketData + ", " + roleMe, a("N", "Custom::Access", `"Bucket": {"Ref": "Data"}`), role1, "s3:GetObject", anObject, "denied", "unknown", "what N (Custom::Access) does with the bucket"},
}

// limitingTypes take from what is allowed, and can allow nothing.
var limitingTypes = []typeCase{
	{"AWS::Organizations::Policy, SCP of the account", bucketData + ", " + adminMe, organizationPolicy("SERVICE_CONTROL_POLICY", account, ""), role1, "s3:GetObject", anObject, "allowed", "denied", ""},
	{"AWS::Organizations::Policy, SCP of another account", bucketData + ", " + adminMe, organizationPolicy("SERVICE_CONTROL_POLICY", "999999999999", ""), role1, "s3:GetObject", anObject, "allowed", "allowed", ""},
	{"AWS::Organizations::Policy, SCP of a unit", bucketData + ", " + adminMe, organizationPolicy("SERVICE_CONTROL_POLICY", "ou-x", ""), role1, "s3:GetObject", anObject, "allowed", "unknown", "which accounts are under ou-x"},
	{"AWS::Organizations::Policy, SCP of a unit, and denied anyway", bucketData + ", " + roleMe, organizationPolicy("SERVICE_CONTROL_POLICY", "ou-x", ""), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::Organizations::Policy, RCP of the account", bucketData + ", " + adminMe, organizationPolicy("RESOURCE_CONTROL_POLICY", account, `"Principal": "*", `), role1, "s3:GetObject", anObject, "allowed", "denied", ""},
	{"AWS::Organizations::Policy, SCP that allows", bucketData + ", " + adminMe, strings.Replace(organizationPolicy("SERVICE_CONTROL_POLICY", account, ""), "Deny", "Allow", 1), role1, "s3:GetObject", anObject, "allowed", "unknown", "FullAWSAccess"},
	{"AWS::Organizations::Policy, tag policy", bucketData + ", " + adminMe, organizationPolicy("TAG_POLICY", account, ""), role1, "s3:GetObject", anObject, "allowed", "allowed", ""},
}

func organizationPolicy(kind, target, principal string) string {
	return a("O", "AWS::Organizations::Policy", `"Name": "o", "Type": "`+kind+`", "TargetIds": ["`+target+`"], "Content": {"Version": "2012-10-17", "Statement": {"Effect": "Deny", `+principal+`"Action": "s3:*", "Resource": "*"}}`)
}
