// Package replication replicates an SSE-KMS bucket to another account so that
// the other account can read the replicas.
//
// NewReplica makes the receiving half and NewSource the sending half. Each
// half's policies name the other's bucket and role, which is why those names
// are fixed in a Plan that both are given; the replica key's ARN is the one
// thing that only a deployment can know.
package replication

import "github.com/s3seal/s3seal/policy"

// Plan fixes the names of both halves before either exists.
type Plan struct {
	Partition string // "aws"
	DNSSuffix string // "amazonaws.com"

	SourceAccount   string // 12 digits
	SourceRegion    string
	SourceBucket    string // bucket name
	SourceNamespace string // as bucket.Props.Namespace
	RoleName        string // replication role, of the source account

	ReplicaAccount   string // 12 digits
	ReplicaRegion    string
	ReplicaBucket    string // bucket name
	ReplicaNamespace string // as bucket.Props.Namespace

	// DeleteMarkers replicates delete markers, which both halves have to
	// admit. Default: false, so that a deletion in the source account leaves
	// the replica as it is.
	DeleteMarkers bool
}

// statements is the policies' view of the plan. A key ARN that is not known,
// or not needed, is "".
func (p Plan) statements(sourceKeyARN, replicaKeyARN string) policy.Replication {
	return policy.Replication{
		RoleARN:           "arn:" + p.Partition + ":iam::" + p.SourceAccount + ":role/" + p.RoleName,
		SourceAccountRoot: policy.AccountRootARN(p.Partition, p.SourceAccount),
		SourceBucketARN:   policy.BucketARN(p.Partition, p.SourceBucket),
		SourceKeyARN:      sourceKeyARN,
		SourceViaService:  policy.S3ViaService(p.SourceRegion, p.DNSSuffix),
		ReplicaBucketARN:  policy.BucketARN(p.Partition, p.ReplicaBucket),
		ReplicaKeyARN:     replicaKeyARN,
		ReplicaViaService: policy.S3ViaService(p.ReplicaRegion, p.DNSSuffix),
		DeleteMarkers:     p.DeleteMarkers,
	}
}
