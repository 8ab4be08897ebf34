package stage

import "github.com/s3seal/s3seal/encryption"

// RepairReports is what the keys of the reports of Batch Replication jobs begin
// with, in the bucket of the server access logs.
const RepairReports = "repair"

// Replica is the environment of the replicas, and how objects are replicated.
type Replica struct {
	Environment `yaml:",inline"`

	// SourceEncryption is the replicated bucket's default: sse-kms-cmk
	// (default) or sse-kms-aws-managed.
	SourceEncryption encryption.Pattern `yaml:"sourceEncryption,omitempty"`

	// SourceBucket is the replicated bucket, in the source environment. It may
	// hold {prefix}, {account} and {region}, which are the source's. It ends in
	// "-{account}-{region}-an", except in the global namespace. Default:
	// "{prefix}-source-{account}-{region}-an", in the global namespace without
	// "-an".
	SourceBucket string `yaml:"sourceBucket,omitempty" jsonschema:"pattern=^[a-z0-9{}-]+$"`

	// ReplicaBucket is the replicas' bucket, in the replica environment. It
	// may hold {prefix}, {account} and {region}, which are the replica's. It
	// ends in "-{account}-{region}-an", except in the global namespace. Default:
	// "{prefix}-replica-{account}-{region}-an", in the global namespace
	// without "-an".
	ReplicaBucket string `yaml:"replicaBucket,omitempty" jsonschema:"pattern=^[a-z0-9{}-]+$"`

	// Existing says that the replicas' bucket is there already, of whoever owns the
	// replica account: the stage makes nothing there. replicaBucket and kmsKeyArn
	// name the bucket and its key, and "s3seal adopt" prints what their policies
	// must say. Default: false.
	Existing bool `yaml:"existing,omitempty"`

	// KMSKeyARN is an existing key of the replica environment for the
	// replicas; its own policy must admit the replication role. Default: a
	// new key, made by the replica stack.
	KMSKeyARN string `yaml:"kmsKeyArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$"`

	// Readers are role or user ARNs of the replica account that may decrypt
	// the replicas through S3. Default: only those that the account's IAM
	// policies admit.
	Readers []string `yaml:"readers,omitempty" jsonschema:"uniqueItems=true,pattern=^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$"`

	// StorageClass is the storage class of the replicas, one of S3's:
	// STANDARD, STANDARD_IA, ONEZONE_IA (in one Availability Zone),
	// INTELLIGENT_TIERING, GLACIER_IR, GLACIER or DEEP_ARCHIVE, and
	// REDUCED_REDUNDANCY, which AWS advises against. A replica in GLACIER or
	// DEEP_ARCHIVE is archived: it must be restored before it can be read.
	// Default: the class of the source object.
	StorageClass string `yaml:"storageClass,omitempty"`

	// DeleteMarkers replicates delete markers. Default: false.
	DeleteMarkers bool `yaml:"deleteMarkers,omitempty"`

	// TimeControl turns S3 Replication Time Control on: 15 minutes, at a
	// price per GB. Default: false. Metrics are on either way.
	TimeControl bool `yaml:"timeControl,omitempty"`

	// Repair makes the role with which "s3seal repair" starts a job of S3 Batch
	// Operations that replicates what failed, or was there before. Default: false.
	Repair bool `yaml:"repair,omitempty"`
}
