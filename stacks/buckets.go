package stacks

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/keyring"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/policy"
)

// buckets makes the stack of a stage's patterns: a bucket each, with its key
// and its functions.
type buckets struct {
	awscdk.Stack
	stage   *stage.Stage
	codeDir string
	logs    logs
}

func newBuckets(scope constructs.Construct, s *stage.Stage, codeDir string, l logs) {
	b := buckets{
		Stack:   newStack(scope, s, "buckets", "a bucket for each encryption pattern", s.Source),
		stage:   s,
		codeDir: codeDir,
		logs:    l,
	}
	l.comeBefore(b.Stack)
	for _, p := range s.Patterns {
		switch p {
		case stage.SSES3:
			b.plain(p, "SseS3", bucket.SSES3(), s.Buckets.SSES3)
		case stage.SSEKMSAWSManaged:
			b.plain(p, "SseKmsAwsManaged", bucket.SSEKMSAWSManaged(), s.Buckets.SSEKMSAWSManaged)
		case stage.SSEKMSCMK:
			b.customerManaged(p, "SseKmsCmk", bucket.SSEKMS, s.Buckets.SSEKMSCMK)
		case stage.DSSEKMS:
			b.customerManaged(p, "DsseKms", bucket.DSSEKMS, s.Buckets.DSSEKMS)
		case stage.SSEC:
			b.customerProvided(s.Buckets.SSEC)
		}
	}
}

// plain makes a bucket that needs no key of its own.
func (b buckets) plain(p stage.Pattern, id string, e bucket.Encryption, o stage.Bucket) {
	made := b.bucket(p, id, e, o)
	if *o.Functions {
		b.functions(p, id, made, policy.Objects{})
	}
}

// customerManaged makes a bucket and its customer managed key.
func (b buckets) customerManaged(p stage.Pattern, id string, e func(awskms.IKey, bool) bucket.Encryption, o stage.CMKBucket) {
	k := sourceKey(b.Stack, id+"Key", b.stage, o.Name, o.RotationDays)
	made := b.bucket(p, id, e(k, *o.BucketKey), o.Bucket)
	output(b.Stack, id+"KeyArn", "Key of the "+string(p)+" bucket", *k.KeyArn())
	if *o.Functions {
		b.functions(p, id, made, policy.Objects{KMSKeyARN: *k.KeyArn(), BucketKey: *o.BucketKey})
	}
}

// customerProvided makes the SSE-C bucket and its key ring.
func (b buckets) customerProvided(o stage.SSECBucket) {
	const id = "SseC"
	secretARN := o.SecretARN
	if secretARN == "" {
		secretARN = *keyring.New(b.Stack, id+"KeyRing").SecretArn()
	}
	made := b.bucket(stage.SSEC, id, bucket.SSEC(), stage.Bucket{Name: o.Name, MinimumTLS: o.MinimumTLS})
	output(b.Stack, id+"KeyRingArn", "Secret with the keys of the sse-c bucket; try: aws secretsmanager get-secret-value --secret-id <value>", secretARN)
	if *o.Functions {
		b.functions(stage.SSEC, id, made, policy.Objects{SecretARN: secretARN, SecretKeyARN: o.SecretKeyARN})
	}
}

// bucket makes a pattern's bucket.
func (b buckets) bucket(p stage.Pattern, id string, e bucket.Encryption, o stage.Bucket) awss3.Bucket {
	made := bucket.New(b.Stack, id, bucket.Props{
		Encryption:            e,
		Name:                  o.Name,
		Namespace:             string(b.stage.Namespace(b.stage.Source)),
		MinimumTLS:            o.MinimumTLS,
		Logs:                  b.logs.ofBuckets(),
		NoncurrentVersionDays: b.stage.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  b.stage.Retention.IncompleteUploadDays,
		Statements: func(bucketARN string) []iam.Statement {
			return requirements(p, o.Require, bucketARN)
		},
	})
	try := "aws s3 cp FILE s3://<value>"
	if p == stage.SSEC {
		try += " --sse-c AES256 --sse-c-key fileb://KEY"
	}
	output(b.Stack, id+"Bucket", "Bucket with "+string(p)+"; try: "+try, *made.BucketName())
	return made
}

// requirements are the deny statements that stages.yaml asks for.
func requirements(p stage.Pattern, require []stage.Requirement, bucketARN string) []iam.Statement {
	algorithm := "aws:kms"
	if p == stage.DSSEKMS {
		algorithm = "aws:kms:dsse"
	}
	algorithms := []string{"aws:kms", "aws:kms:dsse"}
	if slices.Contains(require, stage.OnlySSEKMS) {
		algorithms = []string{algorithm}
	}
	var statements []iam.Statement
	for _, r := range require {
		switch r {
		case stage.OnlySSEKMS:
			statements = append(statements, policy.OnlySSEKMS(bucketARN, algorithm))
		case stage.NoAWSManagedKey:
			statements = append(statements, policy.NoAWSManagedKey(bucketARN, algorithms...))
		}
	}
	return statements
}

// sourceKey makes a customer managed key for a bucket of the source
// environment, with the stage's administrators and users.
func sourceKey(scope constructs.Construct, id string, s *stage.Stage, bucketName string, rotationDays int) awskms.Key {
	e := s.Source
	return key.New(scope, id, key.Props{
		Description:          "KMS key of the bucket " + bucketName,
		Partition:            e.Partition(),
		Account:              e.Account,
		BucketARN:            policy.BucketARN(e.Partition(), bucketName),
		ViaService:           policy.S3ViaService(e.Region, e.DNSSuffix()),
		RotationDays:         rotationDays,
		Administrators:       s.Key.Administrators,
		Users:                s.Key.Users,
		Services:             s.Key.Services,
		AccountWideThroughS3: s.Key.AccountWideThroughS3,
	})
}
