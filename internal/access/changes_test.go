package access

import (
	"slices"
	"strings"
)

const (
	inBuckets = "buckets"
	bucket    = "AWS::S3::Bucket"
	policyOf  = "AWS::S3::BucketPolicy"
	keyType   = "AWS::KMS::Key"
	roleType  = "AWS::IAM::Role"
	reads     = `{"Version": "2012-10-17", "Statement": [{"Sid": "New", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}`
	anyRead   = `"Principal": "*", "Condition": `
)

// changes are all kinds of resources, properties and statements that can grant
// or limit.
func changes() []change {
	return slices.Concat(identityChanges(), bucketChanges(), conditionChanges(), actionChanges(), keyChanges(), otherChanges())
}

func identityChanges() []change {
	role := func(name, shows string, make func(tree)) change {
		return change{name, inBuckets, make, "bucket SseS3", shows}
	}
	head := func(name, shows string, make func(tree)) change { return change{name, inBuckets, make, "", shows} }
	group := `"Group": {"Type": "AWS::IAM::Group", "Properties": {"GroupName": "readers"%s}}, "Ann": {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann"%s}}`
	attached := `, "Policies": [{"PolicyName": "reads", "PolicyDocument": ` + reads + `}]`
	return []change{
		role("a managed policy of AWS", "| SseCFunctionsGetRole | everything |", set(roleType, "SseCFunctionsGetRole", "ManagedPolicyArns", `["arn:aws:iam::aws:policy/AdministratorAccess"]`)),
		head("a managed policy of AWS whose text isn't known", "arn:aws:iam::aws:policy/AmazonWorkMailFullAccess", set(roleType, "SseCFunctionsGetRole", "ManagedPolicyArns", `["arn:aws:iam::aws:policy/AmazonWorkMailFullAccess"]`)),
		role("an own managed policy by its ARN", "| SseCFunctionsGetRole | ", both(
			with(`"Reads": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": `+reads+`}}`),
			set(roleType, "SseCFunctionsGetRole", "ManagedPolicyArns", `[{"Ref": "Reads"}]`))),
		role("an own managed policy that names the role", "| SseCFunctionsGetRole | ", with(`"Reads": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "ROLE"}], "PolicyDocument": `+reads+`}}`)),
		head("a managed policy of others", "arn:aws:iam::444455556666:policy/theirs", set(roleType, "SseCFunctionsGetRole", "ManagedPolicyArns", `["arn:aws:iam::444455556666:policy/theirs"]`)),
		role("AWS::IAM::RolePolicy", "| SseCFunctionsGetRole | ", with(`"Reads": {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": {"Ref": "ROLE"}, "PolicyName": "reads", "PolicyDocument": `+reads+`}}`)),
		role("AWS::IAM::Policy", "| SseCFunctionsGetRole | ", with(`"Reads": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "ROLE"}], "PolicyName": "reads", "PolicyDocument": `+reads+`}}`)),
		role("an inline policy", "| SseCFunctionsGetRole | ", func(t tree) {
			p := properties(t, roleType, "SseCFunctionsGetRole")
			p["Policies"] = append(p["Policies"].([]any), parsed[any](`{"PolicyName": "reads", "PolicyDocument": `+reads+`}`))
		}),
		role("an inline policy with a condition", "SseCFunctionsGetRole with aws:SourceIp 192.0.2.0/24", func(t tree) {
			p := properties(t, roleType, "SseCFunctionsGetRole")
			p["Policies"] = append(p["Policies"].([]any), parsed[any](`{"PolicyName": "reads", "PolicyDocument": `+strings.Replace(reads, `"*"`, `"*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`, 1)+`}`))
		}),
		head("a boundary that allows nothing new", "SseCFunctionsGetRole (within the boundary ", both(
			with(`"All": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}}`),
			set(roleType, "SseCFunctionsGetRole", "PermissionsBoundary", `{"Ref": "All"}`))),
		head("a boundary of others", "permissions boundary", set(roleType, "SseCFunctionsGetRole", "PermissionsBoundary", `"arn:aws:iam::444455556666:policy/theirs"`)),
		role("a user with a policy", "| Ann | ", with(`"Ann": {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann"`+attached+`}}`)),
		role("AWS::IAM::UserPolicy", "| Ann | ", with(`"Ann": {"Type": "AWS::IAM::User", "Properties": {}}, "Reads": {"Type": "AWS::IAM::UserPolicy", "Properties": {"UserName": {"Ref": "Ann"}, "PolicyName": "reads", "PolicyDocument": `+reads+`}}`)),
		head("a user's boundary", "Ann (within the boundary ", with(`"All": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": `+reads+`}}, "Ann": {"Type": "AWS::IAM::User", "Properties": {"PermissionsBoundary": {"Ref": "All"}}}`)),
		role("a group with members", "| Ann | ", with(format(group, attached, `, "Groups": ["readers"]`))),
		role("AWS::IAM::UserToGroupAddition", "| Ann | ", with(format(group, attached, "")+`, "Members": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": {"Ref": "Group"}, "Users": ["ann"]}}`)),
		role("AWS::IAM::GroupPolicy", "| Ann | ", with(format(group, "", `, "Groups": ["readers"]`)+`, "Reads": {"Type": "AWS::IAM::GroupPolicy", "Properties": {"GroupName": {"Ref": "Group"}, "PolicyName": "reads", "PolicyDocument": `+reads+`}}`)),
		head("a group whose members aren't known", "in none of the stacks", with(`"Members": {"Type": "AWS::IAM::UserToGroupAddition", "Properties": {"GroupName": "others", "Users": ["ann"]}}`)),
		{"another service that a role trusts", inBuckets, trusts(`"Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}`), "role SseCFunctionsGetRole", "ec2.amazonaws.com for a stranger | sts:AssumeRole"},
		{"an account that a role trusts", inBuckets, trusts(`"Action": "sts:AssumeRole", "Principal": {"AWS": "222211110000"}`), "role SseCFunctionsGetRole", "administrator@222211110000 | sts:AssumeRole"},
		{"anyone with an external id", inBuckets, trusts(`"Action": "sts:AssumeRole", "Principal": "*", "Condition": {"StringEquals": {"sts:ExternalId": "42"}}`), "role SseCFunctionsGetRole", "anyone with sts:ExternalId 42 | sts:AssumeRole"},
		{"a web identity", inBuckets, trusts(`"Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "accounts.google.com"}`), "role SseCFunctionsGetRole", "whoever accounts.google.com vouches for"},
		{"a SAML provider", inBuckets, trusts(`"Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": "arn:aws:iam::222211110000:saml-provider/corp"}`), "role SseCFunctionsGetRole", "saml-provider/corp"},
		{"a session's tags", inBuckets, trusts(`"Action": "sts:TagSession", "Principal": {"Service": "lambda.amazonaws.com"}`), "role SseCFunctionsGetRole", "sts:TagSession"},
		head("a role of its own", "- Another", with(`"Another": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}}}`)),
	}
}

func both(changes ...func(tree)) func(tree) {
	return func(t tree) {
		for _, c := range changes {
			c(t)
		}
	}
}

func format(text string, parts ...string) string {
	for _, p := range parts {
		text = strings.Replace(text, "%s", p, 1)
	}
	return text
}

func bucketChanges() []change {
	on := func(name, shows string, make func(tree)) change {
		return change{name, inBuckets, make, "bucket SseS3", shows}
	}
	head := func(name, shows string, make func(tree)) change { return change{name, inBuckets, make, "", shows} }
	cmk := func(name, shows string, make func(tree)) change {
		return change{name, inBuckets, make, "bucket SseKmsCmk", shows}
	}
	list := []change{
		on("Block Public Access off", "public access not blocked", set(bucket, "SseS3", "PublicAccessBlockConfiguration", `{}`)),
		on("Block Public Access off in part", "public access blocked in part", set(bucket, "SseS3", "PublicAccessBlockConfiguration.RestrictPublicBuckets", `false`)),
		on("ownership off", "ACLs in force", set(bucket, "SseS3", "OwnershipControls.Rules.ObjectOwnership", `"ObjectWriter"`)),
		on("an ACL", "LogDeliveryWrite", both(set(bucket, "SseS3", "AccessControl", `"LogDeliveryWrite"`), set(bucket, "SseS3", "OwnershipControls.Rules.ObjectOwnership", `"BucketOwnerPreferred"`))),
		on("a public ACL", "PublicRead", both(set(bucket, "SseS3", "AccessControl", `"PublicRead"`), set(bucket, "SseS3", "OwnershipControls.Rules.ObjectOwnership", `"ObjectWriter"`), set(bucket, "SseS3", "PublicAccessBlockConfiguration", `{}`))),
		on("SSE-C no longer blocked", "Default: AES256; ", set(bucket, "SseS3", "BucketEncryption.ServerSideEncryptionConfiguration.BlockedEncryptionTypes", `{"EncryptionType": ["NONE"]}`)),
		cmk("no key of its own", "Default: aws:kms; ", set(bucket, "SseKmsCmk", "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault", `{"SSEAlgorithm": "aws:kms"}`)),
		cmk("another account's key", "222211110000", set(bucket, "SseKmsCmk", "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.KMSMasterKeyID", `"arn:aws:kms:us-east-1:222211110000:key/11111111-2222-3333-4444-555555555555"`)),
		cmk("no Bucket Key", "Default: aws:kms under SseKmsCmkKey; blocks", set(bucket, "SseKmsCmk", "BucketEncryption.ServerSideEncryptionConfiguration.BucketKeyEnabled", `false`)),
		head("a second policy", "Not read, with all that rests on it:", with(`"Second": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "BUCKET"}, "PolicyDocument": `+strings.Replace(reads, `"Resource"`, `"Principal": "*", "Resource"`, 1)+`}}`)),
		on("no policy", "- | requests over http", func(t tree) {
			id, _ := named(t, policyOf, "SseS3Policy")
			delete(t["Resources"].(tree), id)
		}),
		on("a whole bucket", "administrator@222211110000", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:*", "Resource": ["BUCKET", "BUCKET/*"], "Principal": {"AWS": "arn:aws:iam::222211110000:root"}}`)),
		on("NotAction", "administrator@222211110000", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": ["BUCKET", "BUCKET/*"], "Principal": {"AWS": "222211110000"}}`)),
		on("NotResource", "administrator@222211110000", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "BUCKET/private/*", "Principal": {"AWS": "222211110000"}}`)),
		on("NotPrincipal in a Deny", "gets; reads of tags; reads to replicate; other s3:GetObject* on objects | New | everybody else", says(policyOf, "SseS3Policy", `{"Sid": "New", "Effect": "Deny", "Action": "s3:GetObject*", "Resource": "BUCKET/*", "NotPrincipal": {"AWS": "arn:aws:iam::222211110000:root"}}`)),
		on("a prefix", "s3:GetObject of public/*", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "BUCKET/public/*", "Principal": {"AWS": "222211110000"}}`)),
		on("a variable in a prefix", "s3:GetObject of ${aws:PrincipalTag/team}", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "BUCKET/${aws:PrincipalTag/team}/*", "Principal": {"AWS": "222211110000"}}`)),
		head("a user's own prefix", "- whoever acme-", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "BUCKET/${aws:username}/*", "Principal": {"AWS": "222211110000"}}`)),
		on("another action", "s3:PutBucketAcl", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:PutBucketAcl", "Resource": "BUCKET", "Principal": {"AWS": "222211110000"}}`)),
		on("an action that nobody knows", "s3:MakeCoffee", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:MakeCoffee", "Resource": "BUCKET/*", "Principal": {"AWS": "222211110000"}}`)),
		on("a header", "s3:PutObject with s3:x-amz-acl public-read", says(policyOf, "SseS3Policy", `{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "BUCKET/*", "Principal": {"AWS": "222211110000"}, "Condition": {"StringEquals": {"s3:x-amz-acl": "public-read"}}}`)),
		on("a policy that can't be read", "unknown: ", set(policyOf, "SseS3Policy", "PolicyDocument.Statement", `{"Fn::GetAtt": ["Nobody", "Policy"]}`)),
		cmk("a condition of a Deny", "DenyOtherKey", statement(policyOf, "SseKmsCmkPolicy", "DenyOtherKey", func(s tree) {
			s["Condition"].(tree)["StringNotEquals"] = parsed[any](`{"aws:PrincipalAccount": "222211110000"}`)
		})),
		cmk("a Deny with an action less", "DenyOtherKey", statement(policyOf, "SseKmsCmkPolicy", "DenyOtherKey", func(s tree) { s["Action"] = "s3:PutObject" })),
	}
	for _, sid := range []string{"DenyInsecureTransport", "DenyOldTLS", "DenyOtherKey", "DenyForeignAWSManagedKey", "DenySSEC"} {
		list = append(list, cmk("without "+sid, "- ", withoutStatement(policyOf, "SseKmsCmkPolicy", sid)))
	}
	return list
}
