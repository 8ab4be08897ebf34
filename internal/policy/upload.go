package policy

import "github.com/s3seal/s3seal/internal/iam"

// Condition keys of an upload's encryption headers. They hold what the request
// says, never what the bucket's default will do, so a client that relies on
// the default has none of them. A negated operator is true on a missing key,
// with IfExists too; each "not this value" below is therefore paired with
// Null "false", or it would refuse those clients.
// Sources: AmazonS3/latest/userguide/UsingKMSEncryption.html,
// IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
const (
	algorithmKey         = "s3:x-amz-server-side-encryption"
	kmsKeyKey            = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	customerAlgorithmKey = "s3:x-amz-server-side-encryption-customer-algorithm"
)

// OnlySSEKMS refuses an upload whose encryption header is another than
// algorithm: "aws:kms", or "aws:kms:dsse" for a DSSE-KMS bucket. No header is
// admitted: the bucket's default encrypts.
func OnlySSEKMS(bucketARN, algorithm string) iam.Statement {
	return denyUpload("DenyOtherEncryption", bucketARN, iam.Condition{
		"StringNotEquals": {algorithmKey: {algorithm}},
		"Null":            {algorithmKey: {"false"}},
	})
}

// OnlyThisKey refuses an upload that names another KMS key than keyARN. The
// header must hold the full key ARN; a key id or an alias is refused, which
// fails closed, since S3 would resolve it in the requester's account.
func OnlyThisKey(bucketARN, keyARN string) iam.Statement {
	return denyUpload("DenyOtherKey", bucketARN, iam.Condition{
		"ArnNotEquals": {kmsKeyKey: {keyARN}},
		"Null":         {kmsKeyKey: {"false"}},
	})
}

// NoAWSManagedKey refuses an upload that asks for one of the algorithms,
// "aws:kms" and "aws:kms:dsse", without naming a key: S3 would take the key
// aws/s3, and not the bucket's default. An algorithm that OnlySSEKMS refuses
// need not be among them.
func NoAWSManagedKey(bucketARN string, algorithms ...string) iam.Statement {
	return denyUpload("DenyAWSManagedKey", bucketARN, iam.Condition{
		"StringEquals": {algorithmKey: algorithms},
		"Null":         {kmsKeyKey: {"true"}},
	})
}

// NoNamedKey refuses an upload that names any KMS key. It is for a bucket under
// the key aws/s3, whose ARN a template cannot know.
func NoNamedKey(bucketARN string) iam.Statement {
	return denyUpload("DenyNamedKey", bucketARN, iam.Condition{
		"Null": {kmsKeyKey: {"false"}},
	})
}

// NoSSEC refuses an upload with a customer-provided key. New buckets block
// SSE-C by themselves, and ours say so; this also keeps an object out when
// somebody lifts that block.
func NoSSEC(bucketARN string) iam.Statement {
	return denyUpload("DenySSEC", bucketARN, iam.Condition{
		"Null": {customerAlgorithmKey: {"false"}},
	})
}

// RequireSSEC refuses every new object without a customer-provided key,
// replicas included: s3:PutObject covers uploads, copies and all multipart
// calls, but S3 writes replicas with s3:ReplicateObject.
// Source: AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html.
func RequireSSEC(bucketARN string) iam.Statement {
	s := denyUpload("RequireSSEC", bucketARN, iam.Condition{
		"Null": {customerAlgorithmKey: {"true"}},
	})
	s.Action = append(s.Action, "s3:ReplicateObject")
	return s
}

func denyUpload(sid, bucketARN string, c iam.Condition) iam.Statement {
	return iam.Statement{
		Sid:       sid,
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    iam.Strings{"s3:PutObject"},
		Resource:  iam.Strings{bucketARN + "/*"},
		Condition: c,
	}
}
