package stage

// Buckets holds the options of each pattern's bucket. An option that makes no
// sense for a pattern is not a field of its type, so the loader refuses it.
type Buckets struct {
	SSES3            Bucket     `yaml:"sse-s3,omitempty"`
	SSEKMSAWSManaged Bucket     `yaml:"sse-kms-aws-managed,omitempty"`
	SSEKMSCMK        CMKBucket  `yaml:"sse-kms-cmk,omitempty"`
	DSSEKMS          CMKBucket  `yaml:"dsse-kms,omitempty"`
	SSEC             SSECBucket `yaml:"sse-c,omitempty"`
}

// Bucket holds the options of every pattern's bucket. After Load, Name is the
// name in AWS, without placeholders.
type Bucket struct {
	// Name is the bucket's name. It may hold {prefix}, {account} and {region}.
	// It ends in "-{account}-{region}-an", except in the global namespace.
	// Default: "{prefix}-<pattern>-{account}-{region}-an", where
	// sse-kms-aws-managed is short: sse-kms-aws; in the global namespace
	// without "-an".
	Name string `yaml:"name,omitempty" jsonschema:"pattern=^[a-z0-9{}-]+$"`

	// Existing is a bucket that is there already, in the place of one that the
	// stage makes. Default: none.
	Existing *Existing `yaml:"existing,omitempty"`

	// Functions attaches the functions of functions.verbs to the bucket.
	// Default: true for sse-c, false for the others.
	Functions *bool `yaml:"functions,omitempty"`

	// Require lists what an upload must satisfy in addition. TLS is always
	// required, and keys of other accounts and SSE-C are always refused.
	// Default: none. All of them admit a client that sends no encryption
	// header, and so gets the bucket's default. sse-s3 accepts none;
	// sse-kms-aws-managed accepts only-sse-kms.
	Require []Requirement `yaml:"require,omitempty" jsonschema:"uniqueItems=true"`

	// MinimumTLS is the oldest TLS version that the bucket answers: "1.2"
	// (default) or "1.3".
	MinimumTLS string `yaml:"minimumTLS,omitempty" jsonschema:"enum=1.2,enum=1.3"`

	// IngestFrom lists buckets whose new objects are copied into this one, under
	// its encryption and the same key. An event notification of each must name
	// the stage's ingest queue; docs/functions-events.md says how. Default: none.
	IngestFrom []IngestSource `yaml:"ingestFrom,omitempty"`
}

// CMKBucket is a bucket whose default is a customer managed key of its own.
type CMKBucket struct {
	Bucket `yaml:",inline"`

	// BucketKey turns the S3 Bucket Key on, which cuts KMS requests by up to
	// 99 %. Default: true; DSSE-KMS has no Bucket Keys, so there true is
	// refused.
	BucketKey *bool `yaml:"bucketKey,omitempty"`

	// KMSKeyARN is an existing key of the source environment for the bucket; "s3seal
	// adopt" prints what its own policy must say. Default: a new key.
	KMSKeyARN string `yaml:"kmsKeyArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$"`

	// RotationDays is the period of the key's automatic rotation, 90-2560
	// days. Default: 365; that of a key which exists is its own.
	RotationDays int `yaml:"rotationDays,omitempty" jsonschema:"minimum=90,maximum=2560"`
}

// SSECBucket is the bucket that accepts only SSE-C objects. It has no require:
// it always refuses every upload without a customer-provided key.
type SSECBucket struct {
	// Name is the bucket's name. It may hold {prefix}, {account} and {region}.
	// It ends in "-{account}-{region}-an", except in the global namespace.
	// Default: "{prefix}-sse-c-{account}-{region}-an", in the global namespace
	// without "-an".
	Name string `yaml:"name,omitempty" jsonschema:"pattern=^[a-z0-9{}-]+$"`

	// Existing is a bucket that is there already, in the place of one that the
	// stage makes. Default: none.
	Existing *Existing `yaml:"existing,omitempty"`

	// Functions attaches the functions of functions.verbs to the bucket.
	// Default: true.
	Functions *bool `yaml:"functions,omitempty"`

	// MinimumTLS is the oldest TLS version that the bucket answers: "1.2"
	// (default) or "1.3".
	MinimumTLS string `yaml:"minimumTLS,omitempty" jsonschema:"enum=1.2,enum=1.3"`

	// IngestFrom lists buckets whose new objects are copied into this one, under
	// its encryption and the same key. An event notification of each must name
	// the stage's ingest queue; docs/functions-events.md says how. Default: none.
	IngestFrom []IngestSource `yaml:"ingestFrom,omitempty"`

	// SecretARN names an existing Secrets Manager secret of the source
	// environment that holds the key: a key ring, or a text of 32 bytes that is
	// the key itself. Write the whole ARN, with the six characters that Secrets
	// Manager adds. Default: a new secret with a generated 256-bit key.
	SecretARN string `yaml:"secretArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$"`

	// SecretKeyARN is the customer managed key under which the secret of
	// secretArn is encrypted. Default: none (the account's key
	// aws/secretsmanager).
	SecretKeyARN string `yaml:"secretKeyArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$"`

	// Rotation adds a key to the key ring on a schedule, by a function that
	// drops, renames and changes no key and touches no object. Default: none;
	// a ring of which a rotation is turned off keeps its keys.
	Rotation *Rotation `yaml:"rotation,omitempty"`

	// Sweep makes a function that moves objects under older keys to the primary
	// key of the ring, when a person starts it. Default: none; "s3seal sweep"
	// does the same from a terminal.
	Sweep *Sweep `yaml:"sweep,omitempty"`
}

// Rotation says when a key is added to the key ring of SSE-C.
type Rotation struct {
	// EveryDays is the time from a rotation to the next, 1-999 days. Required.
	// A secret holds about 600 keys, so a ring that is rotated daily is full
	// in its second year, unless keys are retired.
	EveryDays int `yaml:"everyDays" jsonschema:"minimum=1,maximum=999"`
}

// Sweep says what moves objects to the primary key of the key ring.
type Sweep struct {
	// Engine is "function", a function that a person invokes until it is done, or
	// "map", also a state machine that runs it over millions of objects. Required.
	Engine SweepEngine `yaml:"engine" jsonschema:"enum=function,enum=map"`
}

// SweepEngine names what runs a sweep.
type SweepEngine string

// The engines.
const (
	SweepFunction SweepEngine = "function"
	SweepMap      SweepEngine = "map" // a Distributed Map of Step Functions
)
