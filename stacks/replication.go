package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
)

// newReplication makes a stage's sending half. S3 refuses a rule whose
// destination does not exist, so the replica stack comes first; the CDK adds
// no such dependency for a reference to another account.
func newReplication(scope constructs.Construct, s *stage.Stage, r replica, l logs, tell receiver) {
	stack := newStack(scope, s, "replication", "replicates to account "+s.Replica.Account, s.Source)
	if r.stack != nil {
		stack.AddStackDependency(r.Stack, jsii.String("the replica bucket must exist before the rule that names it"))
	}
	l.comeBefore(stack.Stack)
	var k key.Reference
	if s.Replica.SourceEncryption.Traits().Key == encryption.CustomerManaged {
		k = sourceKey(stack.Stack, "SourceKey", s, s.Replica.SourceBucket, 0)
	}
	failures := ""
	if s.Alarms != nil && s.Alarms.Replication.FailedObjects {
		failures = tell.topicARN
	}
	made := replication.NewSource(stack.Stack, "Source", replication.SourceProps{
		Plan:                  plan(s),
		Namespace:             string(s.Namespace(s.Source)),
		ReplicaKeyARN:         r.keyARN,
		Key:                   k,
		RoleLogicalID:         "ReplicationRole", // which deployed stages have
		StorageClass:          s.Replica.StorageClass,
		TimeControl:           s.Replica.TimeControl,
		FailureTopicARN:       failures,
		Logs:                  l.ofBuckets(),
		NoncurrentVersionDays: s.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  s.Retention.IncompleteUploadDays,
	})
	alarmReplication(stack.Stack, scope, s, tell)
	if s.Replica.Repair {
		repair(stack, s)
	}
	stack.output("SourceBucketName", "Bucket that is replicated; try: aws s3 cp FILE s3://<value>", made.Bucket.Name)
	stack.end()
}

// repair makes the role of the jobs that s3seal repair starts. S3 writes their
// reports under SSE-S3, which of the stage's buckets that of the server access logs
// accepts.
// Source: AmazonS3/latest/userguide/batch-ops-create-job.html, "Report".
func repair(stack *stack, s *stage.Stage) {
	p := replication.RepairProps{SourceBucket: s.Replica.SourceBucket, RoleName: s.RoleName(stage.PurposeRepair)}
	if *s.Logs.ServerAccess {
		p.ReportBucket, p.ReportPrefix = s.LogBucket(s.Source), stage.RepairReports
		stack.output("RepairReportBucket", "Bucket of the reports of s3seal repair", p.ReportBucket)
	}
	stack.output("RepairRoleArn", "Role of the jobs of s3seal repair", replication.NewRepairRole(stack.Stack, "RepairRole", p))
}
