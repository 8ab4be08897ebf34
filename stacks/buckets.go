package stacks

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/alarms"
	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/keyring"
	"github.com/s3seal/s3seal/constructs/objectfunctions"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/dashboard"
	"github.com/s3seal/s3seal/internal/stage"
)

// buckets makes the stack of a stage's patterns: a bucket each, with its key
// and its functions.
type buckets struct {
	*stack
	stage   *stage.Stage
	codeDir string
	logs    logs

	receiver receiver
	watched  *alarms.Props        // what has been made so far that an alarm can watch
	graphs   *dashboard.Dashboard // and, beyond that, that a graph can show
}

func newBuckets(scope constructs.Construct, s *stage.Stage, codeDir string, l logs, r receiver) {
	b := buckets{
		stack:    newStack(scope, s, "buckets", "a bucket for each encryption pattern", s.Source),
		stage:    s,
		codeDir:  codeDir,
		logs:     l,
		receiver: r,
		watched:  &alarms.Props{},
		graphs:   &dashboard.Dashboard{},
	}
	l.comeBefore(b.Stack)
	for _, p := range s.Patterns {
		b.pattern(p)
	}
	b.alarm()
	b.end()
}

// pattern makes the bucket of a pattern with what the pattern's key asks for: a
// customer managed key, or the key ring of SSE-C.
func (b buckets) pattern(p encryption.Pattern) {
	id, o := p.Traits().ID, b.stage.Bucket(p)
	props := bucket.Props{
		Encryption:            p,
		Name:                  o.Name,
		Namespace:             string(b.stage.Namespace(b.stage.Source)),
		MinimumTLS:            o.MinimumTLS,
		Logs:                  b.logs.ofBuckets(),
		NoncurrentVersionDays: b.stage.Retention.NoncurrentVersionDays,
		IncompleteUploadDays:  b.stage.Retention.IncompleteUploadDays,
		Statements: func(bucketARN string) []iam.Statement {
			return stage.Denials(p, o.Require, bucketARN)
		},
	}
	functions := objectfunctions.Props{Encryption: p}
	try := "aws s3 cp FILE s3://<value>"
	if o.CMK != nil {
		key := b.key(id+"Key", o)
		props.Key, props.BucketKey = key, o.CMK.BucketKey
		functions.Key, functions.BucketKey = key, *o.CMK.BucketKey
		b.graphs.Keys = append(b.graphs.Keys, dashboard.Named{Label: id, Name: key.ARN})
		b.output(id+"KeyArn", "Key of the "+string(p)+" bucket", key.ARN)
	}
	if o.SSEC != nil {
		functions.KeyRingARN, functions.KeyRingKeyARN = o.SSEC.SecretARN, o.SSEC.SecretKeyARN
		if functions.KeyRingARN == "" {
			functions.KeyRingARN = keyring.New(b.Stack, id+"KeyRing", keyring.Props{Name: b.stage.SecretName(stage.Purpose(p, stage.DoesKeyRing)), Rotated: o.SSEC.Rotation != nil}).ARN
		}
		b.output(id+"KeyRingArn", "Secret with the keys of the "+string(p)+" bucket; try: aws secretsmanager get-secret-value --secret-id <value>", functions.KeyRingARN)
		try += " --sse-c AES256 --sse-c-key fileb://KEY"
	}
	made := b.bucket(id, o, props)
	functions.Bucket = made
	if o.SSEC != nil && o.SSEC.Rotation != nil {
		b.rotation(id, o.SSEC.Rotation.EveryDays, functions)
	}
	if o.SSEC != nil && o.SSEC.Sweep != nil {
		b.sweep(id, o.SSEC.Sweep.Engine, functions)
	}
	b.output(id+"Bucket", "Bucket with "+string(p)+"; try: "+try, made.Name)
	if *o.Functions {
		b.functions(id, functions)
	}
	if len(o.IngestFrom) > 0 {
		b.ingest(id, functions, o.IngestFrom)
	}
}

// bucket makes a pattern's bucket, or gives one that exists its policy.
func (b buckets) bucket(id string, o stage.BucketOptions, p bucket.Props) bucket.Bucket {
	if o.Existing == nil {
		return bucket.New(b.Stack, id, p)
	}
	if *o.Existing.Policy {
		bucket.NewPolicy(b.Stack, id, p)
	}
	return bucket.Existing(b.Stack, o.Name)
}

// key makes the key of a pattern's bucket, unless it exists.
func (b buckets) key(id string, o stage.BucketOptions) key.Key {
	if o.CMK.KMSKeyARN != "" {
		return key.Existing(b.Stack, id, o.CMK.KMSKeyARN)
	}
	return sourceKey(b.Stack, id, b.stage, o.Name, o.CMK.RotationDays)
}

// sourceKey makes a customer managed key for a bucket of the source
// environment, with the stage's administrators and users.
func sourceKey(scope constructs.Construct, id string, s *stage.Stage, bucketName string, rotationDays int) key.Key {
	return key.New(scope, id, key.Props{
		Description:          "KMS key of the bucket " + bucketName,
		BucketName:           bucketName,
		RotationDays:         rotationDays,
		Administrators:       s.Key.Administrators,
		Users:                s.Key.Users,
		Services:             s.Key.Services,
		AccountWideThroughS3: s.Key.AccountWideThroughS3,
	})
}
