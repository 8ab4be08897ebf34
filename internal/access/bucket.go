package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
)

const (
	algorithmKey         = "s3:x-amz-server-side-encryption"
	kmsKeyKey            = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	customerAlgorithmKey = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// kmsKey is the ARN of a key that no stack makes, of an account and the
// bucket's Region.
func kmsKey(b *resource.Bucket, account string) string {
	return strings.Join([]string{"arn", cmp.Or(pseudo(b.Region, "AWS::Partition"), "aws"), "kms", b.Region, account, "key/" + someKeyID}, ":")
}

const someKeyID = "99999999-9999-9999-9999-999999999999"

// encryption is the encryption headers of a request, by a name.
type encryption struct {
	name    string
	headers context
}

// encryptions are the encryption headers that an upload, or a replica, can come
// with. A key id and an alias are what KMS would look up in the account of
// whoever asks.
func encryptions(b *resource.Bucket) []encryption {
	with := func(name, algorithm, key string) encryption {
		return encryption{name, context{algorithmKey: {algorithm}, kmsKeyKey: {key}}}
	}
	list := []encryption{
		{"without a header", nil},
		{"as SSE-S3", context{algorithmKey: {"AES256"}}},
		{"as SSE-KMS, no key named", context{algorithmKey: {"aws:kms"}}},
		with("as SSE-KMS, another key of the account", "aws:kms", kmsKey(b, b.Account)),
		with("as SSE-KMS, a stranger's key", "aws:kms", kmsKey(b, Stranger)),
		with("as SSE-KMS, a key id", "aws:kms", someKeyID),
		with("as SSE-KMS, an alias", "aws:kms", "alias/any"),
		with("as SSE-KMS, aws/s3 of the account", "aws:kms", strings.Replace(kmsKey(b, b.Account), "key/"+someKeyID, "alias/aws/s3", 1)),
		with("as SSE-KMS, aws/s3 of a stranger", "aws:kms", strings.Replace(kmsKey(b, Stranger), "key/"+someKeyID, "alias/aws/s3", 1)),
		with("as SSE-KMS, a key of another Region", "aws:kms", strings.Replace(kmsKey(b, b.Account), ":"+b.Region+":", ":"+otherRegion(b.Region)+":", 1)),
		{"as DSSE-KMS, no key named", context{algorithmKey: {"aws:kms:dsse"}}},
		with("as DSSE-KMS, another key of the account", "aws:kms:dsse", kmsKey(b, b.Account)),
		with("as DSSE-KMS, a stranger's key", "aws:kms:dsse", kmsKey(b, Stranger)),
		{"as SSE-C", context{customerAlgorithmKey: {"AES256"}}},
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
	to := func(name, refused string, headers context) Operation {
		return Operation{
			Name: "update the encryption to " + name, Action: "s3:UpdateObjectEncryption", Resource: b.ARN + "/object",
			Context: overTLS, BlockedBy: refused,
		}.with(headers)
	}
	const refused = "S3 itself"
	list := []Operation{
		to("SSE-S3", refused, context{algorithmKey: {"AES256"}}),
		to("SSE-KMS, no key named", refused, context{algorithmKey: {"aws:kms"}}),
		to("another key of the account", "", context{algorithmKey: {"aws:kms"}, kmsKeyKey: {kmsKey(b, b.Account)}}),
		to("a stranger's key", "", context{algorithmKey: {"aws:kms"}, kmsKeyKey: {kmsKey(b, Stranger)}}),
	}
	if b.KeyARN != "" {
		list = append(list, to("the bucket's key", "", context{algorithmKey: {"aws:kms"}, kmsKeyKey: {b.KeyARN}}))
	}
	return list
}

// bucketOperations are what can be tried with a bucket and its objects.
func bucketOperations(b *resource.Bucket) []Operation {
	object := func(name, action string) Operation {
		return Operation{Name: name, Action: action, Resource: b.ARN + "/object", Context: overTLS}
	}
	bucket := func(name, action string) Operation {
		return Operation{Name: name, Action: action, Resource: b.ARN, Context: overTLS}
	}
	var list []Operation
	for _, e := range encryptions(b) {
		list = append(list, object("put "+e.name, "s3:PutObject").with(e.headers).blocked(b))
	}
	list = append(list, object("put with full control for the bucket's owner", "s3:PutObject").with(context{
		"s3:x-amz-acl": {"bucket-owner-full-control"},
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
		object("get over TLS 1.2", "s3:GetObject").with(overTLS12),
		object("get over TLS 1.1", "s3:GetObject").with(overTLS11),
		bucket("list over TLS 1.1", "s3:ListBucket").with(overTLS11),
		object("get over http", "s3:GetObject").with(overHTTP),
		bucket("list over http", "s3:ListBucket").with(overHTTP),
	)
}

// blocked marks a write of SSE-C objects to a bucket that blocks them.
// Source: AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html.
func (o Operation) blocked(b *resource.Bucket) Operation {
	if b != nil && slices.Contains([]string{"s3:PutObject", "s3:ReplicateObject"}, o.Action) &&
		o.Context[customerAlgorithmKey] != nil && slices.Contains(b.Blocked, "SSE-C") {
		o.BlockedBy = "BlockedEncryptionTypes"
	}
	return o
}
