package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// Replication is one replication of a bucket to another account.
type Replication struct {
	RoleARN string // the role that S3 assumes, of the source account
	// SourceAccountRoot is the ARN of the source account's root. It stands as
	// the principal, with the role in a condition: a role named as principal
	// must exist first, and "*" would be public with a wildcard condition.
	SourceAccountRoot string

	SourceBucketARN  string
	SourceKeyARN     string // "" when the source is under the key aws/s3
	SourceViaService string // S3's kms:ViaService in the source Region

	ReplicaBucketARN  string
	ReplicaKeyARN     string
	ReplicaViaService string // and in the replica's

	DeleteMarkers bool // whether delete markers are replicated
}

// ReplicationTrust lets S3 assume the replication role. No AWS page says that
// S3 sends aws:SourceAccount or aws:SourceArn when it replicates. A condition on
// them could stop all replication, so there is none.
// Source: AmazonS3/latest/userguide/setting-repl-config-perm-overview.html.
func ReplicationTrust() iam.Statement {
	return iam.Statement{
		Sid:       "ReplicationByS3",
		Effect:    iam.Allow,
		Principal: service("s3.amazonaws.com"),
		Action:    iam.Strings{"sts:AssumeRole"},
	}
}

// RoleStatements is what the replication role may do, in both accounts.
// kms:Decrypt on the source key is needed for a customer managed key; the key
// aws/s3 admits the account's principals through S3 by itself. kms:Decrypt on
// the replica key is needed with S3 Bucket Keys. Without
// s3:GetObjectVersionAnnotationForReplication objects would be replicated and
// their annotations not; to write them, s3:ReplicateObject is enough.
// Sources: AmazonS3/latest/userguide/setting-repl-config-perm-overview.html,
// replication-config-for-kms-objects.html, bucket-key.html.
func (r Replication) RoleStatements() []iam.Statement {
	statements := []iam.Statement{
		{
			Sid:      "ReadReplicationConfiguration",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:GetReplicationConfiguration", "s3:ListBucket"},
			Resource: iam.Strings{r.SourceBucketARN},
		},
		{
			Sid:    "ReadSourceVersions",
			Effect: iam.Allow,
			Action: iam.Strings{
				"s3:GetObjectVersionAcl",
				"s3:GetObjectVersionAnnotationForReplication",
				"s3:GetObjectVersionForReplication",
				"s3:GetObjectVersionTagging",
			},
			Resource: iam.Strings{r.SourceBucketARN + "/*"},
		},
		{
			Sid:      "WriteReplicas",
			Effect:   iam.Allow,
			Action:   r.writes(),
			Resource: iam.Strings{r.ReplicaBucketARN + "/*"},
		},
	}
	if r.SourceKeyARN != "" {
		statements = append(statements, iam.Statement{
			Sid:       "DecryptSource",
			Effect:    iam.Allow,
			Action:    iam.Strings{"kms:Decrypt"},
			Resource:  iam.Strings{r.SourceKeyARN},
			Condition: throughS3For(r.SourceBucketARN, r.SourceViaService),
		})
	}
	return append(statements, iam.Statement{
		Sid:       "EncryptReplicas",
		Effect:    iam.Allow,
		Action:    iam.Strings{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{r.ReplicaKeyARN},
		Condition: throughS3For(r.ReplicaBucketARN, r.ReplicaViaService),
	})
}

// AdmitReplicas lets the replication role write into the replica bucket. It
// has no s3:PutBucketVersioning, which AWS's own example grants: with it an
// administrator of the source account could suspend the replica's versions.
// Source: AmazonS3/latest/userguide/replication-walkthrough-2.html.
func (r Replication) AdmitReplicas() iam.Statement {
	return iam.Statement{
		Sid:       "AdmitReplicas",
		Effect:    iam.Allow,
		Principal: aws(r.SourceAccountRoot),
		Action:    r.writes(),
		Resource:  iam.Strings{r.ReplicaBucketARN + "/*"},
		Condition: iam.Condition{"ArnEquals": {conditionkey.PrincipalARN: {r.RoleARN}}},
	}
}

// writes are the actions that write replicas. s3:ReplicateDelete is only for
// delete markers: with it an administrator of the source account could make
// every object of the replica bucket seem deleted, whatever the rule says.
// Source: AmazonS3/latest/userguide/setting-repl-config-perm-overview.html.
func (r Replication) writes() iam.Strings {
	actions := iam.Strings{replicateObject, "s3:ReplicateTags"}
	if r.DeleteMarkers {
		actions = append(iam.Strings{"s3:ReplicateDelete"}, actions...)
	}
	return actions
}

// OnlyReadableReplicas refuses replicas that the replica's account could not
// read. It complements OnlyThisKey, which refuses those under another key than
// the replica bucket's own. S3 accepts a rule with a key that the replica's account
// cannot use, reports COMPLETED, and leaves objects that nobody there can read.
// With these statements such a replica fails, and the metrics show it.
//
// S3 authorizes several requests of one replication as s3:ReplicateObject: an
// upload or each call of a multipart upload, tags, annotations. Which condition
// keys each carries is documented nowhere; the S3 API gives a part no header of
// SSE-KMS. Every statement is therefore about what a request names. A request
// that names an algorithm of KMS and no key would be under the key aws/s3 of
// the source account, and is refused.
//
// A replica that names another algorithm than aws:kms is refused too. It would
// be readable, and by more than the key's users: SSE-S3 asks for no key.
// Sources: AmazonS3/latest/userguide/replication-troubleshoot.html,
// replication-metrics-events.html; service-authorization/latest/reference/
// list_amazons3.html.
func (r Replication) OnlyReadableReplicas() []iam.Statement {
	return []iam.Statement{
		denyWrite("DenyKeylessReplicas", r.ReplicaBucketARN, withoutKey(kmsAlgorithms), replicateObject),
		denyWrite("DenyOtherReplicas", r.ReplicaBucketARN, otherThan("aws:kms"), replicateObject),
	}
}

// EncryptReplicas, in the replica key's policy, lets the replication role
// encrypt replicas, through S3 in the replica's Region and for no other bucket.
// Source: AmazonS3/latest/userguide/replication-config-for-kms-objects.html.
func (r Replication) EncryptReplicas() iam.Statement {
	c := throughS3For(r.ReplicaBucketARN, r.ReplicaViaService)
	c["ArnEquals"] = map[string]iam.Strings{conditionkey.PrincipalARN: {r.RoleARN}}
	return iam.Statement{
		Sid:       "EncryptReplicas",
		Effect:    iam.Allow,
		Principal: aws(r.SourceAccountRoot),
		Action:    iam.Strings{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{"*"},
		Condition: c,
	}
}
