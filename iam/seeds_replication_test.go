package iam

import (
	"strings"
	"testing"
)

// The template as published: its first statement has a literal account.
const publishedDestination = `
	{"Action":["s3:ReplicateDelete","s3:ReplicateObject"],"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::522303440560:role/source-dev-role-replication"}},
	"Effect":"Allow","Principal":{"AWS":"*"},"Resource":"arn:aws:s3:::dst/*","Sid":"Set permissions for objects"},
	{"Action":["s3:GetBucketVersioning","s3:List*","s3:PutBucketVersioning"],"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/source-dev-role-replication"}},
	"Effect":"Allow","Principal":{"AWS":"*"},"Resource":"arn:aws:s3:::dst","Sid":"Set permissions on bucket"}`

// The role of the source account as published; it has no kms:Decrypt on the
// source key.
const publishedRole = `
	{"Action":["s3:GetReplicationConfiguration","s3:ListBucket"],"Effect":"Allow","Resource":"arn:aws:s3:::src"},
	{"Action":["s3:GetObjectVersionAcl","s3:GetObjectVersionForReplication","s3:GetObjectVersionTagging"],"Effect":"Allow","Resource":"arn:aws:s3:::src/*"},
	{"Action":["s3:ReplicateDelete","s3:ReplicateObject","s3:ReplicateTags"],"Effect":"Allow","Resource":"arn:aws:s3:::dst/*"},
	{"Action":["kms:Decrypt","kms:DescribeKey","kms:Encrypt","kms:GenerateDataKey*","kms:ReEncrypt*"],"Effect":"Allow","Resource":"` + keyARN + `"}`

const publishedDestinationKey = `
	{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},
	{"Sid":"Allow use of the key","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*"},
	{"Sid":"Allow attachment of persistent resources","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["kms:CreateGrant","kms:ListGrants","kms:RevokeGrant"],"Resource":"*",
	"Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"}}}`

// closedDestination has no "*" and refuses a replica that isn't under its key.
const closedDestination = `
	{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::dst","arn:aws:s3:::dst/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}},
	{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["s3:ReplicateObject","s3:ReplicateDelete","s3:ReplicateTags"],"Resource":"arn:aws:s3:::dst/*",
	"Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::222222222222:role/source-dev-role-replication"}}},
	{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::dst/*","Condition":{"ArnNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"` + keyARN + `"}}}`

func TestPublishedReplication(t *testing.T) {
	t.Parallel()
	role := func(account, name string) Caller {
		return RoleSession("arn:aws:iam::"+account+":role/"+name, "s3-replication")
	}
	ours := role(source04, "source-dev-role-replication")
	dst := func(c Caller, action string) Request {
		resource := "arn:aws:s3:::dst/a"
		if strings.Contains(action, "Bucket") {
			resource = "arn:aws:s3:::dst"
		}
		return Request{Caller: c, Action: action, Resource: resource, ResourceAccount: dest04}
	}
	// The console text has the role's ARN in both statements.
	console := strings.ReplaceAll(publishedDestination, "522303440560", source04)
	anyAccount := strings.ReplaceAll(console, "arn:aws:iam::222222222222:role", "arn:aws:iam::*:role")
	open, closed := &PublicAccessBlock{}, &PublicAccessBlock{BlockPublicPolicy: true, RestrictPublicBuckets: true}
	for _, tt := range []struct {
		name             string
		request          Request
		identity, policy string
		block            *PublicAccessBlock
		want             verdict
	}{
		{"template: our role", dst(ours, "s3:ReplicateObject"), publishedRole, publishedDestination, closed, iDeny},
		{"template: the stranger's role of that name", dst(role("522303440560", "source-dev-role-replication"), "s3:ReplicateObject"), publishedRole, publishedDestination, closed, allowed},
		{"console: our role", dst(ours, "s3:ReplicateObject"), publishedRole, console, closed, allowed},
		{"console: same name in another account", dst(role(stranger, "source-dev-role-replication"), "s3:ReplicateObject"), allowAll, console, closed, iDeny},
		{"console: another role of the source account", dst(role(source04, "admin"), "s3:ReplicateObject"), allowAll, console, closed, iDeny},
		{"console: root user of the source account", dst(AccountRoot(source04), "s3:ReplicateObject"), "", console, closed, iDeny},
		{"console: anonymous", dst(Anonymous(), "s3:ReplicateObject"), "", console, closed, iDeny},
		{"console: tags of a replica", dst(ours, "s3:ReplicateTags"), publishedRole, console, closed, iDeny},
		{"console: owner override", dst(ours, "s3:ObjectOwnerOverrideToBucketOwner"), publishedRole, console, closed, iDeny},
		{"console: the role can't suspend versioning", dst(ours, "s3:PutBucketVersioning"), publishedRole, console, closed, iDeny},
		{"console: until its administrator lets it", dst(ours, "s3:PutBucketVersioning"), allowAll, console, closed, allowed},
		{"any account: attacker's role of that name, access not blocked", dst(role(stranger, "source-dev-role-replication"), "s3:ReplicateObject"), allowAll, anyAccount, open, allowed},
		{"any account: attacker's role, access blocked", dst(role(stranger, "source-dev-role-replication"), "s3:ReplicateObject"), allowAll, anyAccount, closed, eDeny},
		{"any account: our role, access blocked", dst(ours, "s3:ReplicateObject"), publishedRole, anyAccount, closed, eDeny},

		{"closed: our role under the key", with(dst(ours, "s3:ReplicateObject"), keyID, keyARN), publishedRole, closedDestination, closed, allowed},
		{"closed: our role under a source key", with(dst(ours, "s3:ReplicateObject"), keyID, foreign), publishedRole, closedDestination, closed, eDeny},
		{"closed: our role without a key", dst(ours, "s3:ReplicateObject"), publishedRole, closedDestination, closed, eDeny},
		{"closed: tags", dst(ours, "s3:ReplicateTags"), publishedRole, closedDestination, closed, allowed},
		{"closed: over plain HTTP", with(dst(ours, "s3:ReplicateTags"), "aws:SecureTransport", "false"), publishedRole, closedDestination, closed, eDeny},
		{"closed: another role of the source account", with(dst(role(source04, "admin"), "s3:ReplicateObject"), keyID, keyARN), allowAll, closedDestination, closed, iDeny},
		{"closed: same name in another account", with(dst(role(stranger, "source-dev-role-replication"), "s3:ReplicateObject"), keyID, keyARN), allowAll, closedDestination, closed, iDeny},
		{"closed: versioning", dst(ours, "s3:PutBucketVersioning"), allowAll, closedDestination, closed, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "replication role", tt.identity), Resource: source(t, "bucket policy of dst", tt.policy), PublicAccess: tt.block}, tt.want)
		})
	}
	for name, text := range map[string]string{"console": console, "closed": closedDestination} {
		if Public(source(t, name, text).Document) {
			t.Errorf("the %s policy counts as public", name)
		}
	}
}

func TestPublishedReplicationKeys(t *testing.T) {
	t.Parallel()
	const srcKey = "arn:aws:kms:eu-west-1:222222222222:key/5555abcd-12ab-34cd-56ef-1234567890ab"
	const defaultKey = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"kms:*","Resource":"*"}`
	const managedKey = `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:CreateGrant","kms:DescribeKey"],"Resource":"*",
		"Condition":{"StringEquals":{"kms:CallerAccount":"222222222222","kms:ViaService":"s3.eu-west-1.amazonaws.com"}}}`
	ours := RoleSession("arn:aws:iam::222222222222:role/source-dev-role-replication", "s3-replication")
	reader := RoleSession("arn:aws:iam::111122223333:role/reader", "s")
	admin := RoleSession("arn:aws:iam::222222222222:role/admin", "s")
	kms := func(c Caller, action, key, account string) Request {
		return with(Request{Caller: c, Action: action, Resource: key, ResourceAccount: account}, "kms:ViaService", "s3.eu-west-1.amazonaws.com")
	}
	for _, tt := range []struct {
		name             string
		request          Request
		identity, policy string
		want             verdict
	}{
		{"source under aws/s3: the role decrypts without permission", kms(ours, "kms:Decrypt", srcKey, source04), publishedRole, managedKey, allowed},
		{"source under a customer managed key: it can't", kms(ours, "kms:Decrypt", srcKey, source04), publishedRole, defaultKey, iDeny},
		{"the role encrypts under the destination key", kms(ours, "kms:Encrypt", keyARN, dest04), publishedRole, publishedDestinationKey, allowed},
		{"any source principal decrypts under the destination key", kms(admin, "kms:Decrypt", keyARN, dest04), allowAll, publishedDestinationKey, allowed},
		{"any source principal makes grants", with(kms(admin, "kms:CreateGrant", keyARN, dest04), "kms:GrantIsForAWSResource", "true"), allowAll, publishedDestinationKey, allowed},
		{"replica under a source customer managed key: unreadable", kms(reader, "kms:Decrypt", srcKey, source04), allowAll, defaultKey, iDeny},
		{"replica under the source's aws/s3: unreadable", kms(reader, "kms:Decrypt", srcKey, source04), allowAll, managedKey, iDeny},
		{"replica under the destination key: readable", kms(reader, "kms:Decrypt", keyARN, dest04), allowAll, publishedDestinationKey, allowed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "identity", tt.identity), Resource: source(t, "key policy", tt.policy)}, tt.want)
		})
	}
	t.Run("only S3 assumes the role", func(t *testing.T) {
		t.Parallel()
		trust := source(t, "trust policy", `{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}`)
		assume := Request{Action: "sts:AssumeRole", Resource: "arn:aws:iam::222222222222:role/source-dev-role-replication", ResourceAccount: source04}
		assume.Caller = ServicePrincipal("s3.amazonaws.com")
		check(t, assume, Policies{Resource: trust}, allowed)
		assume.Caller = ServicePrincipal("batchoperations.s3.amazonaws.com")
		check(t, assume, Policies{Resource: trust}, iDeny)
		assume.Caller = admin
		check(t, assume, Policies{Resource: trust, Identity: sources(t, "i", allowAll)}, iDeny)
	})
}
