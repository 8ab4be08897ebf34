package replication

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// SourceProps says what sending half to make.
type SourceProps struct {
	Plan Plan // required

	// ReplicaKeyARN is the replica bucket's key. Required; the ARN of the key,
	// since an alias is resolved in the wrong account.
	ReplicaKeyARN string

	// Key is the source bucket's customer managed key. Default: the key
	// aws/s3, with which the source account's objects stay readable to that
	// account alone, and the replicas are under ReplicaKeyARN all the same.
	Key awskms.IKey

	// StorageClass is the storage class of the replicas, such as "STANDARD_IA".
	// A replica in "GLACIER" or "DEEP_ARCHIVE" is archived: it must be restored
	// before it can be read. Default: the class of the source object.
	StorageClass string

	// TimeControl turns S3 Replication Time Control on. Default: false.
	TimeControl bool

	// Logs, NoncurrentVersionDays and IncompleteUploadDays are as in
	// bucket.Props.
	Logs                  bucket.Logs
	NoncurrentVersionDays int
	IncompleteUploadDays  int
}

// Source is the sending half.
type Source struct {
	Bucket awss3.Bucket
	Role   awsiam.CfnRole
}

// NewSource makes the source bucket, the replication role, and the rule that
// replicates the whole bucket. The bucket accepts only what can be replicated:
// SSE-KMS under its own key, which is what an upload without a header gets.
func NewSource(scope constructs.Construct, p SourceProps) Source {
	encryption, sourceKeyARN := bucket.SSEKMSAWSManaged(), ""
	if p.Key != nil {
		encryption, sourceKeyARN = bucket.SSEKMS(p.Key, true), *p.Key.KeyArn()
	}
	b := bucket.New(scope, "Source", bucket.Props{
		Encryption: encryption,
		Name:       p.Plan.SourceBucket,
		Namespace:  p.Plan.SourceNamespace,
		Statements: func(bucketARN string) []iam.Statement { return uploads(bucketARN, sourceKeyARN) },
		Logs:       p.Logs,
		Accept: []nag.Reason{{
			Rules:  []string{"NIST.800.53.R5-S3BucketReplicationEnabled"},
			Reason: "This bucket is replicated; the rule is added to it after it is made.",
		}},
		NoncurrentVersionDays: p.NoncurrentVersionDays,
		IncompleteUploadDays:  p.IncompleteUploadDays,
	})
	statements := p.Plan.statements(sourceKeyARN, p.ReplicaKeyARN)
	role := awsiam.NewCfnRole(scope, jsii.String("ReplicationRole"), &awsiam.CfnRoleProps{
		RoleName:                 &p.Plan.RoleName,
		Description:              jsii.String("S3 assumes it to replicate " + p.Plan.SourceBucket),
		AssumeRolePolicyDocument: policy.Document(policy.ReplicationTrust()).Map(),
		Policies: []any{map[string]any{
			"policyName":     "Replicate",
			"policyDocument": policy.Document(statements.RoleStatements()...).Map(),
		}},
	})
	nag.Accept(role,
		nag.Reason{
			Rules:  []string{"AwsSolutions-IAM5"},
			Reason: "The wildcards stand for the objects of the source bucket and of the replica bucket, all of which are replicated.",
		},
		nag.Reason{
			Rules:  []string{"NIST.800.53.R5-IAMNoInlinePolicy"},
			Reason: "The policy belongs to this one role and must not be attached to another.",
		},
	)
	cfn := b.Node().DefaultChild().(awss3.CfnBucket)
	cfn.SetReplicationConfiguration(&awss3.CfnBucket_ReplicationConfigurationProperty{
		Role:  role.AttrArn(),
		Rules: []any{rule(p, statements)},
	})
	return Source{Bucket: b, Role: role}
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
		Id:                      jsii.String("ReplicateAll"),
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

func status(on bool) string {
	if on {
		return "Enabled"
	}
	return "Disabled"
}
