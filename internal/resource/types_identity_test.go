package resource

import "github.com/s3seal/s3seal/iam"

const (
	bucketData = `"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}`
	anObject   = "arn:aws:s3:::data/x"
	roleMe     = `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `}}`
	userMe     = `"User": {"Type": "AWS::IAM::User", "Properties": {"UserName": "me"}}`
	adminMe    = `"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", ` + trusts + `, "Policies": [{"PolicyName": "all", "PolicyDocument": ` + all + `}]}}`
	ofAWS      = "arn:aws:iam::aws:policy/"
)

var getObject = allows("", "s3:GetObject", anObject)

var other = iam.RoleSession("arn:aws:iam::111122223333:role/other", "s")

// identityTypes are what gives to, and takes from, roles and users.
var identityTypes = []typeCase{
	{"AWS::IAM::Role", bucketData, adminMe, role1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::Role ManagedPolicyArns of AWS", bucketData, a("Role", "AWS::IAM::Role", `"RoleName": "me", `+trusts+`, "ManagedPolicyArns": ["`+ofAWS+`AmazonS3ReadOnlyAccess"]`),
		role1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::Role ManagedPolicyArns of AWS for something else", bucketData, a("Role", "AWS::IAM::Role", `"RoleName": "me", `+trusts+`, "ManagedPolicyArns": ["`+ofAWS+`service-role/AWSLambdaBasicExecutionRole"]`),
		role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::IAM::Role ManagedPolicyArns unknown", bucketData, a("Role", "AWS::IAM::Role", `"RoleName": "me", `+trusts+`, "ManagedPolicyArns": ["`+ofAWS+`AmazonWorkMailFullAccess"]`),
		role1, "s3:GetObject", anObject, "denied", "unknown", "AmazonWorkMailFullAccess"},
	{"AWS::IAM::Policy", bucketData + ", " + roleMe, a("P", "AWS::IAM::Policy", `"PolicyName": "p", "Roles": ["me"], "PolicyDocument": `+getObject),
		role1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::Policy of users", bucketData + ", " + userMe, a("P", "AWS::IAM::Policy", `"PolicyName": "p", "Users": ["me"], "PolicyDocument": `+getObject),
		user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::Policy of groups", bucketData + ", " + a("User", "AWS::IAM::User", `"UserName": "me", "Groups": ["all"]`) + ", " + a("Group", "AWS::IAM::Group", `"GroupName": "all"`),
		a("P", "AWS::IAM::Policy", `"PolicyName": "p", "Groups": ["all"], "PolicyDocument": `+getObject), user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::ManagedPolicy of users", bucketData + ", " + userMe, a("P", "AWS::IAM::ManagedPolicy", `"Users": ["me"], "PolicyDocument": `+getObject),
		user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::ManagedPolicy", bucketData + ", " + roleMe, a("P", "AWS::IAM::ManagedPolicy", `"Roles": ["me"], "PolicyDocument": `+getObject),
		role1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::RolePolicy", bucketData + ", " + roleMe, a("P", "AWS::IAM::RolePolicy", `"PolicyName": "p", "RoleName": "me", "PolicyDocument": `+getObject),
		role1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::UserPolicy", bucketData + ", " + userMe, a("P", "AWS::IAM::UserPolicy", `"PolicyName": "p", "UserName": "me", "PolicyDocument": `+getObject),
		user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::User ManagedPolicyArns of AWS", bucketData, a("User", "AWS::IAM::User", `"UserName": "me", "ManagedPolicyArns": ["`+ofAWS+`PowerUserAccess"]`),
		user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::Group", bucketData + ", " + a("User", "AWS::IAM::User", `"UserName": "me", "Groups": ["all"]`),
		a("Group", "AWS::IAM::Group", `"GroupName": "all", "ManagedPolicyArns": ["`+ofAWS+`AmazonS3FullAccess"]`),
		user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::GroupPolicy", bucketData + ", " + a("User", "AWS::IAM::User", `"UserName": "me", "Groups": ["all"]`) + ", " + a("Group", "AWS::IAM::Group", `"GroupName": "all"`),
		a("P", "AWS::IAM::GroupPolicy", `"PolicyName": "p", "GroupName": "all", "PolicyDocument": `+getObject), user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::UserToGroupAddition", bucketData + ", " + userMe + ", " + a("Group", "AWS::IAM::Group", `"GroupName": "all", "Policies": [{"PolicyName": "p", "PolicyDocument": `+getObject+`}]`),
		a("In", "AWS::IAM::UserToGroupAddition", `"GroupName": "all", "Users": ["me"]`), user1, "s3:GetObject", anObject, "denied", "allowed", ""},
	{"AWS::IAM::UserToGroupAddition that may not be made", bucketData + ", " + userMe + ", " + a("Group", "AWS::IAM::Group", `"GroupName": "all", "Policies": [{"PolicyName": "p", "PolicyDocument": `+getObject+`}]`),
		`"In": {"Type": "AWS::IAM::UserToGroupAddition", "Condition": "Perhaps", "Properties": {"GroupName": "all", "Users": ["me"]}}`, user1, "s3:GetObject", anObject, "denied", "unknown", "Perhaps"},
	{"PermissionsBoundary of AWS", bucketData + ", " + a("P", "AWS::IAM::Policy", `"PolicyName": "p", "Roles": ["me"], "PolicyDocument": `+all),
		a("Role", "AWS::IAM::Role", `"RoleName": "me", `+trusts+`, "PermissionsBoundary": "`+ofAWS+`CloudWatchLogsReadOnlyAccess"`), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"PermissionsBoundary unknown, of a role that may", bucketData, a("Role", "AWS::IAM::Role", `"RoleName": "me", `+trusts+`, "PermissionsBoundary": "arn:aws:iam::111122223333:policy/b", "ManagedPolicyArns": ["`+ofAWS+`AmazonS3FullAccess"]`),
		role1, "s3:GetObject", anObject, "denied", "unknown", "what the permissions boundary arn:aws:iam::111122223333:policy/b leaves"},
	{"PermissionsBoundary unknown, of a role that may not", bucketData, a("Role", "AWS::IAM::Role", `"RoleName": "me", `+trusts+`, "PermissionsBoundary": "arn:aws:iam::111122223333:policy/b"`),
		role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::IAM::InstanceProfile", bucketData + ", " + roleMe, a("I", "AWS::IAM::InstanceProfile", `"Roles": ["me"]`), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::IAM::OIDCProvider", bucketData + ", " + roleMe, a("I", "AWS::IAM::OIDCProvider", `"Url": "https://example.com"`), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::IAM::SAMLProvider", bucketData + ", " + roleMe, a("I", "AWS::IAM::SAMLProvider", `"Name": "x"`), role1, "s3:GetObject", anObject, "denied", "denied", ""},
	{"AWS::IAM::Role that trusts another role", bucketData, a("Role", "AWS::IAM::Role", `"RoleName": "me", "AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/other"}, "Action": "sts:AssumeRole"}}`),
		other, "sts:AssumeRole", "arn:aws:iam::111122223333:role/me", "denied", "allowed", ""},
}
