package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/internal/stage"
)

// replica is a stage's receiving half.
type replica struct {
	*stack // nil of one that exists
	keyARN string
}

func newReplica(scope constructs.Construct, s *stage.Stage) replica {
	if s.Replica.Existing {
		return replica{keyARN: s.Replica.KMSKeyARN}
	}
	stack := newStack(scope, s, "replica", "receives the replicas of "+s.Replica.SourceBucket, s.Replica.Environment)
	l := newLogs(scope, s, "replicalogs", s.Replica.Environment, []string{s.Replica.ReplicaBucket})
	l.comeBefore(stack.Stack)
	made := replication.NewReplica(stack.Stack, "Replica", replication.ReplicaProps{
		Plan:                  plan(s),
		Namespace:             string(s.Namespace(s.Replica.Environment)),
		KMSKeyARN:             s.Replica.KMSKeyARN,
		Readers:               s.Replica.Readers,
		Logs:                  l.ofBuckets(),
		NoncurrentVersionDays: s.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  s.Retention.IncompleteUploadDays,
	})
	stack.output("ReplicaBucketName", "Bucket of the replicas; try, in this account: aws s3 cp s3://<value>/FILE -", made.Bucket.Name)
	stack.output("ReplicaKeyArn", "Key of the replicas", made.Key.ARN)
	stack.end()
	return replica{stack: stack, keyARN: made.Key.ARN}
}

func plan(s *stage.Stage) replication.Plan {
	return replication.Plan{
		SourceAccount:  s.Source.Account,
		SourceRegion:   s.Source.Region,
		SourceBucket:   s.Replica.SourceBucket,
		RoleName:       s.ReplicationRoleName(),
		ReplicaAccount: s.Replica.Account,
		ReplicaRegion:  s.Replica.Region,
		ReplicaBucket:  s.Replica.ReplicaBucket,
		DeleteMarkers:  s.Replica.DeleteMarkers,
	}
}
