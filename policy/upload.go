package policy

import (
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// The statements here assume that the condition keys of the encryption headers
// hold what the request says, so that a client that relies on the bucket's default
// has none of them. AWS's page also says that the key that S3 uses must match the
// key of a policy "regardless" of headers. If S3 fills in the default's key, the
// statements below admit that key, except NoNamedKey, which would then refuse
// every upload. A negated operator is true on a missing key, with IfExists too.
// Each "not this value" below therefore stands with Null "false": otherwise it
// would refuse those clients, and the requests of multipart uploads and
// replications that carry no header.
// Sources: AmazonS3/latest/userguide/UsingKMSEncryption.html,
// IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.

// The actions that decide under which encryption an object is: s3:PutObject
// covers uploads, copies and every call of a multipart upload, and
// s3:UpdateObjectEncryption re-encrypts an object in place. The condition key of
// SSE-C does not apply to s3:UpdateObjectEncryption, and S3 refuses a statement
// whose condition key does not apply to one of its actions. No page says that a
// Region lacks the action; in one that did, S3 would refuse the policy, and the
// deployment would fail.
// Source: service-authorization/latest/reference/list_amazons3.html.
const (
	putObject        = "s3:PutObject"
	replicateObject  = "s3:ReplicateObject"
	updateEncryption = "s3:UpdateObjectEncryption"
)

// kmsAlgorithms are the encryptions that accept a KMS key.
var kmsAlgorithms = iam.Strings(encryption.KMSAlgorithms())

// OnlyThisKey refuses a request that names another KMS key than keyARN, the
// key of the bucket's default. Without it whoever may upload could overwrite
// objects, or re-encrypt them in place, under a key that the bucket's owner
// cannot use, and demand a ransom. The header must hold the full key ARN: a
// key id or an alias is refused, since S3 would resolve it in the requester's
// account.
// Source: AmazonS3/latest/userguide/UsingKMSEncryption.html.
func OnlyThisKey(bucketARN, keyARN string) iam.Statement {
	return denyWrite("DenyOtherKey", bucketARN, iam.Condition{
		"ArnNotEquals": {conditionkey.KMSKeyID: {keyARN}},
		"Null":         {conditionkey.KMSKeyID: {"false"}},
	}, putObject, replicateObject, updateEncryption)
}

// NoForeignKey is OnlyThisKey for a bucket that has no key of its own: it
// refuses a request that names a key outside keyARNs, ARN patterns of the keys
// of the bucket's account.
func NoForeignKey(bucketARN string, keyARNs ...string) iam.Statement {
	return denyWrite("DenyForeignKey", bucketARN, iam.Condition{
		"ArnNotLike": {conditionkey.KMSKeyID: keyARNs},
		"Null":       {conditionkey.KMSKeyID: {"false"}},
	}, putObject, replicateObject, updateEncryption)
}

// NoForeignAWSManagedKey refuses an object of another account that asks for
// SSE-KMS or DSSE-KMS without naming a key: S3 would use the key aws/s3 of that
// account, which the bucket's owner cannot use. AWS's own services are exempt.
// Source: AmazonS3/latest/userguide/UsingKMSEncryption.html, "Using SSE-KMS
// encryption for cross-account operations".
func NoForeignAWSManagedKey(bucketARN, account string) iam.Statement {
	c := ofAnotherAccount(account)
	c["StringEquals"] = map[string]iam.Strings{conditionkey.Encryption: kmsAlgorithms}
	c["Null"] = map[string]iam.Strings{conditionkey.KMSKeyID: {"true"}}
	return denyWrite("DenyForeignAWSManagedKey", bucketARN, c, putObject, replicateObject)
}

// NoOtherAccounts refuses every object of another account. It is for a bucket
// whose default is the key aws/s3. Such a default names no key, and an upload
// that relies on it is under the key aws/s3 of the uploading account.
// Source: AmazonS3/latest/userguide/UsingKMSEncryption.html, "Using SSE-KMS
// encryption for cross-account operations".
func NoOtherAccounts(bucketARN, account string) iam.Statement {
	return denyWrite("DenyOtherAccounts", bucketARN, ofAnotherAccount(account), putObject, replicateObject)
}

// ofAnotherAccount matches a principal of another account. It exempts services of
// AWS, since no page says which account they belong to.
// Source: IAM/latest/UserGuide/reference_policies_condition-keys.html.
func ofAnotherAccount(account string) iam.Condition {
	return iam.Condition{
		"StringNotEquals": {conditionkey.PrincipalAccount: {account}},
		"Bool":            {conditionkey.PrincipalIsAWSService: {"false"}},
	}
}

// NoSSEC refuses an object under a customer-provided key, which nobody could
// read without that key. The bucket's BlockedEncryptionTypes say the same, but
// one s3:PutEncryptionConfiguration lifts them.
// Source: AmazonS3/latest/userguide/specifying-s3-c-encryption.html.
func NoSSEC(bucketARN string) iam.Statement {
	return denyWrite("DenySSEC", bucketARN, iam.Condition{
		"Null": {conditionkey.CustomerAlgorithm: {"false"}},
	}, putObject, replicateObject)
}

// OnlySSEKMS refuses a request that names another encryption than algorithm:
// "aws:kms", or "aws:kms:dsse" for a DSSE-KMS bucket. No header is admitted:
// the bucket's default encrypts.
func OnlySSEKMS(bucketARN, algorithm string) iam.Statement {
	return denyWrite("DenyOtherEncryption", bucketARN, otherThan(algorithm), putObject, updateEncryption)
}

// NoAWSManagedKey refuses an upload that asks for one of the algorithms,
// "aws:kms" and "aws:kms:dsse", without naming a key: S3 would use the key
// aws/s3, and not the bucket's default. An algorithm that OnlySSEKMS refuses
// need not be among them. S3 itself refuses an update of an object's encryption
// that names no key. If such an update carries the algorithm's condition key, this
// statement refuses it too.
func NoAWSManagedKey(bucketARN string, algorithms ...string) iam.Statement {
	return denyWrite("DenyAWSManagedKey", bucketARN, withoutKey(algorithms), putObject, updateEncryption)
}

// NoNamedKey refuses a request that names any KMS key. It is for a bucket under
// the key aws/s3, whose ARN a template cannot know. If S3 fills in the key of the
// bucket's default where a request names none, this statement refuses every
// upload, and the first one shows it.
func NoNamedKey(bucketARN string) iam.Statement {
	return denyWrite("DenyNamedKey", bucketARN, iam.Condition{
		"Null": {conditionkey.KMSKeyID: {"false"}},
	}, putObject, updateEncryption)
}

// RequireSSEC refuses every upload without a customer-provided key: copies and
// all multipart calls too, each of which must carry the algorithm's header.
// Source: AmazonS3/latest/userguide/specifying-s3-c-encryption.html, "Example
// bucket policy to enforce SSE-C encryption".
func RequireSSEC(bucketARN string) iam.Statement {
	return denyWrite("RequireSSEC", bucketARN, iam.Condition{
		"Null": {conditionkey.CustomerAlgorithm: {"true"}},
	}, putObject)
}

// RequireSSECReplicas refuses a replica that names an encryption by S3 or KMS.
// S3 writes replicas with s3:ReplicateObject, which RequireSSEC does not cover.
// It refuses what a request names, and not what it leaves out: S3 authorizes
// the tags of a replica with the same action, and no page says that such a
// request carries the header of SSE-C. What it lets in is the replica of an
// object that has no encryption at all, which is older than January 2023.
// Source: AmazonS3/latest/userguide/replication-metrics-events.html,
// "Amazon S3 replication failure reasons".
func RequireSSECReplicas(bucketARN string) iam.Statement {
	return denyWrite("RequireSSECReplicas", bucketARN, iam.Condition{
		"Null": {conditionkey.Encryption: {"false"}},
	}, replicateObject)
}

// otherThan matches a request that names another encryption.
func otherThan(algorithm string) iam.Condition {
	return iam.Condition{
		"StringNotEquals": {conditionkey.Encryption: {algorithm}},
		"Null":            {conditionkey.Encryption: {"false"}},
	}
}

// withoutKey matches a request that names one of the algorithms and no key.
func withoutKey(algorithms iam.Strings) iam.Condition {
	return iam.Condition{
		"StringEquals": {conditionkey.Encryption: algorithms},
		"Null":         {conditionkey.KMSKeyID: {"true"}},
	}
}

func denyWrite(sid, bucketARN string, c iam.Condition, actions ...string) iam.Statement {
	return iam.Statement{
		Sid:       sid,
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    actions,
		Resource:  iam.Strings{bucketARN + "/*"},
		Condition: c,
	}
}
