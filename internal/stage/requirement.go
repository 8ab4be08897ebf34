package stage

import (
	"slices"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Requirement names a deny statement on uploads.
type Requirement string

// The requirements. See policy for the statements.
const (
	OnlySSEKMS      Requirement = "only-sse-kms"       // no encryption header but aws:kms (aws:kms:dsse on the DSSE-KMS bucket)
	NoAWSManagedKey Requirement = "no-aws-managed-key" // no aws:kms or aws:kms:dsse header without a key, which would mean aws/s3
)

// Requirements returns all requirements, in order.
func Requirements() []Requirement {
	return []Requirement{OnlySSEKMS, NoAWSManagedKey}
}

// Denials are the statements of the policy of a pattern's bucket that the
// requirements are.
func Denials(p encryption.Pattern, require []Requirement, bucketARN string) []iam.Statement {
	algorithm, algorithms := p.Traits().Algorithm, encryption.KMSAlgorithms()
	if slices.Contains(require, OnlySSEKMS) {
		algorithms = []string{algorithm}
	}
	var statements []iam.Statement
	for _, r := range require {
		switch r {
		case OnlySSEKMS:
			statements = append(statements, policy.OnlySSEKMS(bucketARN, algorithm))
		case NoAWSManagedKey:
			statements = append(statements, policy.NoAWSManagedKey(bucketARN, algorithms...))
		}
	}
	return statements
}
