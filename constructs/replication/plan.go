// Package replication replicates an SSE-KMS bucket to another account so that
// the other account can read the replicas.
//
// NewReplica makes the receiving half and NewSource the sending half. Each
// half's policies name the other's bucket and role, so a Plan that both get fixes
// those names. Only the replica key's ARN is not known before a deployment. The
// CloudFormation execution role of the source account's CDK bootstrap reads a
// reference to it. That role must exist before the replica's stack is deployed,
// and must deploy the source's.
package replication

import (
	"fmt"
	"regexp"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/policy"
)

// Plan fixes where both halves are, and their names, before either exists. Every
// text is required, and none may be a reference.
type Plan struct {
	SourceAccount string // 12 digits
	SourceRegion  string // "us-east-1"
	SourceBucket  string // bucket name
	RoleName      string // replication role, of the source account

	ReplicaAccount string // 12 digits
	ReplicaRegion  string
	ReplicaBucket  string // bucket name

	// DeleteMarkers replicates delete markers, which both halves have to
	// admit. Default: false, so that a deletion in the source account leaves
	// the replica as it is.
	DeleteMarkers bool
}

// plain matches what a Plan may have as a text.
var plain = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

func (p Plan) source() environment.Environment {
	return environment.Named(p.SourceAccount, p.SourceRegion)
}

func (p Plan) replica() environment.Environment {
	return environment.Named(p.ReplicaAccount, p.ReplicaRegion)
}

// faults says what is missing, and why a half that the plan has in want is not
// one of a stack at is.
func (p Plan) faults(is, want environment.Environment) []string {
	const instead = "its plain text, no reference, ARN or path: both halves name it"
	var faults []string
	for _, t := range [][2]string{
		{"Plan.SourceAccount", p.SourceAccount}, {"Plan.SourceRegion", p.SourceRegion}, {"Plan.SourceBucket", p.SourceBucket}, {"Plan.RoleName", p.RoleName},
		{"Plan.ReplicaAccount", p.ReplicaAccount}, {"Plan.ReplicaRegion", p.ReplicaRegion}, {"Plan.ReplicaBucket", p.ReplicaBucket},
	} {
		if t[1] == "" {
			faults = append(faults, refusal.Missing(t[0], t[1], instead))
		} else if !plain.MatchString(t[1]) {
			faults = append(faults, fmt.Sprintf("%s %q: write %s", t[0], t[1], instead))
		}
	}
	if len(faults) == 0 && is.Known() && is != want {
		faults = append(faults, fmt.Sprintf("its stack is in account %s and Region %s, and the Plan has it in account %s and Region %s: correct one of them",
			is.Account, is.Region, want.Account, want.Region))
	}
	return faults
}

// statements is the policies' view of the plan. A key ARN that is not known,
// or not needed, is "".
func (p Plan) statements(sourceKeyARN, replicaKeyARN string) policy.Replication {
	source, replica := p.source(), p.replica()
	return policy.Replication{
		RoleARN:           "arn:" + source.Partition + ":iam::" + p.SourceAccount + ":role/" + p.RoleName,
		SourceAccountRoot: policy.AccountRootARN(source.Partition, p.SourceAccount),
		SourceBucketARN:   source.BucketARN(p.SourceBucket),
		SourceKeyARN:      sourceKeyARN,
		SourceViaService:  source.ViaService("s3"),
		ReplicaBucketARN:  replica.BucketARN(p.ReplicaBucket),
		ReplicaKeyARN:     replicaKeyARN,
		ReplicaViaService: replica.ViaService("s3"),
		DeleteMarkers:     p.DeleteMarkers,
	}
}
