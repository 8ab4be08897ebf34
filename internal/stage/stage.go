// Package stage reads stages.yaml, the one file a platform team edits: its
// types, its loader, every check, and its JSON Schema.
//
// A stage is what the CDK calls so: one copy of the whole system, deployed
// together. An environment is, as in the CDK, an account and a region.
//
// The types here are both the schema of the file (yaml tags, and descriptions
// for editors) and what the stacks are built from. Load fills in every default
// and expands every name, so a reader of a Stage never has to know what an
// absent field means:
//
//	file, err := stage.Load("stages.yaml")
//	var problems stage.Errors
//	if errors.As(err, &problems) { ... } // one Problem per mistake, with line and column
//	dev, err := file.Stage("dev")
//
// A file that Load accepts is complete and consistent as far as that can be
// known without asking AWS. All mistakes of a file are reported together; only
// a file that isn't YAML, or that uses anchors, aliases or tags, is refused at
// the first of them.
//
// A new field is a field here with a yaml tag and a comment (the comment is its
// description in editors), its default in setDefaults, its check in a check*
// method, and a case in testdata. Then:
//
//	go generate ./internal/stage
//
// which writes stages.schema.json anew.
package stage

import "github.com/s3seal/s3seal/encryption"

//go:generate go test -run ^TestSchemaFileIsCurrent$ -count=1 . -args -update

// File is a whole stages.yaml.
type File struct {
	// Stages holds the stages in the order of the file, those of groups too.
	Stages []Stage

	// Acknowledge accepts changes that would lose data or a name, each once.
	Acknowledge []Acknowledgement

	// Organization limits the stages' accounts.
	Organization Organization

	// Bootstrap prepares the environments of all stages for the CDK.
	Bootstrap Bootstrap
}

// Stage is one copy of the whole system. After Load, Patterns is in the order of
// encryption.Patterns, whatever the file's order is.
type Stage struct {
	// Name is the stage's key in stages.yaml: 1-20 of a-z, 0-9 and hyphen,
	// beginning with a letter, not ending in a hyphen. Stack names begin with it.
	Name string `yaml:"-"`

	// Group is the group whose account the stage is of, and "" for a stage of
	// its own.
	Group string `yaml:"-"`

	// OwnTags are the keys of tags whose values are made of the stage's own texts:
	// stages that are alike but for these can be reviewed as one.
	OwnTags []string `yaml:"-"`

	// Prefix begins every name that the stage owns. Required; 3-24 of a-z,
	// 0-9 and hyphen, beginning with a letter or digit, not ending in a hyphen.
	// A bucket's name has 63 characters, of which the default names leave the
	// prefix 34 less those of the Region's code, such as 20 in ap-northeast-1,
	// and 3 more in the global namespace.
	Prefix string `yaml:"prefix" jsonschema:"minLength=3,maxLength=24,pattern=^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"`

	// Source is where the buckets of every pattern are. Required.
	Source Environment `yaml:"source"`

	// Replica adds cross-account replication of an SSE-KMS bucket. Its account
	// is another one than source's. Default: no replication.
	Replica *Replica `yaml:"replica,omitempty"`

	// Patterns lists the encryption patterns that the stage has, one bucket
	// each. Default: all five.
	Patterns []encryption.Pattern `yaml:"patterns,omitempty" jsonschema:"minItems=1,uniqueItems=true"`

	// BucketNamespace says whose the buckets' names are. In the account
	// regional namespace (account-regional) each ends in
	// "-{account}-{region}-an", and no other account can ever have it: neither
	// before the bucket is made nor after it is deleted. In the global one
	// whoever comes first in the partition gets a name. AWS documents no feature
	// or service that works with only one of the two
	// (docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html).
	// Another namespace means another name, so CloudFormation replaces the
	// bucket. Default: account-regional; global in me-central-1 and
	// me-south-1, which support only that.
	BucketNamespace Namespace `yaml:"bucketNamespace,omitempty"`

	// Buckets changes single patterns' buckets.
	Buckets Buckets `yaml:"buckets,omitempty"`

	// Key says who may do what with the customer managed keys.
	Key KeyAccess `yaml:"key,omitempty"`

	// Logs says what S3 records about the stage's buckets. It is delivered to
	// log buckets beside them, in every environment.
	Logs Logs `yaml:"logs,omitempty"`

	// Retention says how long what is no longer current is kept.
	Retention Retention `yaml:"retention,omitempty"`

	// Functions configures the functions of the buckets.
	Functions Functions `yaml:"functions,omitempty"`

	// Alarms tells people when something needs them. Default: no alarms.
	Alarms *Alarms `yaml:"alarms,omitempty"`

	// PermissionsBoundary is the most that a role of the stage may do: the
	// name, with its path, of a managed policy that each of the stage's accounts
	// has, or the ARN of one of AWS's own. docs/adoption.md says what it must allow.
	// Default: none.
	PermissionsBoundary string `yaml:"permissionsBoundary,omitempty" jsonschema:"pattern=^[A-Za-z0-9_+=:.@/-]+$"`

	// Names are patterns for what CloudFormation would else name itself. Another
	// name replaces a resource that is deployed. Default: none.
	Names Names `yaml:"names,omitempty"`

	// Tags are put on every resource that can have tags, together with the tag
	// "s3seal:stage", which holds the stage's name. At most 49.
	Tags map[string]string `yaml:"tags,omitempty"`
}

// Environment is an AWS account and Region.
type Environment struct {
	// Account is the 12-digit account id. Write it in quotes: YAML reads bare
	// digits as a number, which loses a leading zero.
	Account string `yaml:"account" jsonschema:"pattern=^[0-9]{12}$,example=111122223333"`

	// Region is the Region's code, such as ap-northeast-1.
	Region string `yaml:"region" jsonschema:"example=ap-northeast-1"`
}

// KeyAccess says who may do what with the stage's customer managed keys in the
// source account. Every role and user belongs to one of the stage's own accounts.
// A principal of another account would need that account's consent too, and lets
// data leave the stage: a reviewer should see it as a statement of its own.
type KeyAccess struct {
	// Administrators are role or user ARNs that manage the keys, and cannot
	// use them. Default: none; the account, through its IAM policies, always
	// can.
	Administrators []string `yaml:"administrators,omitempty" jsonschema:"uniqueItems=true,pattern=^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$"`

	// Users are role or user ARNs that read and write objects through S3 under
	// the keys. Default: only the stage's own functions and replication role.
	Users []string `yaml:"users,omitempty" jsonschema:"uniqueItems=true,pattern=^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/.+$"`

	// Services are AWS service principals, such as
	// "delivery.logs.amazonaws.com", that read and write the buckets' objects
	// for this account. Each must be a service that sends aws:SourceAccount.
	Services []string `yaml:"services,omitempty" jsonschema:"uniqueItems=true,pattern=^[a-z0-9-]+([.][a-z0-9-]+)+$"`

	// AccountWideThroughS3 admits every principal of the account that S3
	// itself admits, as the key aws/s3 does. Default: false; with it the key
	// policy no longer keeps anybody out who has s3:GetObject.
	AccountWideThroughS3 bool `yaml:"accountWideThroughS3,omitempty"`
}

// Retention says how long, in days, what is no longer current is kept.
type Retention struct {
	// NoncurrentVersionDays is when a noncurrent object version expires, up to
	// 36500. Default: 0, never.
	NoncurrentVersionDays int `yaml:"noncurrentVersionDays,omitempty" jsonschema:"minimum=0,maximum=36500"`

	// IncompleteUploadDays is when an unfinished multipart upload is
	// discarded, 1-36500. Default: 7.
	IncompleteUploadDays int `yaml:"incompleteUploadDays,omitempty" jsonschema:"minimum=1,maximum=36500"`

	// FunctionLogDays is how long the functions' logs are kept; one of the
	// values that CloudWatch Logs accepts. Default: 365.
	FunctionLogDays int `yaml:"functionLogDays,omitempty"`
}
