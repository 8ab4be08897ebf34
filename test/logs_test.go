package test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/logbucket"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/logdelivery"
)

const logAccount, strangersAccount = "111122223333", "999999999999"

// logProps is a log bucket for one source.
func logProps(s logdelivery.Source, e encryption.Pattern) logbucket.Props {
	d := logdelivery.Delivery{Source: s, Partition: "aws", Account: logAccount, Region: "us-east-1"}
	if t, _ := logdelivery.Of(s); t.NamesSource {
		d.SourceARNs = []string{d.ARN("source")}
	}
	return logbucket.Props{
		Name:       "aws-waf-logs-" + string(s) + "-" + string(e),
		Encryption: e,
		Deliveries: []logdelivery.Delivery{d},
	}
}

func logStack(t *testing.T) (awscdk.App, awscdk.Stack) {
	t.Helper()
	app := newApp(t)
	return app, awscdk.NewStack(app, jsii.String("logs"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(logAccount), Region: jsii.String("us-east-1")},
	})
}

// Every cell of the matrix: what arrives synthesizes, and its policies let the
// service in for the right source and nobody else's; what doesn't is refused
// with the reason and what would arrive.
func TestEveryCellOfTheLogDeliveryMatrix(t *testing.T) {
	app, stack := logStack(t)
	made := map[string]logbucket.Props{}
	for _, c := range logdelivery.Cells() {
		p := logProps(c.Source, c.Encryption)
		traits, _ := logdelivery.Of(c.Source)
		switch {
		case c.Delivers() && !traits.NeedsACL:
			logbucket.New(stack, p.Name, p)
			made[p.Name] = p
		case traits.NeedsACL:
			func() {
				defer expectPanic(t, traits.Title+" need a bucket with ACLs, and this one's owner owns every object")
				logbucket.New(stack, p.Name, p)
			}()
		default:
			func() {
				defer expectPanic(t, "log bucket logs/"+p.Name+": "+c.Refusal())
				logbucket.New(stack, p.Name, p)
			}()
		}
	}
	set := resource.Read(read(t, *app.Synth(nil).Directory()).Stacks)
	if len(set.Unread) > 0 || len(set.Buckets) != len(made) || len(made) < len(logdelivery.Sources()) {
		t.Fatalf("%d buckets of %d for %d sources; unknown: %v", len(set.Buckets), len(made), len(logdelivery.Sources()), set.Unread)
	}
	for _, b := range set.Buckets {
		checkDelivery(t, set, b, made[b.Name])
	}
}

// checkDelivery asks the synthesized policies of a bucket and its key.
func checkDelivery(t *testing.T, set *resource.Set, b *resource.Bucket, p logbucket.Props) {
	t.Helper()
	d := p.Deliveries[0]
	traits, _ := logdelivery.Of(d.Source)
	arn := strings.ReplaceAll(d.ARNs()[0], "*", "x")
	tried := []struct {
		name, account, arn string
		want               bool
	}{
		{"the right source", logAccount, arn, true},
		{"another account's source", strangersAccount, strings.Replace(arn, logAccount, strangersAccount, 1), false},
		{"another source", logAccount, "arn:aws:s3:::another-source", false},
	}
	for _, v := range tried {
		keys := map[string]iam.Strings{
			"aws:SourceAccount":   {v.account},
			"aws:SourceArn":       {v.arn},
			"aws:SecureTransport": {"true"},
			"s3:TlsVersion":       {"1.3"},
			"s3:x-amz-acl":        {"bucket-owner-full-control"},
			"kms:EncryptionContext:aws:cloudtrail:arn": {"arn:aws:cloudtrail:us-east-1:111122223333:trail/source"},
		}
		ask := func(action, of string) {
			t.Helper()
			got := set.Decide(resource.Request{Caller: iam.ServicePrincipal(traits.Principal), Action: action, Resource: of, Context: keys})
			if got.Allowed != v.want {
				t.Errorf("%s, %s: %s", b.Name, v.name, got.Explain())
			}
		}
		ask("s3:PutObject", b.ARN+"/"+strings.ReplaceAll(d.Keys()[0], "*", "log"))
		if p.Encryption == encryption.SSEKMSCMK {
			if b.Algorithm != "aws:kms" || b.KeyARN == "" || b.BucketKey {
				t.Errorf("%s: algorithm %s, key %q, Bucket Key %v", b.Name, b.Algorithm, b.KeyARN, b.BucketKey)
			}
			ask("kms:GenerateDataKey", b.KeyARN)
		}
	}
}

func TestLogBucketsThatCannotReceiveSayEveryReason(t *testing.T) {
	_, stack := logStack(t)
	p := logProps(logdelivery.S3ServerAccess, encryption.SSEKMSCMK)
	p.ServerAccessBucket, p.ObjectLockDays = p.Name, 1
	for _, reason := range []string{
		"it would log to itself",
		"log bucket logs/Bad: S3 server access logs don't arrive in a bucket with Object Lock",
		"or send them as S3 server access logs (vended), to a bucket under SSE-S3 or SSE-KMS under a customer managed key",
	} {
		func() {
			defer expectPanic(t, reason)
			logbucket.New(stack, "Bad", p)
		}()
	}
}

// What a delivery leaves out is the stack's; a stack that could be anywhere is
// refused, in TestPropsThatCannotWorkAreRefused.
func TestDeliveriesAreOfTheStacksAccountAndRegion(t *testing.T) {
	app, stack := logStack(t)
	p := logProps(logdelivery.ALBAccess, encryption.SSES3)
	logbucket.New(stack, "Said", p)
	p.Name, p.Deliveries = "left-out", []logdelivery.Delivery{{Source: logdelivery.ALBAccess}}
	logbucket.New(stack, "Left", p)
	if p.Deliveries[0].Region != "" {
		t.Error("the caller's deliveries are changed")
	}
	a := read(t, *app.Synth(nil).Directory())
	policy := func(id string) iam.Statement {
		d := document(t, one(t, a, "logs", "AWS::S3::BucketPolicy", id).Properties().Get("PolicyDocument"))
		return d.Statement[len(d.Statement)-1]
	}
	if d := cmp.Diff(policy("Said").Condition, policy("Left").Condition); d != "" {
		t.Error(d)
	}
}

func TestLogBucketOptionsReachTheTemplate(t *testing.T) {
	app, stack := logStack(t)
	p := logProps(logdelivery.VPCFlowLogs, encryption.SSEKMSCMK)
	p.Readers, p.Administrators = []string{"arn:aws:iam::111122223333:role/auditor"}, []string{"arn:aws:iam::111122223333:role/key-admin"}
	p.RetentionDays, p.ObjectLockDays, p.ServerAccessBucket = 10, 7, "other-logs"
	logbucket.New(stack, "Flow", p)
	a := read(t, *app.Synth(nil).Directory())
	b := one(t, a, "logs", "AWS::S3::Bucket", "Flow").Properties()
	key := document(t, one(t, a, "logs", "AWS::KMS::Key", "Flow").Properties().Get("KeyPolicy"))
	lock := b.Get("ObjectLockConfiguration", "Rule", "DefaultRetention")
	if !boolean(t, b.Get("ObjectLockEnabled")) || text(t, lock.Get("Mode")) != "COMPLIANCE" || number(t, lock.Get("Days")) != 7 {
		t.Error("Object Lock isn't on for 7 days")
	}
	if got := text(t, b.Get("LoggingConfiguration", "DestinationBucketName")); got != "other-logs" {
		t.Errorf("its own server access logs go to %s", got)
	}
	rules := b.Get("LifecycleConfiguration", "Rules")
	if noncurrent, current := number(t, rules.Index(1).Get("NoncurrentVersionExpiration", "NoncurrentDays")), number(t, rules.Index(2).Get("ExpirationInDays")); noncurrent != 10 || current != 10 {
		t.Errorf("logs expire after %d days and are gone %d later, want 10 and 10", current, noncurrent)
	}
	statement(t, key, "KeyReaders")
	statement(t, key, "KeyAdministrators")
}
