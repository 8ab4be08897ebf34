package replication

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
)

// ReplicaProps says what receiving half to make.
type ReplicaProps struct {
	Plan Plan // required

	// Namespace is as in bucket.Props.
	Namespace string

	// KMSKeyARN is the ARN of an existing key of the replica account and
	// Region; its own policy must admit the replication role, as
	// policy.Replication's EncryptReplicas does. Default: a new key.
	KMSKeyARN string

	// Readers are role or user ARNs that may decrypt replicas, through S3.
	// They have no effect with KMSKeyARN. Default: only those that the account's
	// IAM policies admit.
	Readers []string

	// Logs, NoncurrentVersionDays and IncompleteUploadDays are as in
	// bucket.Props.
	Logs                  bucket.Logs
	NoncurrentVersionDays int
	IncompleteUploadDays  int
}

// Replica is the receiving half.
type Replica struct {
	Bucket bucket.Bucket
	Key    key.Key
}

// NewReplica makes the replica bucket under a customer managed key of its own
// account, the only kind that lets that account read the replicas, and admits
// the replication role to both. The role need not exist yet. The key's id is that
// of the bucket with "Key" behind it.
func NewReplica(scope constructs.Construct, id string, p ReplicaProps) Replica {
	faults := p.Plan.faults(environment.Of(scope), p.Plan.replica())
	if p.KMSKeyARN != "" {
		faults = append(faults, p.Plan.replica().KeyFault("KMSKeyARN", p.KMSKeyARN))
	}
	refusal.Check("replica", scope, id, faults...)
	k := p.key(scope, id+"Key")
	statements := p.Plan.statements("", "")
	b := bucket.New(scope, id, bucket.Props{
		Encryption: encryption.SSEKMSCMK,
		Key:        k,
		Name:       p.Plan.ReplicaBucket,
		Namespace:  p.Namespace,
		Statements: func(string) []iam.Statement {
			return append([]iam.Statement{statements.AdmitReplicas()}, statements.OnlyReadableReplicas()...)
		},
		Logs: p.Logs,
		Accept: []nag.Reason{{
			Rules:  []string{"NIST.800.53.R5-S3BucketReplicationEnabled"},
			Reason: "Replicas are not replicated again; the other copy is the source bucket, in the other account.",
		}},
		NoncurrentVersionDays: p.NoncurrentVersionDays,
		IncompleteUploadDays:  p.IncompleteUploadDays,
	})
	return Replica{Bucket: b, Key: k}
}

func (p ReplicaProps) key(scope constructs.Construct, id string) key.Key {
	if p.KMSKeyARN != "" {
		return key.Existing(scope, id, p.KMSKeyARN)
	}
	return key.New(scope, id, key.Props{
		Description: "SSE-KMS key of the replica bucket " + p.Plan.ReplicaBucket,
		BucketName:  p.Plan.ReplicaBucket,
		Readers:     p.Readers,
		Statements:  []iam.Statement{p.Plan.statements("", "").EncryptReplicas()},
	})
}
