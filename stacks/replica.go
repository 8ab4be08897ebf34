package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/internal/stage"
)

// replica is a stage's receiving half.
type replica struct {
	awscdk.Stack
	keyARN string
}

func newReplica(scope constructs.Construct, s *stage.Stage) replica {
	stack := newStack(scope, s, "replica", "receives the replicas of "+s.Replica.SourceBucket, s.Replica.Environment)
	l := newLogs(scope, s, "replicalogs", s.Replica.Environment, []string{s.Replica.ReplicaBucket})
	l.comeBefore(stack)
	made := replication.NewReplica(stack, "Replica", replication.ReplicaProps{
		Plan:                  plan(s),
		Namespace:             string(s.Namespace(s.Replica.Environment)),
		KMSKeyARN:             s.Replica.KMSKeyARN,
		Readers:               s.Replica.Readers,
		Logs:                  l.ofBuckets(),
		NoncurrentVersionDays: s.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  s.Retention.IncompleteUploadDays,
	})
	output(stack, "ReplicaBucketName", "Bucket of the replicas; try, in this account: aws s3 cp s3://<value>/FILE -", made.Bucket.Name)
	keyARN := *made.Key.KeyArn()
	output(stack, "ReplicaKeyArn", "Key of the replicas", keyARN)
	return replica{Stack: stack, keyARN: keyARN}
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
