package replication

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// SourceProps says what sending half to make.
type SourceProps struct {
	Plan Plan // required

	// Namespace is as in bucket.Props.
	Namespace string

	// ReplicaKeyARN is the ARN of the replica bucket's key, such as
	// Replica.Key.ARN. Required; no alias, which is resolved in the wrong
	// account.
	ReplicaKeyARN string

	// Key is the source bucket's customer managed key. Default: the key
	// aws/s3, with which only the source account can read the source objects.
	// The replicas are under ReplicaKeyARN in either case.
	Key key.Reference

	// StorageClass is the storage class of the replicas, such as "STANDARD_IA".
	// A replica in "GLACIER" or "DEEP_ARCHIVE" is archived: it must be restored
	// before it can be read. Default: the class of the source object.
	StorageClass string

	// TimeControl turns S3 Replication Time Control on. Default: false.
	TimeControl bool

	// FailureTopicARN is a standard SNS topic of the source Region that S3
	// notifies of each object that is not replicated. Its policy, and that of its
	// key, must let S3 in first, or S3 refuses the bucket. Default: none.
	FailureTopicARN string

	// RoleLogicalID is the role's logical id: under another one, a role that is
	// deployed would be replaced, and its name is in use. Default: of the id.
	RoleLogicalID string

	// Logs, NoncurrentVersionDays and IncompleteUploadDays are as in
	// bucket.Props.
	Logs                  bucket.Logs
	NoncurrentVersionDays int
	IncompleteUploadDays  int
}

// RuleID is the id of the replication rule.
const RuleID = "ReplicateAll"

// Source is the sending half.
type Source struct {
	Bucket  bucket.Bucket
	RoleARN string // a reference, which only a deployment resolves
}

// NewSource makes the source bucket, the replication role, and the rule that
// replicates the whole bucket. The bucket accepts only what can be replicated:
// SSE-KMS under its own key, which is what an upload without a header gets. The
// role's id is that of the bucket with "Role" behind it.
func NewSource(scope constructs.Construct, id string, p SourceProps) Source {
	pattern, sourceKeyARN := encryption.SSEKMSAWSManaged, ""
	if p.Key != nil {
		pattern, sourceKeyARN = encryption.SSEKMSCMK, *p.Key.KeyArn()
	}
	faults := append(p.Plan.faults(environment.Of(scope), p.Plan.source()), p.Plan.replica().KeyFault("ReplicaKeyARN", p.ReplicaKeyARN))
	if p.ReplicaKeyARN != "" && p.ReplicaKeyARN == sourceKeyARN {
		faults = append(faults, "ReplicaKeyARN is the source bucket's own Key, under which the replica's account could read nothing: name the replica bucket's")
	}
	refusal.Check("source", scope, id, faults...)
	statements := p.Plan.statements(sourceKeyARN, p.ReplicaKeyARN)
	roleARN := newRole(scope, id+"Role", p, statements)
	b := bucket.New(scope, id, bucket.Props{
		Encryption: pattern,
		Key:        p.Key,
		Name:       p.Plan.SourceBucket,
		Namespace:  p.Namespace,
		Statements: func(bucketARN string) []iam.Statement { return uploads(bucketARN, sourceKeyARN) },
		Logs:       p.Logs,
		Accept: []nag.Reason{{
			Rules:  []string{"NIST.800.53.R5-S3BucketReplicationEnabled"},
			Reason: "This bucket is replicated; the rule is added to it after it is made.",
		}},
		NoncurrentVersionDays: p.NoncurrentVersionDays,
		IncompleteUploadDays:  p.IncompleteUploadDays,
		Customize: func(props *awss3.CfnBucketProps) {
			props.ReplicationConfiguration = &awss3.CfnBucket_ReplicationConfigurationProperty{
				Role:  &roleARN,
				Rules: []any{rule(p, statements)},
			}
			if p.FailureTopicARN != "" {
				props.NotificationConfiguration = failures(p.FailureTopicARN)
			}
		},
	})
	return Source{Bucket: b, RoleARN: roleARN}
}

func newRole(scope constructs.Construct, id string, p SourceProps, statements policy.Replication) string {
	return resource.Make(scope, id, resource.Resource{
		Class: "aws_iam.CfnRole",
		Props: &awsiam.CfnRoleProps{
			RoleName:                 &p.Plan.RoleName,
			Description:              jsii.String("S3 assumes it to replicate " + p.Plan.SourceBucket),
			AssumeRolePolicyDocument: policy.Document(policy.ReplicationTrust()).Map(),
			Policies: []any{map[string]any{
				"policyName":     "Replicate",
				"policyDocument": policy.Document(statements.RoleStatements()...).Map(),
			}},
		},
		LogicalID: p.RoleLogicalID,
		Accept: []nag.Reason{
			{
				Rules:  []string{"AwsSolutions-IAM5"},
				Reason: "The wildcards stand for the objects of the source bucket and of the replica bucket, all of which are replicated.",
			},
			{
				Rules:  []string{"NIST.800.53.R5-IAMNoInlinePolicy"},
				Reason: "The policy belongs to this one role and must not be attached to another.",
			},
		},
	}, "attrArn")[0]
}

// uploads keeps out objects that could never be replicated: the role can decrypt
// under the source bucket's own key only, and the replica bucket accepts SSE-KMS
// only. A bucket with a key of its own refuses other keys by itself.
func uploads(bucketARN, sourceKeyARN string) []iam.Statement {
	statements := []iam.Statement{policy.OnlySSEKMS(bucketARN, "aws:kms")}
	if sourceKeyARN == "" {
		return append(statements, policy.NoNamedKey(bucketARN))
	}
	return append(statements, policy.NoAWSManagedKey(bucketARN, "aws:kms"))
}

// rule replicates every object. SSE-KMS objects are skipped without
// SseKmsEncryptedObjects; a rule with a Filter must state Priority and
// DeleteMarkerReplication. There is no AccessControlTranslation: the replica
// bucket owns its objects (BucketOwnerEnforced), and the override would need a
// further permission on both sides.
// Sources: AmazonS3/latest/userguide/replication-config-for-kms-objects.html,
// replication-change-owner.html, replication-metrics.html.
func rule(p SourceProps, statements policy.Replication) *awss3.CfnBucket_ReplicationRuleProperty {
	destination := &awss3.CfnBucket_ReplicationDestinationProperty{
		Account:                 &p.Plan.ReplicaAccount,
		Bucket:                  &statements.ReplicaBucketARN,
		EncryptionConfiguration: map[string]any{"replicaKmsKeyId": p.ReplicaKeyARN},
		Metrics:                 map[string]any{"status": "Enabled"},
	}
	if p.StorageClass != "" {
		destination.StorageClass = &p.StorageClass
	}
	if p.TimeControl {
		fifteen := map[string]any{"minutes": 15}
		destination.Metrics = map[string]any{"status": "Enabled", "eventThreshold": fifteen}
		destination.ReplicationTime = map[string]any{"status": "Enabled", "time": fifteen}
	}
	return &awss3.CfnBucket_ReplicationRuleProperty{
		Id:                      jsii.String(RuleID),
		Status:                  jsii.String("Enabled"),
		Priority:                jsii.Number(1),
		Filter:                  map[string]any{"prefix": ""},
		DeleteMarkerReplication: map[string]any{"status": status(p.Plan.DeleteMarkers)},
		SourceSelectionCriteria: map[string]any{
			"sseKmsEncryptedObjects": map[string]any{"status": "Enabled"},
		},
		Destination: destination,
	}
}

// failures notifies a topic of each object that is not replicated, which needs the
// rule's metrics. EventBridge isn't told of it.
// Sources: AmazonS3/latest/userguide/replication-metrics-events.html, EventBridge.html.
func failures(topicARN string) *awss3.CfnBucket_NotificationConfigurationProperty {
	return &awss3.CfnBucket_NotificationConfigurationProperty{
		TopicConfigurations: []any{&awss3.CfnBucket_TopicConfigurationProperty{
			Event: jsii.String("s3:Replication:OperationFailedReplication"), Topic: &topicARN,
		}},
	}
}

func status(on bool) string {
	if on {
		return "Enabled"
	}
	return "Disabled"
}
