package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
)

// newReplication makes a stage's sending half. S3 refuses a rule whose
// destination does not exist, so the replica stack comes first; the CDK adds
// no such dependency for a reference to another account.
func newReplication(scope constructs.Construct, s *stage.Stage, r replica, l logs, tell receiver) {
	stack := newStack(scope, s, "replication", "replicates to account "+s.Replica.Account, s.Source)
	stack.AddStackDependency(r.Stack, jsii.String("the replica bucket must exist before the rule that names it"))
	l.comeBefore(stack)
	var k awskms.IKey
	if s.Replica.SourceEncryption.Traits().Key == encryption.CustomerManaged {
		k = sourceKey(stack, "SourceKey", s, s.Replica.SourceBucket, 0)
	}
	failures := ""
	if s.Alarms != nil && s.Alarms.Replication.FailedObjects {
		failures = tell.topicARN
	}
	made := replication.NewSource(stack, "Source", replication.SourceProps{
		Plan:                  plan(s),
		Namespace:             string(s.Namespace(s.Source)),
		ReplicaKeyARN:         r.keyARN,
		Key:                   k,
		StorageClass:          s.Replica.StorageClass,
		TimeControl:           s.Replica.TimeControl,
		FailureTopicARN:       failures,
		Logs:                  l.ofBuckets(),
		NoncurrentVersionDays: s.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  s.Retention.IncompleteUploadDays,
	})
	// Deployed stages have the role under this logical id: under another it
	// would be replaced, and its name is in use.
	made.Role.OverrideLogicalId(jsii.String("ReplicationRole"))
	alarmReplication(stack, scope, s, tell)
	if s.Replica.Repair {
		repair(stack, s)
	}
	output(stack, "SourceBucketName", "Bucket that is replicated; try: aws s3 cp FILE s3://<value>", made.Bucket.Name)
}

// repair makes the role of the jobs that s3seal repair starts. S3 writes their
// reports under SSE-S3, which of the stage's buckets that of the server access logs
// accepts.
// Source: AmazonS3/latest/userguide/batch-ops-create-job.html, "Report".
func repair(stack awscdk.Stack, s *stage.Stage) {
	p := replication.RepairProps{SourceBucket: s.Replica.SourceBucket}
	if *s.Logs.ServerAccess {
		p.ReportBucket, p.ReportPrefix = s.LogBucket(s.Source), stage.RepairReports
		output(stack, "RepairReportBucket", "Bucket of the reports of s3seal repair", p.ReportBucket)
	}
	role := replication.NewRepairRole(stack, "RepairRole", p)
	output(stack, "RepairRoleArn", "Role of the jobs of s3seal repair", *role.AttrArn())
}
