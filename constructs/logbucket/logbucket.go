// Package logbucket makes a bucket in which logs really arrive. Its encryption is
// one that their services can write under, and the policies of the bucket and of
// its key have exactly the statements that each service needs. A log that cannot
// arrive is refused at synth, and the message says what to use instead.
//
// Sources and encryptions are those of logdelivery.
package logbucket

import (
	"cmp"
	"math"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

// Props says what log bucket to make. Its stack has an account and a Region: what
// is compared with those of the logs must not be a token.
type Props struct {
	// Name is the bucket's name, spelled out: what logs to the bucket names it
	// before it exists. Required.
	Name string

	// Namespace is as in bucket.Props.
	Namespace string

	// Encryption is the bucket's default, sse-s3 or, with a key of its own,
	// sse-kms-cmk. Required; no log arrives under another.
	Encryption encryption.Pattern

	// Deliveries are the logs that the bucket is for, one or more. Required.
	// The Partition, Account and Region of one that has none are the stack's.
	Deliveries []logdelivery.Delivery

	// Readers are role or user ARNs that may decrypt the logs through S3; they
	// have no effect under SSE-S3. Default: only those that the account's IAM
	// policies admit.
	Readers []string

	// Administrators manage the key. Default: only those that the account's IAM
	// policies admit.
	Administrators []string

	// RetentionDays is when a log expires, in days after it arrived. Default:
	// 0, never.
	RetentionDays int

	// ObjectLockDays locks each log against deletion by anybody, for so many
	// days after it arrives (retention mode COMPLIANCE). It can't be undone.
	// Default: 0, no Object Lock.
	ObjectLockDays int

	// ServerAccessBucket gets this bucket's own server access logs. Default:
	// none; a bucket that receives server access logs can't have any.
	ServerAccessBucket string

	// Events sends the events of the bucket to EventBridge. Default: false.
	Events bool

	// IncompleteUploadDays and After are as in bucket.Props.
	IncompleteUploadDays int
	After                []bucket.Bucket
}

// LogBucket is a bucket that receives logs, and its key, nil under SSE-S3.
type LogBucket struct {
	Bucket bucket.Bucket
	Key    *key.Key
}

// New makes a log bucket. It panics, as constructs do, on deliveries that would
// not arrive: a line for each, with why and what to do instead.
func New(scope constructs.Construct, id string, p Props) LogBucket {
	at := environment.Of(scope)
	refusal.Check("log bucket", scope, id,
		refusal.Missing("Name", p.Name, "the bucket's name"),
		refusal.Missing("Encryption", p.Encryption, "sse-s3 or sse-kms-cmk"),
		refusal.Range("RetentionDays", p.RetentionDays, 0, math.MaxInt32),
		refusal.Range("ObjectLockDays", p.ObjectLockDays, 0, 36500),
		placeFault(at))
	p.Deliveries = slices.Clone(p.Deliveries)
	for i := range p.Deliveries {
		d := &p.Deliveries[i]
		d.Partition, d.Account, d.Region = cmp.Or(d.Partition, at.Partition), cmp.Or(d.Account, at.Account), cmp.Or(d.Region, at.Region)
	}
	destination := logdelivery.Destination{
		Name:             p.Name,
		Account:          at.Account,
		Region:           at.Region,
		Encryption:       p.Encryption,
		ObjectLock:       p.ObjectLockDays > 0,
		DefaultRetention: p.ObjectLockDays > 0,
		ServerAccessLogs: p.ServerAccessBucket,
	}
	if err := destination.Check(p.Deliveries...); err != nil {
		refusal.Check("log bucket", scope, id, err.Error())
	}
	made := LogBucket{}
	props := bucket.Props{
		Encryption: p.Encryption,
		// With a Bucket Key, AWS warns, a key's policy doesn't decide every
		// request of a log delivery.
		BucketKey: new(false),
		Name:      p.Name,
		Namespace: p.Namespace,
		Statements: func(bucketARN string) []iam.Statement {
			return policy.LogDelivery(bucketARN, p.Deliveries...)
		},
		Logs:                  bucket.Logs{ServerAccessBucket: p.ServerAccessBucket},
		Accept:                p.findings(),
		NoncurrentVersionDays: noncurrentDays(p.RetentionDays),
		IncompleteUploadDays:  p.IncompleteUploadDays,
		After:                 p.After,
		Customize:             p.customize,
	}
	if props.Encryption.Traits().Key == encryption.CustomerManaged {
		k := p.key(scope, id+"Key")
		made.Key, props.Key = &k, k
	}
	made.Bucket = bucket.New(scope, id, props)
	return made
}

// placeFault says why it can't be compared with where the logs are, or "".
func placeFault(at environment.Environment) string {
	if !at.Known() {
		return "its stack has no account or no Region, which must be compared with those of the logs: set Env of the stack's props"
	}
	return ""
}

// customize sets what other buckets don't have.
func (p Props) customize(props *awss3.CfnBucketProps) {
	if p.RetentionDays > 0 {
		rules := props.LifecycleConfiguration.(*awss3.CfnBucket_LifecycleConfigurationProperty)
		rules.Rules = append(rules.Rules.([]any), awss3.CfnBucket_RuleProperty{
			Id:               jsii.String("ExpireLogs"),
			Status:           jsii.String("Enabled"),
			ExpirationInDays: jsii.Number(p.RetentionDays),
		}, awss3.CfnBucket_RuleProperty{
			Id:                        jsii.String("RemoveDeleteMarkers"),
			Status:                    jsii.String("Enabled"),
			ExpiredObjectDeleteMarker: true,
		})
	}
	if p.Events {
		props.NotificationConfiguration = map[string]any{"eventBridgeConfiguration": map[string]any{"eventBridgeEnabled": true}}
	}
	if p.ObjectLockDays > 0 {
		lock(props, p.ObjectLockDays)
	}
}

// noncurrentDays is how long a log stays recoverable after it expired or
// somebody deleted it: without a limit, expired logs would stay for good as
// noncurrent versions.
func noncurrentDays(retention int) int { return min(retention, 30) }

// key makes the bucket's key.
func (p Props) key(scope constructs.Construct, id string) key.Key {
	return key.New(scope, id, key.Props{
		Description:    "SSE-KMS key of the log bucket " + p.Name,
		BucketName:     p.Name,
		Administrators: p.Administrators,
		Readers:        p.Readers,
		Statements:     policy.LogDeliveryKey(p.Deliveries...),
	})
}

// lock turns Object Lock on. Uploads to such a bucket must carry a checksum; no
// page says that every log delivery's do, but for those that AWS excludes,
// which Destination.Check refuses.
// Source: AmazonS3/latest/userguide/object-lock-managing.html.
func lock(props *awss3.CfnBucketProps, days int) {
	props.ObjectLockEnabled = true
	props.ObjectLockConfiguration = &awss3.CfnBucket_ObjectLockConfigurationProperty{
		ObjectLockEnabled: jsii.String("Enabled"),
		Rule: &awss3.CfnBucket_ObjectLockRuleProperty{
			DefaultRetention: &awss3.CfnBucket_DefaultRetentionProperty{
				Mode: jsii.String("COMPLIANCE"),
				Days: jsii.Number(days),
			},
		},
	}
}
