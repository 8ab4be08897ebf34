package stacks

import (
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
func newReplication(scope constructs.Construct, s *stage.Stage, r replica, l logs) {
	stack := newStack(scope, s, "replication", "replicates to account "+s.Replica.Account, s.Source)
	stack.AddStackDependency(r.Stack, jsii.String("the replica bucket must exist before the rule that names it"))
	l.comeBefore(stack)
	var k awskms.IKey
	if s.Replica.SourceEncryption.Traits().Key == encryption.CustomerManaged {
		k = sourceKey(stack, "SourceKey", s, s.Replica.SourceBucket, 0)
	}
	made := replication.NewSource(stack, "Source", replication.SourceProps{
		Plan:                  plan(s),
		Namespace:             string(s.Namespace(s.Source)),
		ReplicaKeyARN:         r.keyARN,
		Key:                   k,
		StorageClass:          s.Replica.StorageClass,
		TimeControl:           s.Replica.TimeControl,
		Logs:                  l.ofBuckets(),
		NoncurrentVersionDays: s.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  s.Retention.IncompleteUploadDays,
	})
	// Deployed stages have the role under this logical id: under another it
	// would be replaced, and its name is in use.
	made.Role.OverrideLogicalId(jsii.String("ReplicationRole"))
	output(stack, "SourceBucketName", "Bucket that is replicated; try: aws s3 cp FILE s3://<value>", made.Bucket.Name)
}
