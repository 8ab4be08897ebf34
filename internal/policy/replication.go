package policy

import "github.com/s3seal/s3seal/internal/iam"

// Replication is one replication of a bucket to another account.
type Replication struct {
	RoleARN string // the role that S3 assumes, of the source account
	// SourceAccountRoot is the ARN of the source account's root. It stands as
	// the principal, with the role in a condition: a role named as principal
	// must exist first, and "*" would be public with a wildcard condition.
	SourceAccountRoot string

	SourceBucketARN  string
	SourceKeyARN     string // "" when the source is under the key aws/s3
	SourceViaService string // S3ViaService of the source Region

	ReplicaBucketARN  string
	ReplicaKeyARN     string
	ReplicaViaService string // S3ViaService of the replica's Region
}

// ReplicationTrust lets S3 assume the replication role. No AWS page says that
// S3 sends aws:SourceAccount or aws:SourceArn when it replicates, so a
// condition on them could stop all replication, and none is made.
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
// the replica key is needed with S3 Bucket Keys.
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
				"s3:GetObjectVersionForReplication",
				"s3:GetObjectVersionTagging",
			},
			Resource: iam.Strings{r.SourceBucketARN + "/*"},
		},
		{
			Sid:      "WriteReplicas",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"},
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
		Action:    iam.Strings{"s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"},
		Resource:  iam.Strings{r.ReplicaBucketARN + "/*"},
		Condition: iam.Condition{"ArnEquals": {"aws:PrincipalArn": {r.RoleARN}}},
	}
}

// DenyForeignKeyReplicas refuses a replica under any other key than the
// replica bucket's own. S3 accepts a rule with a key that the replica's
// account cannot use, reports COMPLETED, and leaves objects that nobody there
// can read; with this statement such a replica fails, and the metrics show it.
//
// The key is a documented condition key of s3:ReplicateObject, but no AWS page
// shows it in a bucket policy for replicas: were it missing from a request, the
// statement would refuse every replica, which is the visible failure.
// Source: service-authorization/latest/reference/list_amazons3.html.
func (r Replication) DenyForeignKeyReplicas() iam.Statement {
	return iam.Statement{
		Sid:       "DenyForeignKeyReplicas",
		Effect:    iam.Deny,
		Principal: everyone(),
		Action:    iam.Strings{"s3:ReplicateObject"},
		Resource:  iam.Strings{r.ReplicaBucketARN + "/*"},
		Condition: iam.Condition{"ArnNotEquals": {kmsKeyKey: {r.ReplicaKeyARN}}},
	}
}

// EncryptReplicas, in the replica key's policy, lets the replication role
// encrypt replicas, through S3 in the replica's Region and for no other bucket.
// Source: AmazonS3/latest/userguide/replication-config-for-kms-objects.html.
func (r Replication) EncryptReplicas() iam.Statement {
	c := throughS3For(r.ReplicaBucketARN, r.ReplicaViaService)
	c["ArnEquals"] = map[string]iam.Strings{"aws:PrincipalArn": {r.RoleARN}}
	return iam.Statement{
		Sid:       "EncryptReplicas",
		Effect:    iam.Allow,
		Principal: aws(r.SourceAccountRoot),
		Action:    iam.Strings{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{"*"},
		Condition: c,
	}
}
