package bucket

import (
	"errors"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Encryption is a bucket's server-side encryption. Make one with SSES3,
// SSEKMSAWSManaged, SSEKMS, DSSEKMS or SSEC.
type Encryption struct {
	kind      awss3.BucketEncryption
	key       awskms.IKey
	bucketKey bool
	customer  bool // the caller's keys: SSE-C
	err       error
}

// SSES3 encrypts under keys that S3 manages.
func SSES3() Encryption {
	return Encryption{kind: awss3.BucketEncryption_S3_MANAGED}
}

// SSEKMSAWSManaged encrypts under the account's key aws/s3, with an S3 Bucket
// Key. Other accounts can never read such objects, since the key's policy
// cannot be changed.
func SSEKMSAWSManaged() Encryption {
	return Encryption{kind: awss3.BucketEncryption_KMS_MANAGED, bucketKey: true}
}

// SSEKMS encrypts under a customer managed key of the bucket's Region.
// bucketKey turns the S3 Bucket Key on.
func SSEKMS(key awskms.IKey, bucketKey bool) Encryption {
	return Encryption{kind: awss3.BucketEncryption_KMS, key: key, bucketKey: bucketKey}
}

// DSSEKMS encrypts twice under a customer managed key. S3 has no Bucket Keys
// for DSSE-KMS, but the CDK and CloudFormation accept the setting, so New
// refuses bucketKey with that reason.
// Source: AmazonS3/latest/userguide/UsingDSSEncryption.html.
func DSSEKMS(key awskms.IKey, bucketKey bool) Encryption {
	e := Encryption{kind: awss3.BucketEncryption_DSSE, key: key}
	if bucketKey {
		e.err = errors.New("S3 does not support Bucket Keys for DSSE-KMS; leave bucketKey off")
	}
	return e
}

// SSEC accepts only objects that are encrypted with a key that the caller sends
// with each request. The bucket's default stays SSE-S3, since S3 has no
// default SSE-C, but its policy admits nothing that would use it.
func SSEC() Encryption {
	return Encryption{kind: awss3.BucketEncryption_S3_MANAGED, customer: true}
}

// blocked is the bucket's BlockedEncryptionTypes. S3 blocks SSE-C on new
// buckets since April 2026, and what it does when an update leaves the value
// out is not documented, so every bucket states it.
// Source: AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html.
func (e Encryption) blocked() *[]awss3.BlockedEncryptionType {
	if e.customer {
		return &[]awss3.BlockedEncryptionType{awss3.BlockedEncryptionType_NONE()}
	}
	return &[]awss3.BlockedEncryptionType{awss3.BlockedEncryptionType_SSE_C()}
}

// uploads refuses requests that would put an object under a key which the
// bucket's account could not use, while whoever relies on the bucket's default is
// admitted. It holds for everybody, the account's own administrators too: one of
// them, or whoever has stolen an uploader's credentials, could else lock the
// objects away and ask a ransom. What the default itself names, no policy of a
// bucket can see.
func (e Encryption) uploads(stack awscdk.Stack, bucketARN string) []iam.Statement {
	account := *stack.Account()
	statements := []iam.Statement{e.noOtherKey(stack, bucketARN)}
	if e.kind == awss3.BucketEncryption_KMS_MANAGED {
		statements = append(statements, policy.NoOtherAccounts(bucketARN, account))
	} else {
		statements = append(statements, policy.NoForeignAWSManagedKey(bucketARN, account))
	}
	if e.customer {
		return append(statements, policy.RequireSSEC(bucketARN), policy.RequireSSECReplicas(bucketARN))
	}
	return append(statements, policy.NoSSEC(bucketARN))
}

// noOtherKey admits, without a key of the bucket's own, the keys of the account
// and Region: by their ARNs, and the key aws/s3 by the alias under which S3 knows
// it.
func (e Encryption) noOtherKey(stack awscdk.Stack, bucketARN string) iam.Statement {
	if e.key != nil {
		return policy.OnlyThisKey(bucketARN, *e.key.KeyArn())
	}
	kms := func(resource, name string) string {
		return *stack.FormatArn(&awscdk.ArnComponents{Service: jsii.String("kms"), Resource: &resource, ResourceName: &name})
	}
	return policy.NoForeignKey(bucketARN, kms("alias", "aws/s3"), kms("key", "*"))
}
