// Package key makes a customer managed KMS key for one bucket, with a key
// policy by role: who administers it, and who uses it through S3 for that
// bucket. The account's IAM policies can admit others, unless NoAccountAccess is
// set.
package key

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what key to make. Its account and Region are the stack's.
type Props struct {
	// Description is what people see in the KMS console. Required.
	Description string

	// BucketName is the bucket that the key is for, of the same account and
	// Region: its name as it is in AWS, not a reference, since the bucket
	// refers to the key. Required.
	BucketName string

	// RotationDays is the period of automatic rotation, 90-2560 days.
	// Default: 365.
	// Source: kms/latest/developerguide/rotating-keys-enable.html.
	RotationDays int

	// Administrators are the ARNs of roles and users that manage the key, and
	// cannot use it. Default: only those that the account's IAM policies admit.
	Administrators []string

	// Users are the ARNs of roles and users that read and write the bucket's
	// objects. Default: only those that the account's IAM policies admit.
	Users []string

	// Readers are the ARNs of roles and users that only read them. Default:
	// none but the account by IAM.
	Readers []string

	// Services are service principals that use the key for the account, such
	// as "delivery.logs.amazonaws.com". Default: none.
	Services []string

	// AccountWideThroughS3 admits everyone of the account whom S3 admits, as
	// the key aws/s3 does. Default: false.
	AccountWideThroughS3 bool

	// NoAccountAccess leaves out the statement that lets the account's IAM
	// policies decide, so that only the principals named here have access.
	// The role that deploys must then be an administrator, or KMS refuses the
	// policy. Default: false.
	NoAccountAccess bool

	// Statements are further statements of the key's policy, such as for
	// replication. Default: none.
	Statements []iam.Statement
}

// New makes a key. Its deletion is never automatic: removing it from a stack
// leaves it in the account. New panics, as constructs do, on a prop that is
// missing and on a key policy that nobody could change.
func New(scope constructs.Construct, id string, p Props) Key {
	if p.RotationDays == 0 {
		p.RotationDays = 365
	}
	at := environment.Of(scope)
	refusal.Check("key", scope, id,
		refusal.Missing("Description", p.Description, "what people see in the KMS console"),
		refusal.Missing("BucketName", p.BucketName, "the name of the bucket that the key is for"),
		environment.NameFault("BucketName", p.BucketName),
		refusal.Range("RotationDays", p.RotationDays, 90, 2560),
		p.fault(),
		environment.PrincipalFault("Administrators", p.Administrators),
		environment.PrincipalFault("Users", p.Users),
		environment.PrincipalFault("Readers", p.Readers))
	keyARN := resource.MakeKey(scope, id, p.Description, p.policy(at), p.RotationDays)
	return Key{ARN: keyARN, region: at.Region, view: func() awskms.IKey { return resource.Find(scope, id).(awskms.Key) }}
}

// fault says why there is no such key, or "".
func (p Props) fault() string {
	if p.NoAccountAccess && len(p.Administrators) == 0 {
		return "nobody could administer this key: name Administrators or leave NoAccountAccess off"
	}
	return ""
}

// policy is the key policy.
func (p Props) policy(at environment.Environment) iam.Document {
	return policy.Document(policy.Key{
		Account: at.Account, AccountRootARN: policy.AccountRootARN(at.Partition, at.Account),
		BucketARN: at.BucketARN(p.BucketName), ViaService: at.ViaService("s3"),
		Administrators: p.Administrators, Users: p.Users, Readers: p.Readers, Services: p.Services,
		AccountWideThroughS3: p.AccountWideThroughS3, NoAccountAccess: p.NoAccountAccess, Further: p.Statements,
	}.Statements()...)
}
