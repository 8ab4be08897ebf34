// Package key makes a customer managed KMS key for one bucket, with a key
// policy by role: who administers it, and who uses it through S3 for that
// bucket. Beside them, whoever the account's IAM policies admit to the key.
package key

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what key to make. Every ARN is spelled out: the bucket's ARN must
// not be a reference, since the bucket refers to the key.
type Props struct {
	// Description is what people see in the KMS console. Required.
	Description string

	// Partition and Account are the key's, such as "aws" and 12 digits. Required.
	Partition, Account string

	// BucketARN is the bucket that the key is for. Required.
	BucketARN string

	// ViaService is policy.S3ViaService of the bucket's Region. Required.
	ViaService string

	// RotationDays is the period of automatic rotation, 90-2560. Default: 365.
	RotationDays int

	// Administrators manage the key. Default: none but the account by IAM.
	Administrators []string

	// Users read and write the bucket's objects. Default: none but the
	// account by IAM.
	Users []string

	// Services are service principals that use the key for Account.
	// Default: none.
	Services []string

	// AccountWideThroughS3 admits everyone of the account whom S3 admits, as
	// the key aws/s3 does. Default: false.
	AccountWideThroughS3 bool

	// NoAccountAccess leaves out the statement that lets the account's IAM
	// policies decide, so that only the principals named here have access.
	// The role that deploys must then be an administrator, or KMS refuses the
	// policy. Default: false.
	NoAccountAccess bool

	// Statements are further statements, such as for replication.
	Statements []iam.Statement
}

// New makes a key. Its deletion is never automatic: removing it from a stack
// leaves it in the account. New panics, as constructs do, on a key policy that
// nobody could change.
func New(scope constructs.Construct, id string, p Props) awskms.Key {
	document := p.Policy()
	if p.NoAccountAccess && len(p.Administrators) == 0 {
		panic(fmt.Sprintf("key %s/%s: nobody could administer this key: name Administrators or leave NoAccountAccess off",
			*scope.Node().Path(), id))
	}
	if p.RotationDays == 0 {
		p.RotationDays = 365
	}
	return awskms.NewKey(scope, &id, &awskms.KeyProps{
		Description:       &p.Description,
		Policy:            awsiam.PolicyDocument_FromJson(document.Map()),
		EnableKeyRotation: jsii.Bool(true),
		RotationPeriod:    awscdk.Duration_Days(jsii.Number(p.RotationDays)),
		RemovalPolicy:     awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	})
}

// Policy is the key policy that New gives the key.
func (p Props) Policy() iam.Document {
	var statements []iam.Statement
	if !p.NoAccountAccess {
		statements = append(statements, policy.AccountAccess(policy.AccountRootARN(p.Partition, p.Account)))
	}
	if len(p.Administrators) > 0 {
		statements = append(statements, policy.KeyAdministrators(p.Administrators))
	}
	if len(p.Users) > 0 {
		statements = append(statements, policy.KeyUsers(p.Users, p.BucketARN, p.ViaService))
	}
	if len(p.Services) > 0 {
		statements = append(statements, policy.KeyServices(p.Services, p.Account, p.BucketARN, p.ViaService))
	}
	if p.AccountWideThroughS3 {
		statements = append(statements, policy.KeyAccountWideThroughS3(p.Account, p.ViaService))
	}
	return policy.Document(append(statements, p.Statements...)...)
}
