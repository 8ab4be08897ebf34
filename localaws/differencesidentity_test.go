package localaws_test

import (
	"testing"
)

// identityDifferences are about users, roles and sessions.
var identityDifferences = map[string]func(*testing.T){
	"Of the AWS managed policies those exist whose text is in `iam/managedpolicy`": func(t *testing.T) {
		t.Parallel()
		s := policyWorld(t)
		const attach = "RoleName=acme&PolicyArn=arn:aws:iam::aws:policy/"
		refuses(t, s, unsupported{"NoSuchEntity", "iam", "AttachRolePolicy", attach + "AmazonSumerianFullAccess"})
		if status, answer := call(t, s, "iam", "AttachRolePolicy", attach+"AdministratorAccess"); status != 200 {
			t.Error(answer)
		}
	},

	"Groups, login profiles, identity providers, further versions of a policy: refused by name": func(t *testing.T) {
		t.Parallel()
		s := policyWorld(t)
		status, answer := call(t, s, "iam", "CreatePolicy", `PolicyName=p&PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
		if status != 200 {
			t.Fatal(answer)
		}
		const policy = "PolicyArn=arn:aws:iam::" + source + ":policy/p"
		refuses(t, s,
			unsupported{"CreateGroup", "iam", "CreateGroup", "GroupName=g"},
			unsupported{"ListGroups", "iam", "ListGroups", ""},
			unsupported{"CreateLoginProfile", "iam", "CreateLoginProfile", "UserName=acme&Password=a-Long-1-Password"},
			unsupported{"CreateOpenIDConnectProvider", "iam", "CreateOpenIDConnectProvider", "Url=https://token.actions.githubusercontent.com&ClientIDList.member.1=sts.amazonaws.com"},
			unsupported{"CreateSAMLProvider", "iam", "CreateSAMLProvider", "Name=n&SAMLMetadataDocument=<x/>"},
			unsupported{"CreatePolicyVersion", "iam", "CreatePolicyVersion", policy + `&PolicyDocument={"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}`},
			unsupported{"SetDefaultPolicyVersion", "iam", "SetDefaultPolicyVersion", policy + "&VersionId=v1"},
		)
	},

	"STS session tags, source identities and MFA: refused by name": func(t *testing.T) {
		t.Parallel()
		s := start(t)
		if _, err := s.AddRole(source, "r", trust(source)); err != nil {
			t.Fatal(err)
		}
		const assume = "RoleArn=arn:aws:iam::" + source + ":role/r&RoleSessionName=session"
		if status, answer := call(t, s, "sts", "AssumeRole", assume); status != 200 {
			t.Fatal(answer)
		}
		refuses(t, s,
			unsupported{"Tags.member.1.Key", "sts", "AssumeRole", assume + "&Tags.member.1.Key=team&Tags.member.1.Value=blue"},
			unsupported{"TransitiveTagKeys.member.1", "sts", "AssumeRole", assume + "&TransitiveTagKeys.member.1=team"},
			unsupported{"SourceIdentity", "sts", "AssumeRole", assume + "&SourceIdentity=jane"},
			unsupported{"SerialNumber", "sts", "AssumeRole", assume + "&SerialNumber=arn:aws:iam::" + source + ":mfa/u&TokenCode=123456"},
			unsupported{"GetSessionToken", "sts", "GetSessionToken", ""},
		)
	},
}
