package stacks

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/logbucket"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

// logs is what S3 records of the buckets of one of a stage's environments.
// Server access logs arrive only in a bucket of the same account and Region, so
// each environment has its own.
//
// The log buckets' policies name the buckets and the buckets name the log
// buckets; all names are fixed by stages.yaml, so that neither stack refers to
// the other and the log buckets can come first.
type logs struct {
	*stack      // nil when nothing is recorded
	stage       *stage.Stage
	environment stage.Environment
}

// newLogs makes the stack of the log buckets of an environment; buckets are the
// names of those that log to it.
func newLogs(scope constructs.Construct, s *stage.Stage, name string, e stage.Environment, buckets []string) logs {
	l := logs{stage: s, environment: e}
	if !*s.Logs.ServerAccess && !*s.Logs.Inventory {
		return l
	}
	watched := s.Alarms != nil && s.Alarms.SilentLogDays > 0 && e == s.Source
	l.stack = newStack(scope, s, name, "server access logs and inventory of the buckets of account "+e.Account, e)
	var logging []bucket.Bucket
	if *s.Logs.ServerAccess {
		sources := buckets
		if *s.Logs.Inventory {
			sources = append(sources[:len(sources):len(sources)], s.InventoryBucket(e))
		}
		p := l.bucket(s.LogBucket(e), encryption.SSES3, logdelivery.S3ServerAccess, sources)
		p.Events = watched
		made := logbucket.New(l.Stack, "Logs", p).Bucket
		l.output("LogBucketName", "Bucket of the server access logs", made.Name)
		logging = append(logging, made)
	}
	if *s.Logs.Inventory {
		p := l.bucket(s.InventoryBucket(e), encryption.SSEKMSCMK, logdelivery.S3Inventory, buckets)
		p.Events = watched && s.DailyInventory()
		if logging != nil {
			p.ServerAccessBucket, p.After = s.LogBucket(e), logging
		}
		made := logbucket.New(l.Stack, "Inventory", p)
		l.output("InventoryBucketName", "Bucket of the inventory lists", made.Bucket.Name)
		l.output("InventoryKeyArn", "Key of the inventory lists", made.Key.ARN)
	}
	l.end()
	return l
}

// bucket is the log bucket of a name, for one source's logs of buckets.
func (l logs) bucket(name string, e encryption.Pattern, of logdelivery.Source, buckets []string) logbucket.Props {
	at := l.environment
	delivery := logdelivery.Delivery{Source: of, Partition: at.Partition(), Account: at.Account, Region: at.Region}
	for _, b := range buckets {
		delivery.SourceARNs = append(delivery.SourceARNs, l.bucketARN(b))
	}
	return logbucket.Props{
		Name:                 name,
		Namespace:            string(l.stage.Namespace(at)),
		Encryption:           e,
		Deliveries:           []logdelivery.Delivery{delivery},
		Administrators:       administrators(l.stage, l.environment),
		RetentionDays:        l.stage.Logs.RetentionDays,
		IncompleteUploadDays: l.stage.Retention.IncompleteUploadDays,
	}
}

// administrators are the stage's key administrators of an environment's account.
func administrators(s *stage.Stage, e stage.Environment) []string {
	return slices.DeleteFunc(slices.Clone(s.Key.Administrators), func(arn string) bool {
		return !strings.Contains(arn, "::"+e.Account+":")
	})
}

func (l logs) bucketARN(name string) string {
	return policy.BucketARN(l.environment.Partition(), name)
}

// ofBuckets is where the buckets of the environment log to.
func (l logs) ofBuckets() bucket.Logs {
	var b bucket.Logs
	if *l.stage.Logs.ServerAccess {
		b.ServerAccessBucket = l.stage.LogBucket(l.environment)
	}
	if *l.stage.Logs.Inventory {
		b.InventoryBucketARN = l.bucketARN(l.stage.InventoryBucket(l.environment))
		b.InventoryAccount = l.environment.Account
		b.InventoryFrequency = map[string]string{"weekly": "Weekly", "daily": "Daily"}[l.stage.Logs.InventoryFrequency]
	}
	return b
}

// comeBefore makes the stack of buckets that log wait for the log buckets: S3
// refuses a log bucket that does not exist.
func (l logs) comeBefore(s awscdk.Stack) {
	if l.stack != nil {
		s.AddStackDependency(l.Stack, jsii.String("the log buckets must exist before the buckets that name them"))
	}
}
