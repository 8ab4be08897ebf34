// Package logbucket makes a bucket that logs really arrive in: under an
// encryption that their services can write, with exactly the statements that
// each of them needs in the bucket's policy and in its key's. What cannot
// arrive is refused at synth, with what can.
//
// Sources and encryptions are those of logdelivery.
package logbucket

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

// Props says what log bucket to make. Account, Region and the names are spelled
// out: what logs to the bucket names it before it exists, and what is compared
// here must not be a token.
type Props struct {
	// Name is the bucket's name. Required.
	Name string

	// Namespace is as in bucket.Props.
	Namespace string

	// Account, Region, Partition ("aws") and DNSSuffix ("amazonaws.com") are
	// those of the bucket. Required.
	Account, Region, Partition, DNSSuffix string

	// Encryption is the bucket's default, logdelivery.SSES3 or, with a key of
	// its own, logdelivery.SSEKMSCMK. Required; no log arrives under another.
	Encryption logdelivery.Encryption

	// Deliveries are the logs that the bucket is for. Required.
	Deliveries []logdelivery.Delivery

	// Readers are role or user ARNs that may decrypt the logs through S3; they
	// have no effect under SSE-S3. Default: none but the account by IAM.
	Readers []string

	// Administrators manage the key. Default: none but the account by IAM.
	Administrators []string

	// RetentionDays is when a log expires. Default: 0, never.
	RetentionDays int

	// ObjectLockDays locks each log against deletion by anybody, for so many
	// days after it arrives (retention mode COMPLIANCE). It can't be taken
	// back. Default: 0, no Object Lock.
	ObjectLockDays int

	// ServerAccessBucket gets this bucket's own server access logs. Default:
	// none; a bucket that receives server access logs can't have any.
	ServerAccessBucket string

	// IncompleteUploadDays is as in bucket.Props.
	IncompleteUploadDays int
}

// LogBucket is a bucket that receives logs, and its key, nil under SSE-S3.
type LogBucket struct {
	Bucket awss3.Bucket
	Key    awskms.Key
}

// New makes a log bucket. It panics, as constructs do, on deliveries that would
// not arrive: a line for each, with why and what to do instead.
func New(scope constructs.Construct, id string, p Props) LogBucket {
	destination := logdelivery.Destination{
		Name:             p.Name,
		Account:          p.Account,
		Region:           p.Region,
		Encryption:       p.Encryption,
		ObjectLock:       p.ObjectLockDays > 0,
		DefaultRetention: p.ObjectLockDays > 0,
		ServerAccessLogs: p.ServerAccessBucket,
	}
	if err := destination.Check(p.Deliveries...); err != nil {
		at := fmt.Sprintf("log bucket %s/%s: ", *scope.Node().Path(), id)
		panic(at + strings.ReplaceAll(err.Error(), "\n", "\n"+at))
	}
	encryption := bucket.SSES3()
	var k awskms.Key
	if p.Encryption == logdelivery.SSEKMSCMK {
		k = p.key(scope, id+"Key")
		// Without a Bucket Key: with one, AWS warns, a key's policy doesn't
		// decide every request of a log delivery.
		encryption = bucket.SSEKMS(k, false)
	}
	b := bucket.New(scope, id, bucket.Props{
		Encryption: encryption,
		Name:       p.Name,
		Namespace:  p.Namespace,
		Statements: func(bucketARN string) []iam.Statement {
			return policy.LogDelivery(bucketARN, p.Deliveries...)
		},
		Logs:                  bucket.Logs{ServerAccessBucket: p.ServerAccessBucket},
		Accept:                p.findings(),
		NoncurrentVersionDays: noncurrentDays(p.RetentionDays),
		IncompleteUploadDays:  p.IncompleteUploadDays,
	})
	if p.RetentionDays > 0 {
		b.AddLifecycleRule(&awss3.LifecycleRule{
			Id:         jsii.String("ExpireLogs"),
			Expiration: awscdk.Duration_Days(jsii.Number(p.RetentionDays)),
		})
		b.AddLifecycleRule(&awss3.LifecycleRule{
			Id:                        jsii.String("RemoveDeleteMarkers"),
			ExpiredObjectDeleteMarker: jsii.Bool(true),
		})
	}
	if p.ObjectLockDays > 0 {
		lock(b, p.ObjectLockDays)
	}
	return LogBucket{Bucket: b, Key: k}
}

// noncurrentDays is how long a log stays recoverable after it expired or
// somebody deleted it: without a limit, expired logs would stay for good as
// noncurrent versions.
func noncurrentDays(retention int) int { return min(retention, 30) }

// key makes the bucket's key.
func (p Props) key(scope constructs.Construct, id string) awskms.Key {
	arn := policy.BucketARN(p.Partition, p.Name)
	viaService := policy.S3ViaService(p.Region, p.DNSSuffix)
	statements := policy.LogDeliveryKey(p.Deliveries...)
	if len(p.Readers) > 0 {
		statements = append(statements, policy.KeyReaders(p.Readers, arn, viaService))
	}
	return key.New(scope, id, key.Props{
		Description:    "SSE-KMS key of the log bucket " + p.Name,
		Partition:      p.Partition,
		Account:        p.Account,
		BucketARN:      arn,
		ViaService:     viaService,
		Administrators: p.Administrators,
		Statements:     statements,
	})
}

// lock turns Object Lock on. Uploads to such a bucket must carry a checksum; no
// page says that every log delivery's do, but for those that AWS excludes,
// which Destination.Check refuses.
// Source: AmazonS3/latest/userguide/object-lock-managing.html.
func lock(b awss3.Bucket, days int) {
	cfn := b.Node().DefaultChild().(awss3.CfnBucket)
	cfn.SetObjectLockEnabled(jsii.Bool(true))
	cfn.SetObjectLockConfiguration(&awss3.CfnBucket_ObjectLockConfigurationProperty{
		ObjectLockEnabled: jsii.String("Enabled"),
		Rule: &awss3.CfnBucket_ObjectLockRuleProperty{
			DefaultRetention: &awss3.CfnBucket_DefaultRetentionProperty{
				Mode: jsii.String("COMPLIANCE"),
				Days: jsii.Number(days),
			},
		},
	})
}
