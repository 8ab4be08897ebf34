package access

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// requested is the encryption headers of a request, by a name.
type requested struct {
	name    string
	headers question.Context
}

// encryptions are the encryption headers that an upload, or a replica, can come
// with. A key id and an alias are what KMS would look up in the account of
// whoever asks.
func encryptions(b *resource.Bucket) []requested {
	with := func(name, algorithm, key string) requested {
		return requested{name, question.UnderKey(algorithm, key)}
	}
	own, strangers := question.SomeKey(b.Region, b.Account), question.SomeKey(b.Region, question.Stranger)
	list := []requested{
		{"without a header", nil},
		{"as SSE-S3", question.SSES3},
		{"as SSE-KMS, no key named", question.SSEKMS},
		with("as SSE-KMS, another key of the account", "aws:kms", own),
		with("as SSE-KMS, a stranger's key", "aws:kms", strangers),
		with("as SSE-KMS, a key id", "aws:kms", question.SomeKeyID),
		with("as SSE-KMS, an alias", "aws:kms", "alias/any"),
		with("as SSE-KMS, aws/s3 of the account", "aws:kms", strings.Replace(own, "key/"+question.SomeKeyID, "alias/aws/s3", 1)),
		with("as SSE-KMS, aws/s3 of a stranger", "aws:kms", strings.Replace(strangers, "key/"+question.SomeKeyID, "alias/aws/s3", 1)),
		with("as SSE-KMS, a key of another Region", "aws:kms", strings.Replace(own, ":"+b.Region+":", ":"+otherRegion(b.Region)+":", 1)),
		{"as DSSE-KMS, no key named", question.DSSEKMS},
		with("as DSSE-KMS, another key of the account", "aws:kms:dsse", own),
		with("as DSSE-KMS, a stranger's key", "aws:kms:dsse", strangers),
		{"as SSE-C", question.SSEC},
	}
	if b.KeyARN != "" {
		list = append(list,
			with("as SSE-KMS, the bucket's key", "aws:kms", b.KeyARN),
			with("as DSSE-KMS, the bucket's key", "aws:kms:dsse", b.KeyARN),
		)
	}
	return list
}

// updates are what somebody may ask S3 to update an object's encryption to. S3
// knows SSE-KMS under a key's ARN, and refuses the rest whatever the policies
// say; that a policy refuses it too holds on the day when S3 knows more.
// Source: AmazonS3/latest/API/API_UpdateObjectEncryption.html.
func updates(b *resource.Bucket) []Operation {
	to := func(name, refused string, headers question.Context) Operation {
		return Operation{
			Name: "update the encryption to " + name, Action: "s3:UpdateObjectEncryption", Resource: b.ARN + "/object",
			Context: question.OverTLS, BlockedBy: refused,
		}.with(headers)
	}
	const refused = "S3 itself"
	list := []Operation{
		to("SSE-S3", refused, question.SSES3),
		to("SSE-KMS, no key named", refused, question.SSEKMS),
		to("aws/s3 of the account", refused, question.UnderKey("aws:kms", strings.Replace(question.SomeKey(b.Region, b.Account), "key/"+question.SomeKeyID, "alias/aws/s3", 1))),
		to("another key of the account", "", question.UnderKey("aws:kms", question.SomeKey(b.Region, b.Account))),
		to("a stranger's key", "", question.UnderKey("aws:kms", question.SomeKey(b.Region, question.Stranger))),
	}
	if b.KeyARN != "" {
		list = append(list, to("the bucket's key", "", question.UnderKey("aws:kms", b.KeyARN)))
	}
	return list
}

// bucketOperations are what can be tried with a bucket and its objects.
func bucketOperations(b *resource.Bucket) []Operation {
	object := func(name, action string) Operation {
		return Operation{Name: name, Action: action, Resource: b.ARN + "/object", Context: question.OverTLS}
	}
	bucket := func(name, action string) Operation {
		return Operation{Name: name, Action: action, Resource: b.ARN, Context: question.OverTLS}
	}
	var list []Operation
	for _, e := range encryptions(b) {
		list = append(list, object("put "+e.name, "s3:PutObject").with(e.headers).blocked(b))
	}
	list = append(list, object("put with full control for the bucket's owner", "s3:PutObject").with(question.Context{
		conditionkey.ACL: {"bucket-owner-full-control"},
	}))
	for _, e := range encryptions(b) {
		list = append(list, object("replicate "+e.name, "s3:ReplicateObject").with(e.headers).blocked(b))
	}
	list = append(list, updates(b)...)
	return append(list,
		object("replicate tags", "s3:ReplicateTags"),
		object("replicate a delete marker", "s3:ReplicateDelete"),
		object("get", "s3:GetObject"),
		object("get a version", "s3:GetObjectVersion"),
		object("get tags", "s3:GetObjectTagging"),
		object("get a version's tags", "s3:GetObjectVersionTagging"),
		object("put tags", "s3:PutObjectTagging"),
		object("delete", "s3:DeleteObject"),
		object("delete a version", "s3:DeleteObjectVersion"),
		object("read a version to replicate it", "s3:GetObjectVersionForReplication"),
		object("read a version's ACL", "s3:GetObjectVersionAcl"),
		object("read a version's annotations to replicate them", "s3:GetObjectVersionAnnotationForReplication"),
		bucket("list", "s3:ListBucket"),
		bucket("read the encryption settings", "s3:GetEncryptionConfiguration"),
		bucket("change the encryption settings", "s3:PutEncryptionConfiguration"),
		bucket("read the replication rules", "s3:GetReplicationConfiguration"),
		bucket("change the replication rules", "s3:PutReplicationConfiguration"),
		bucket("suspend versioning", "s3:PutBucketVersioning"),
		bucket("change the policy", "s3:PutBucketPolicy"),
		bucket("delete the bucket", "s3:DeleteBucket"),
		object("get over TLS 1.2", "s3:GetObject").over(question.OverTLS12),
		object("get over TLS 1.1", "s3:GetObject").over(question.OverTLS11),
		bucket("list over TLS 1.1", "s3:ListBucket").over(question.OverTLS11),
		object("get over http", "s3:GetObject").over(question.OverHTTP),
		bucket("list over http", "s3:ListBucket").over(question.OverHTTP),
	)
}

// blocked marks a write of SSE-C objects to a bucket that blocks them.
// Source: AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html.
func (o Operation) blocked(b *resource.Bucket) Operation {
	if b != nil && slices.Contains([]string{"s3:PutObject", "s3:ReplicateObject"}, o.Action) &&
		o.Context[conditionkey.CustomerAlgorithm] != nil && slices.Contains(b.Blocked, "SSE-C") {
		o.BlockedBy = "BlockedEncryptionTypes"
	}
	return o
}
