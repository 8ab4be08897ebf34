package access

import "strings"

// conditionChanges are statements whose principal or condition admits somebody
// whom no list has.
func conditionChanges() []change {
	var list []change
	for _, c := range []struct{ name, who, shows string }{
		{"an account", `"Principal": {"AWS": "222211110000"}`, "- administrator@222211110000"},
		{"an account's root", `"Principal": {"AWS": "arn:aws:iam::222211110000:root"}`, "- administrator@222211110000"},
		{"a role", `"Principal": {"AWS": "arn:aws:iam::222211110000:role/app"}`, "- role/app@222211110000"},
		{"a user", `"Principal": {"AWS": "arn:aws:iam::222211110000:user/ann"}`, "- user/ann@222211110000"},
		{"a session", `"Principal": {"AWS": "arn:aws:sts::222211110000:assumed-role/app/me"}`, "- assumed-role/app/me@222211110000"},
		{"a federated user", `"Principal": {"AWS": "arn:aws:sts::222211110000:federated-user/ann"}`, "- federated-user/ann@222211110000"},
		{"a federated principal", `"Principal": {"Federated": "cognito-identity.amazonaws.com"}`, "whoever cognito-identity.amazonaws.com vouches for"},
		{"a canonical user", `"Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`, "- canonical user 79a59df9"},
		{"a canonical user under a condition", `"Principal": {"CanonicalUser": "79a59d"}, "Condition": {"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}`, "- canonical user 79a59d with s3:ExistingObjectTag/public yes"},
		{"somebody who was deleted", `"Principal": {"AWS": "AIDAEXAMPLE"}`, "- AIDAEXAMPLE at "},
		{"an organization", anyRead + `{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`, "- anyone with aws:PrincipalOrgID o-1"},
		{"a unit of an organization", anyRead + `{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1/r-1/ou-1/*"]}}`, "- anyone with aws:PrincipalOrgPaths o-1/r-1/ou-1/*"},
		{"a VPC endpoint", anyRead + `{"StringEquals": {"aws:SourceVpce": "vpce-1"}}`, "- anyone with aws:SourceVpce vpce-1"},
		{"a VPC", anyRead + `{"StringEquals": {"aws:SourceVpc": "vpc-1"}}`, "- anyone with aws:SourceVpc vpc-1"},
		{"a range of addresses", anyRead + `{"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`, "- anyone with aws:SourceIp 192.0.2.0/24"},
		{"addresses in a VPC", anyRead + `{"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}`, "- anyone with aws:VpcSourceIp 10.0.0.0/8"},
		{"a key in lower case", anyRead + `{"StringEquals": {"aws:principalarn": "arn:aws:iam::222211110000:role/app"}}`, "- role/app@222211110000"},
		{"a pattern of roles", anyRead + `{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app-*"}}`, "- role/app-*@*"},
		{"an account by a condition", anyRead + `{"StringEquals": {"aws:PrincipalAccount": "222211110000"}}`, "- administrator@222211110000"},
		{"a tag", anyRead + `{"StringEquals": {"aws:PrincipalTag/team": "red"}}`, "- anyone with aws:PrincipalTag/team red"},
		{"a user id", anyRead + `{"StringLike": {"aws:userid": "AROAX:*"}}`, "- anyone with aws:userid AROAX:*"},
		{"another header", anyRead + `{"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}`, "- anyone with s3:ExistingObjectTag/public yes"},
		{"a signature's age", anyRead + `{"NumericLessThan": {"s3:signatureAge": "600000"}}`, "- anyone with s3:signatureAge 599999"},
		{"a moment", anyRead + `{"DateGreaterThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}`, "- anyone with aws:CurrentTime 2027-01-01T00:00:01Z"},
		{"a key that must be there", anyRead + `{"Null": {"aws:MultiFactorAuthAge": "false"}}`, "- anyone with aws:MultiFactorAuthAge"},
		{"a variable of whoever asks", anyRead + `{"StringEquals": {"aws:PrincipalTag/name": "${aws:username}"}}`, "- whoever meets aws:PrincipalTag/name ${aws:username} at "},
		{"a service without a source", `"Principal": {"Service": "cloudtrail.amazonaws.com"}`, "- cloudtrail.amazonaws.com for a stranger"},
		{"a service for an account", `"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceAccount": "222211110000"}}`, "- cloudtrail.amazonaws.com for 222211110000"},
		{"a service for a resource", `"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Condition": {"ArnLike": {"aws:sourcearn": "arn:aws:cloudtrail:*:222211110000:trail/*"}}`, "- cloudtrail.amazonaws.com for trail/*@222211110000"},
		{"a service for an organization", `"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}`, " with aws:SourceOrgID o-1"},
		{"any service", anyRead + `{"Bool": {"aws:PrincipalIsAWSService": "true"}}`, "- any.amazonaws.com for a stranger"},
		{"a service by a condition", anyRead + `{"StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}}`, "- cloudtrail.amazonaws.com for a stranger"},
	} {
		list = append(list, change{c.name, inBuckets, admits(c.who), "", c.shows})
	}
	for _, c := range []struct{ name, statement, shows string }{
		{"an endpoint that a Deny spares", `"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}`, "with aws:SourceVpce vpce-1: as administrator@"},
		{"an organization that a Deny spares", `"Principal": "*", "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}`, "with aws:PrincipalOrgID o-1: as administrator@"},
		{"addresses that a Deny spares", `"Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`, "with aws:SourceIp 192.0.2.0/24: as administrator@"},
		{"a role that a Deny spares", `"Principal": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::222211110000:role/break-glass"}}`, "- role/break-glass@222211110000"},
		{"a role that NotPrincipal spares", `"NotPrincipal": {"AWS": ["arn:aws:iam::222211110000:root", "arn:aws:iam::222211110000:role/break-glass"]}`, "- role/break-glass@222211110000"},
	} {
		list = append(list, change{c.name, inBuckets, says(policyOf, "SseS3Policy", `{"Sid": "New", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "BUCKET/*", `+c.statement+`}`), "", c.shows})
	}
	return list
}

func keyChanges() []change {
	on := func(name, shows string, make func(tree)) change {
		return change{name, inBuckets, make, "key SseKmsCmkKey", shows}
	}
	return []change{
		on("an account that a key admits", "| administrator@222211110000 | everything | New |", keeps(`"Action": "kms:*", "Principal": {"AWS": "arn:aws:iam::222211110000:root"}`)),
		on("a role of another account that a key admits", "| role/app@222211110000 with all permissions | decrypting in any way | New |", keeps(`"Action": "kms:Decrypt", "Principal": {"AWS": "arn:aws:iam::222211110000:role/app"}`)),
		on("everybody of the account, through S3", "s3-user@", keeps(`"Action": "kms:Decrypt", "Principal": {"AWS": "*"}, "Condition": {"StringLike": {"kms:ViaService": "s3.*"}}`)),
		on("through another service", "kms:Decrypt with kms:ViaService", keeps(`"Action": "kms:Decrypt", "Principal": {"AWS": "222211110000"}, "Condition": {"StringEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}}`)),
		on("for another bucket", "kms:Decrypt with kms:EncryptionContext", keeps(`"Action": "kms:Decrypt", "Principal": {"AWS": "222211110000"}, "Condition": {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other"}}`)),
		on("another action on a key", "kms:ReEncryptFrom", keeps(`"Action": "kms:ReEncryptFrom", "Principal": {"AWS": "222211110000"}`)),
		on("grants", "with kms:GrantIsForAWSResource true", keeps(`"Action": "kms:CreateGrant", "Principal": {"AWS": "222211110000"}, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}`)),
		on("an account by a condition of KMS", "administrator@222211110000", keeps(`"Action": "kms:Decrypt", "Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"kms:CallerAccount": "222211110000"}}`)),
		on("a service that a key admits", "cloudfront.amazonaws.com for a stranger", keeps(`"Action": "kms:Decrypt", "Principal": {"Service": "cloudfront.amazonaws.com"}`)),
		on("the default policy", "- | root@", set(keyType, "SseKmsCmkKey", "KeyPolicy", "")),
		on("a Deny on a key", "kms:ScheduleKeyDeletion | New | everybody", says(keyType, "SseKmsCmkKey", `{"Sid": "New", "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}`)),
		{"a replica key", inBuckets, with(`"Copy": {"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": "arn:aws:kms:us-east-1:222211110000:key/mrk-1", "KeyPolicy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": {"AWS": "222211110000"}}]}}}`), "", "- administrator@222211110000"},
	}
}

// limits is a policy of the organization for the account itself.
func limits(kind string) string {
	return `"Limits": {"Type": "AWS::Organizations::Policy", "Properties": {"Name": "limits", "Type": "` + kind + `", "TargetIds": [{"Ref": "AWS::AccountId"}],
		"Content": {"Version": "2012-10-17", "Statement": [{"Sid": "New", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}]}}}`
}

func otherChanges() []change {
	secret := func(name, shows string, make func(tree)) change {
		return change{name, inBuckets, make, "secret SseCKeyRing", shows}
	}
	head := func(name, shows string, make func(tree)) change { return change{name, inBuckets, make, "", shows} }
	return []change{
		secret("a secret's policy", "| administrator@222211110000 | secretsmanager:GetSecretValue |", with(`"Opens": {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": {"SecretId": {"Ref": "SECRET"}, "ResourcePolicy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*", "Principal": {"AWS": "222211110000"}}]}}}`)),
		secret("another action on a secret", "secretsmanager:RotateSecret", with(`"Opens": {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": {"SecretId": {"Ref": "SECRET"}, "ResourcePolicy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "secretsmanager:RotateSecret", "Resource": "*", "Principal": {"AWS": "222211110000"}}]}}}`)),
		head("an access point with a policy", "administrator@222211110000", with(`"Point": {"Type": "AWS::S3::AccessPoint", "Properties": {"Name": "point", "Bucket": {"Ref": "BUCKET"}, "Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:ap-northeast-1:111122223333:accesspoint/point/object/*", "Principal": {"AWS": "222211110000"}}]}}}`)),
		{"an access point", inBuckets, with(`"Point": {"Type": "AWS::S3::AccessPoint", "Properties": {"Name": "point", "Bucket": {"Ref": "BUCKET"}}}`), "access point Point", "| administrator@"},
		{"a permission to call a function", inBuckets, with(`"Call": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "FUNCTION"}, "Action": "lambda:InvokeFunction", "Principal": "222211110000"}}`), "function SseCFunctionsGet", "| administrator@222211110000 | lambda:InvokeFunction | Call |"},
		{"a function's URL", inBuckets, with(`"Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Ref": "FUNCTION"}, "AuthType": "NONE"}}`), "function SseCFunctionsGet", "Has a URL, which authenticates by NONE"},
		head("a permission for everybody's URL", "anyone with lambda:FunctionUrlAuthType NONE", with(`"Call": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "FUNCTION"}, "Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"}}`)),
		head("a service control policy", "SCP policy ", with(strings.ReplaceAll(limits("SERVICE_CONTROL_POLICY"), `"Principal": "*", `, ""))),
		head("a resource control policy", "RCP policy ", with(limits("RESOURCE_CONTROL_POLICY"))),
		head("whom a service control policy spares", "with aws:SourceVpce vpce-1: as administrator@", with(strings.ReplaceAll(limits("SERVICE_CONTROL_POLICY"), `"Principal": "*", `, ""))),
		head("a policy over a unit of an organization", "which accounts are under ou-1", with(strings.ReplaceAll(limits("SERVICE_CONTROL_POLICY"), "[{\"Ref\": \"AWS::AccountId\"}]", `["ou-1"]`))),
		head("a permission set", "- permission set Readers@222211110000", with(`"Readers": {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": "Readers", "InstanceArn": "arn:aws:sso:::instance/i", "InlinePolicy": `+reads+`}},
			"Assigned": {"Type": "AWS::SSO::Assignment", "Properties": {"InstanceArn": "arn:aws:sso:::instance/i", "PermissionSetArn": {"Fn::GetAtt": ["Readers", "PermissionSetArn"]}, "TargetType": "AWS_ACCOUNT", "TargetId": "222211110000", "PrincipalType": "GROUP", "PrincipalId": "g"}}`)),
		head("an access grant", "whom Grant", with(`"Grant": {"Type": "AWS::S3::AccessGrant", "Properties": {"AccessGrantsLocationId": "default", "Permission": "READ"}}`)),
		head("a share", "whom Share", with(`"Share": {"Type": "AWS::RAM::ResourceShare", "Properties": {"ResourceArns": [{"Fn::GetAtt": ["SECRET", "Id"]}]}}`)),
		{"a VPC endpoint's policy", inBuckets, both(
			with(`"Endpoint": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.s3", "PolicyDocument": `+strings.Replace(reads, `"Resource"`, `"Principal": "*", "Resource"`, 1)+`}}`),
			admits(anyRead+`{"StringEquals": {"aws:SourceVpc": "vpc-1"}}`)), "bucket SseS3", "unknown: "},
		head("a nested stack", "what Nested", with(`"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/t", "Parameters": {"Role": {"Ref": "ROLE"}}}}`)),
		head("a custom resource", "what Custom", with(`"Custom": {"Type": "Custom::Opener", "Properties": {"ServiceToken": "arn:aws:lambda:us-east-1:111122223333:function:f", "Role": {"Ref": "ROLE"}}}`)),
		head("a macro", "what the macro", func(t tree) { t["Transform"] = "Company::Opener" }),
		head("a loop", "what CloudFormation makes of", func(t tree) {
			t["Resources"].(tree)["Fn::ForEach::Opens"] = parsed[any](`["X", ["a"], {"Opens${X}": {"Type": "AWS::S3::BucketPolicy", "Properties": {}}}]`)
			t["Transform"] = "AWS::LanguageExtensions"
		}),
		{"a role's trust in the replication", "replication", statement(roleType, "ReplicationRole", "ReplicationByS3", func(s tree) { s["Principal"] = parsed[any](`{"AWS": "*"}`) }), "role ReplicationRole", "| stranger | sts:AssumeRole |"},
		{"a replica bucket for all of the source account", "replica", func(t tree) {
			for _, s := range document(t, policyOf, "ReplicaPolicy")["Statement"].([]any) {
				if s := s.(tree); s["Sid"] == "AdmitReplicas" {
					delete(s, "Condition")
				}
			}
		}, "bucket Replica", "administrator@444455556666"},
	}
}
