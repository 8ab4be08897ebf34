package policy

import (
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
)

// Bucket is a bucket as far as the statements on uploads need to know it.
type Bucket struct {
	ARN string

	// Partition, Region and Account are where the bucket is.
	Partition, Region, Account string

	Encryption encryption.Pattern
	KeyARN     string // of its customer managed key; "" for none
}

// Statements are those of the bucket's policy that every bucket has. minimumTLS is
// the oldest version of TLS that it accepts.
func (b Bucket) Statements(minimumTLS string) []iam.Statement {
	return append([]iam.Statement{DenyInsecureTransport(b.ARN), DenyOldTLS(b.ARN, minimumTLS)}, b.Uploads()...)
}

// Uploads refuses requests that would put an object under a key that the bucket's
// account cannot use. It admits requests that rely on the bucket's default. It
// applies to everybody, the account's own administrators too: otherwise one of
// them, or somebody who stole an uploader's credentials, could make the objects
// unreadable and demand a ransom. No bucket policy can see which key the default
// itself names.
//
// For a bucket without a key of its own, it admits the keys of the account and
// Region: by their ARNs, and the key aws/s3 by the alias under which S3 knows it.
func (b Bucket) Uploads() []iam.Statement {
	statements := make([]iam.Statement, 0, 4)
	if b.KeyARN != "" {
		statements = append(statements, OnlyThisKey(b.ARN, b.KeyARN))
	} else {
		kms := "arn:" + b.Partition + ":kms:" + b.Region + ":" + b.Account
		statements = append(statements, NoForeignKey(b.ARN, kms+":alias/aws/s3", kms+":key/*"))
	}
	key := b.Encryption.Traits().Key
	if key == encryption.AWSManaged {
		statements = append(statements, NoOtherAccounts(b.ARN, b.Account))
	} else {
		statements = append(statements, NoForeignAWSManagedKey(b.ARN, b.Account))
	}
	if key == encryption.CustomerProvided {
		return append(statements, RequireSSEC(b.ARN), RequireSSECReplicas(b.ARN))
	}
	return append(statements, NoSSEC(b.ARN))
}
