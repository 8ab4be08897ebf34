package stage

import "github.com/s3seal/s3seal/policy"

// Functions configures the functions of the buckets. The functions that rotate and
// sweep have a memory, a timeout and a concurrency of their own. After Load, Verbs is in the
// order of policy.Verbs, whatever the file's order is.
type Functions struct {
	// Verbs lists what functions each bucket with functions has, one each:
	// put, get, head, list, delete, copy, presign, stream. docs/functions-verbs.md
	// says what each does, and with which permissions. Default: put and get.
	Verbs []policy.Verb `yaml:"verbs,omitempty" jsonschema:"minItems=1,uniqueItems=true"`

	// Architecture is "arm64" (default) or "x86_64".
	Architecture string `yaml:"architecture,omitempty" jsonschema:"enum=arm64,enum=x86_64"`

	// MemoryMB is the memory in MiB of the function of each verb, and of ingest,
	// 128-10240. Default: 256.
	MemoryMB int `yaml:"memoryMB,omitempty" jsonschema:"minimum=128,maximum=10240"`

	// TimeoutSeconds is the timeout of the same functions, 3-900. Default: 30.
	TimeoutSeconds int `yaml:"timeoutSeconds,omitempty" jsonschema:"minimum=3,maximum=900"`

	// ReservedConcurrency caps how many copies of each of them run at once;
	// 0 stops it. Default: none, the account's pool.
	ReservedConcurrency *int `yaml:"reservedConcurrency,omitempty" jsonschema:"minimum=0"`

	// Queue gives each put function an SQS queue, whose messages are its
	// events, and a dead-letter queue for those that fail five times. Default:
	// false.
	Queue bool `yaml:"queue,omitempty"`

	// PutIfMatch lets the put functions accept ifMatch, with which a put
	// replaces an object only if that has a certain ETag. S3 demands
	// s3:GetObject for it, so the functions may then read all objects. Default:
	// false, and a put with ifMatch is refused.
	PutIfMatch bool `yaml:"putIfMatch,omitempty"`

	// Metrics lets the functions write CloudWatch metrics into their logs, in
	// the namespace s3seal. CloudWatch charges for each metric of each
	// function. Default: false.
	Metrics bool `yaml:"metrics,omitempty"`

	// Tracing lets Lambda send a trace of sampled invocations to AWS X-Ray.
	// Default: false.
	Tracing bool `yaml:"tracing,omitempty"`
}

// IngestSource is a bucket that objects are copied from. It is of the source's
// account and Region, and none of the stage's own.
type IngestSource struct {
	// Bucket is the bucket's name.
	Bucket string `yaml:"bucket"`

	// KMSKeyARN is the customer managed key that the bucket's objects are under.
	// Its policy must let the account's IAM policies allow its use. Default:
	// none; the objects are under SSE-S3 or the key aws/s3.
	KMSKeyARN string `yaml:"kmsKeyArn,omitempty" jsonschema:"pattern=^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$"`
}
