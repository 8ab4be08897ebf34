package iam

import (
	"maps"
	"testing"
)

// Policies that have been published for these patterns, letter for letter with
// names filled in, and what they really admit. Comments say what is wrong with
// them; the tests keep the evaluator honest about it.

const (
	source04 = "222222222222" // account of the source bucket
	dest04   = owner
	foreign  = "arn:aws:kms:eu-west-1:333333333333:key/9999abcd-12ab-34cd-56ef-1234567890ab"
	lambda   = "arn:aws:iam::111122223333:role/fa-125-function-role"
)

func with(r Request, keys ...string) Request {
	r.Context = maps.Clone(r.Context)
	if r.Context == nil {
		r.Context = map[string]Strings{}
	}
	for i := 0; i+1 < len(keys); i += 2 {
		r.Context[keys[i]] = Strings{keys[i+1]}
	}
	return r
}

const (
	customerAlgorithm = "s3:x-amz-server-side-encryption-customer-algorithm"
	encryption        = "s3:x-amz-server-side-encryption"
	keyID             = "s3:x-amz-server-side-encryption-aws-kms-key-id"
)

const requireSSEC = `{"Action":["s3:PutObject"],"Effect":"Deny","Principal":"*","Resource":["arn:aws:s3:::fa-125-sse-c/*"],
	"Condition":{"Null":{"s3:x-amz-server-side-encryption-customer-algorithm":true}}}`

const lambdaSSEC = `{"Effect":"Allow","Action":["secretsmanager:GetSecretValue"],"Resource":["arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:fa-125-a1b2c3"]},
	{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["arn:aws:s3:::fa-125-sse-c","arn:aws:s3:::fa-125-sse-c/*"]}`

func TestPublishedSSECPolicy(t *testing.T) {
	t.Parallel()
	s3 := func(c Caller, action string) Request {
		return Request{Caller: c, Action: action, Resource: "arn:aws:s3:::fa-125-sse-c/test4-2", ResourceAccount: owner}
	}
	function := RoleSession(lambda, "fa-125-function1")
	replicator := `{"Effect":"Allow","Action":"s3:ReplicateObject","Resource":"*"}`
	closed := `{"Action":["s3:PutObject","s3:ReplicateObject"],"Effect":"Deny","Principal":"*","Resource":"arn:aws:s3:::fa-125-sse-c/*",
		"Condition":{"Null":{"s3:x-amz-server-side-encryption-customer-algorithm":"true"}}}`
	for _, tt := range []struct {
		name             string
		request          Request
		identity, policy string
		want             verdict
	}{
		{"no header, function", s3(function, "s3:PutObject"), lambdaSSEC, requireSSEC, eDeny},
		{"no header, administrator", s3(alice, "s3:PutObject"), allowAll, requireSSEC, eDeny},
		{"no header, root user", s3(AccountRoot(owner), "s3:PutObject"), "", requireSSEC, eDeny},
		{"no header, anonymous", s3(Anonymous(), "s3:PutObject"), "", requireSSEC, eDeny},
		{"header, function", with(s3(function, "s3:PutObject"), customerAlgorithm, "AES256"), lambdaSSEC, requireSSEC, allowed},
		{"header, root user", with(s3(AccountRoot(owner), "s3:PutObject"), customerAlgorithm, "AES256"), "", requireSSEC, allowed},
		{"header, anonymous", with(s3(Anonymous(), "s3:PutObject"), customerAlgorithm, "AES256"), "", requireSSEC, iDeny},
		// Replicas under SSE-S3 get in, for s3:ReplicateObject is another action.
		{"replica without header", s3(putRole, "s3:ReplicateObject"), replicator, requireSSEC, allowed},
		{"replica without header under the wider statement", s3(putRole, "s3:ReplicateObject"), replicator, closed, eDeny},
		// Nothing in it asks for TLS.
		{"header over plain HTTP", with(s3(function, "s3:PutObject"), customerAlgorithm, "AES256", "aws:SecureTransport", "false"), lambdaSSEC, requireSSEC, allowed},
		{"read without header", s3(function, "s3:GetObject"), lambdaSSEC, requireSSEC, allowed},
		{"function aborts an upload", s3(function, "s3:AbortMultipartUpload"), lambdaSSEC, requireSSEC, iDeny},
		{"function lists the bucket", Request{Caller: function, Action: "s3:ListBucket", Resource: "arn:aws:s3:::fa-125-sse-c", ResourceAccount: owner}, lambdaSSEC, requireSSEC, iDeny},
		{"service without header", s3(deliveries, "s3:PutObject"), "", requireSSEC + "," + admit(`{"Service":"delivery.logs.amazonaws.com"}`), eDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "role fa-125-function-role", tt.identity), Resource: source(t, "bucket policy of fa-125-sse-c", tt.policy)}, tt.want)
		})
	}
}

// publishedCMK admits every principal of the account through S3, as the key
// policy of aws/s3 does; its Region is a literal.
const publishedCMK = `{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*",
	"Condition":{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"s3.ap-northeast-1.amazonaws.com"}}},
	{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"*","Resource":"*"}`

// closedCMK names its users and binds them to one bucket.
const closedCMK = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},
	{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app/put"},"Action":["kms:Decrypt","kms:GenerateDataKey"],"Resource":"*",
	"Condition":{"StringEquals":{"kms:ViaService":"s3.ap-northeast-1.amazonaws.com"},
	"StringLike":{"kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::fa-125-sse-kms-cmk","arn:aws:s3:::fa-125-sse-kms-cmk/*"]}}}`

func TestPublishedKeyPolicy(t *testing.T) {
	t.Parallel()
	const via, tokyo, virginia = "kms:ViaService", "s3.ap-northeast-1.amazonaws.com", "s3.us-east-1.amazonaws.com"
	const arn = "kms:EncryptionContext:aws:s3:arn"
	for _, tt := range []struct {
		name             string
		request          Request
		identity, policy string
		want             verdict
	}{
		{"user without any KMS permission, through S3", with(decrypt(alice), via, tokyo), "", publishedCMK, allowed},
		{"user without any KMS permission, directly", decrypt(alice), "", publishedCMK, iDeny},
		{"user without any KMS permission, in another Region", with(decrypt(alice), via, virginia), "", publishedCMK, iDeny},
		{"user of another account, through S3", with(decrypt(mallory), via, tokyo), allowAll, publishedCMK, iDeny},
		{"log delivery", with(decrypt(deliveries), via, tokyo), "", publishedCMK, iDeny},
		{"administrator of the key, directly", decrypt(alice), allowAll, publishedCMK, allowed},
		{"closed: user without permission, through S3", with(decrypt(alice), via, tokyo, arn, "arn:aws:s3:::fa-125-sse-kms-cmk"), "", closedCMK, iDeny},
		{"closed: named role, bucket as context", with(decrypt(putRole), via, tokyo, arn, "arn:aws:s3:::fa-125-sse-kms-cmk"), "", closedCMK, allowed},
		{"closed: named role, object as context", with(decrypt(putRole), via, tokyo, arn, "arn:aws:s3:::fa-125-sse-kms-cmk/a"), "", closedCMK, allowed},
		{"closed: named role, another bucket", with(decrypt(putRole), via, tokyo, arn, "arn:aws:s3:::fa-125-sse-kms-cmk-evil"), "", closedCMK, iDeny},
		{"closed: named role, directly", with(decrypt(putRole), arn, "arn:aws:s3:::fa-125-sse-kms-cmk"), "", closedCMK, iDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "identity", tt.identity), Resource: source(t, "key policy", tt.policy)}, tt.want)
		})
	}
}

// requireKMS refuses uploads that leave the encryption to the bucket's default
// and takes any key of any account.
const requireKMS = `{"Sid":"DenyObjectsThatAreNotSSEKMS","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
	"Condition":{"Null":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"true"}}}`

// requireKMSIfExists looks like the cure but isn't: negated operators and
// IfExists are both true on a missing key.
const requireKMSIfExists = `{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
	"Condition":{"ArnNotEqualsIfExists":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"` + keyARN + `"}}}`

// oneKey takes the bucket's default or this key, and nothing else.
const oneKey = `{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
	"Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"},"Null":{"s3:x-amz-server-side-encryption":"false"}}},
	{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
	"Condition":{"ArnNotEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"` + keyARN + `"},"Null":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"false"}}},
	{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
	"Condition":{"StringEquals":{"s3:x-amz-server-side-encryption":"aws:kms"},"Null":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"true"}}},
	{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::data/*",
	"Condition":{"Null":{"s3:x-amz-server-side-encryption-customer-algorithm":"false"}}}`

func TestPublishedRequireKMSPolicy(t *testing.T) {
	t.Parallel()
	r := put(alice)
	for _, tt := range []struct {
		name    string
		request Request
		policy  string
		want    verdict
	}{
		{"bucket default", r, requireKMS, eDeny},
		{"aws:kms without a key", with(r, encryption, "aws:kms"), requireKMS, eDeny},
		{"the bucket's key", with(r, encryption, "aws:kms", keyID, keyARN), requireKMS, allowed},
		{"a stranger's key", with(r, encryption, "aws:kms", keyID, foreign), requireKMS, allowed},
		{"bucket default under IfExists", r, requireKMSIfExists, eDeny},
		{"one key: bucket default", r, oneKey, allowed},
		{"one key: the key", with(r, encryption, "aws:kms", keyID, keyARN), oneKey, allowed},
		{"one key: a stranger's key", with(r, encryption, "aws:kms", keyID, foreign), oneKey, eDeny},
		{"one key: aws:kms without a key", with(r, encryption, "aws:kms"), oneKey, eDeny},
		{"one key: SSE-S3", with(r, encryption, "AES256"), oneKey, eDeny},
		{"one key: DSSE-KMS", with(r, encryption, "aws:kms:dsse", keyID, keyARN), oneKey, eDeny},
		{"one key: SSE-C", with(r, customerAlgorithm, "AES256"), oneKey, eDeny},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check(t, tt.request, Policies{Identity: sources(t, "identity", allowAll), Resource: source(t, "bucket policy of data", tt.policy)}, tt.want)
		})
	}
}
