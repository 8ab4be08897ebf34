package access

import (
	"slices"

	"github.com/s3seal/s3seal/internal/resource"
)

const (
	algorithm         = "s3:x-amz-server-side-encryption"
	keyID             = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	customerAlgorithm = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// foreignKey stands for any key but the bucket's own.
const foreignKey = "arn:aws:kms:us-east-1:" + Stranger + ":key/99999999-9999-9999-9999-999999999999"

// encryptions are the encryption headers that an upload, or a replica, can come
// with.
func encryptions(b *resource.Bucket) []struct {
	name    string
	headers context
} {
	type encryption = struct {
		name    string
		headers context
	}
	list := []encryption{
		{"without a header", nil},
		{"as SSE-S3", context{algorithm: {"AES256"}}},
		{"as SSE-KMS, no key named", context{algorithm: {"aws:kms"}}},
		{"as SSE-KMS, another key", context{algorithm: {"aws:kms"}, keyID: {foreignKey}}},
		{"as DSSE-KMS, no key named", context{algorithm: {"aws:kms:dsse"}}},
		{"as DSSE-KMS, another key", context{algorithm: {"aws:kms:dsse"}, keyID: {foreignKey}}},
		{"as SSE-C", context{customerAlgorithm: {"AES256"}}},
	}
	if b.KeyARN != "" {
		list = append(list,
			encryption{"as SSE-KMS, the bucket's key", context{algorithm: {"aws:kms"}, keyID: {b.KeyARN}}},
			encryption{"as DSSE-KMS, the bucket's key", context{algorithm: {"aws:kms:dsse"}, keyID: {b.KeyARN}}},
		)
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
		o.Context[customerAlgorithm] != nil && slices.Contains(b.Blocked, "SSE-C") {
		o.BlockedBy = "BlockedEncryptionTypes"
	}
	return o
}
