package repair

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
	"github.com/s3seal/s3seal/policy"
)

const (
	owner, region    = "111122223333", "eu-west-1"
	bucket, copyName = "acme-source", "acme-replica"
	roleName         = "replication"
	roleARN          = "arn:aws:iam::" + owner + ":role/" + roleName
)

// world is a bucket that is replicated, in a local AWS.
type world struct {
	*Repairer
	server *localaws.Server
	keyID  string
}

// newWorld makes the bucket with an object from before its rule.
func newWorld(t *testing.T) *world {
	t.Helper()
	server, err := localaws.Start(localaws.Options{Accounts: []string{owner}, Regions: []string{region}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	cfg := server.Config(server.Credentials(owner))
	w := &world{server: server, Repairer: &Repairer{
		S3: s3.NewFromConfig(cfg), IAM: awsiam.NewFromConfig(cfg), KMS: kms.NewFromConfig(cfg), Account: owner, Region: region, Bucket: bucket,
	}}
	key, err := w.KMS.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	w.keyID = *key.KeyMetadata.KeyId
	for _, name := range []string{bucket, copyName} {
		w.makeBucket(t, name, *key.KeyMetadata.Arn)
	}
	w.put(t, "old")
	statements := policy.Replication{
		SourceBucketARN: "arn:aws:s3:::" + bucket, SourceKeyARN: *key.KeyMetadata.Arn, SourceViaService: "s3.eu-west-1.amazonaws.com",
		ReplicaBucketARN: "arn:aws:s3:::" + copyName, ReplicaKeyARN: *key.KeyMetadata.Arn, ReplicaViaService: "s3.eu-west-1.amazonaws.com",
	}
	if _, err := server.AddRole(owner, roleName, policy.Document(policy.ReplicationTrust()), policy.Document(statements.RoleStatements()...)); err != nil {
		t.Fatal(err)
	}
	w.rule(t, types.ReplicationRuleStatusEnabled, *key.KeyMetadata.Arn)
	return w
}

func (w *world) makeBucket(t *testing.T, name, keyARN string) {
	t.Helper()
	_, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: region}})
	if err == nil {
		_, err = w.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
	}
	if err == nil {
		_, err = w.S3.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{Bucket: &name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{BucketKeyEnabled: aws.Bool(true), ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &keyARN}}},
		}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) rule(t *testing.T, status types.ReplicationRuleStatus, keyARN string) {
	t.Helper()
	_, err := w.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{Bucket: aws.String(bucket), ReplicationConfiguration: &types.ReplicationConfiguration{
		Role: aws.String(roleARN),
		Rules: []types.ReplicationRule{{
			Status: status, Priority: aws.Int32(1), Filter: &types.ReplicationRuleFilter{Prefix: aws.String("")},
			DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
			SourceSelectionCriteria: &types.SourceSelectionCriteria{SseKmsEncryptedObjects: &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled}},
			Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::" + copyName), EncryptionConfiguration: &types.EncryptionConfiguration{ReplicaKmsKeyID: &keyARN}},
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// put puts an object, and waits for what becomes of its replication.
func (w *world) put(t *testing.T, key string) {
	t.Helper()
	if _, err := w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: strings.NewReader("hello")}); err != nil {
		t.Fatal(err)
	}
	if err := w.server.WaitReplication(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// stop denies the role what writes a replica.
func (w *world) stop(t *testing.T) {
	t.Helper()
	deny, err := json.Marshal(policy.Document(iam.Statement{Effect: iam.Deny, Action: iam.Strings{"s3:ReplicateObject"}, Resource: iam.Strings{"*"}}))
	if err == nil {
		_, err = w.IAM.PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String(roleName), PolicyName: aws.String("Stop"), PolicyDocument: aws.String(string(deny))})
	}
	if err != nil {
		t.Fatal(err)
	}
}
