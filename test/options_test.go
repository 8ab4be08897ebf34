package test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// What stages.yaml can say must reach the templates: an option that does
// nothing is worse than none.
func TestEveryOptionReachesTheTemplates(t *testing.T) {
	a := read(t, exampleAssembly(t))
	source := one(t, a, "full-replication", "AWS::S3::Bucket", "Source").Properties()
	rule := source.Get("ReplicationConfiguration", "Rules").Index(0)
	cmk := one(t, a, "full-buckets", "AWS::S3::Bucket", "SseKmsCmk").Properties()
	put := one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCFunctionsPut").Properties()
	mapping := one(t, a, "full-buckets", "AWS::Lambda::EventSourceMapping", "SseCFunctionsPutMessages").Properties()
	queue := one(t, a, "full-buckets", "AWS::SQS::Queue", "SseCFunctionsPutQueue").Properties()
	queuePolicy := document(t, one(t, a, "full-buckets", "AWS::SQS::QueuePolicy", "SseCFunctionsPutQueuePolicy").Properties().Get("PolicyDocument"))
	ingest := one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCIngest").Properties()
	ingestRole := document(t, one(t, a, "full-buckets", "AWS::IAM::Role", "SseCIngest").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	ingestPolicy := document(t, one(t, a, "full-buckets", "AWS::SQS::QueuePolicy", "SseCIngestIngestQueuePolicy").Properties().Get("PolicyDocument"))
	byDefault := document(t, one(t, a, "dev-buckets", "AWS::IAM::Role", "SseCFunctionsPutRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	role := document(t, one(t, a, "full-buckets", "AWS::IAM::Role", "SseCFunctionsPutRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	schedule := one(t, a, "full-buckets", "AWS::SecretsManager::RotationSchedule", "SseCRotation").Properties()
	rotates := document(t, one(t, a, "full-buckets", "AWS::IAM::Role", "SseCRotationRotateRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	sweeps := document(t, one(t, a, "full-buckets", "AWS::IAM::Role", "SseCSweeperSweepRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	runs := document(t, one(t, a, "full-buckets", "AWS::IAM::Policy", "SseCSweeperMachinePolicy").Properties().Get("PolicyDocument"))
	sses3 := document(t, one(t, a, "full-buckets", "AWS::S3::BucketPolicy", "SseS3").Properties().Get("PolicyDocument"))
	replicaKey := document(t, one(t, a, "full-replica", "AWS::KMS::Key", "ReplicaKey").Properties().Get("KeyPolicy"))
	const secret = "arn:aws:secretsmanager:us-east-1:222233334444:secret:fa-125-AbCdEf"
	const secretKey = "arn:aws:kms:us-east-1:222233334444:key/11111111-2222-3333-4444-5555abcd5555"
	required := document(t, one(t, a, "prod-buckets", "AWS::S3::BucketPolicy", "SseKmsCmk").Properties().Get("PolicyDocument"))
	wideKey := document(t, one(t, a, "wide-buckets", "AWS::KMS::Key", "SseKmsCmkKey").Properties().Get("KeyPolicy"))
	encryption := func(i int) string {
		return text(t, source.Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(i).Get("ServerSideEncryptionByDefault", "SSEAlgorithm"))
	}
	for _, tc := range []struct{ option, got, want string }{
		{"replica.sourceEncryption", encryption(0), "aws:kms"},
		{"replica.storageClass", text(t, rule.Get("Destination", "StorageClass")), "GLACIER_IR"},
		{"replica.deleteMarkers", text(t, rule.Get("DeleteMarkerReplication", "Status")), "Enabled"},
		{"replica.timeControl", fmt.Sprint(number(t, rule.Get("Destination", "ReplicationTime", "Time", "Minutes"))), "15"},
		{"replica.timeControl metrics", fmt.Sprint(number(t, rule.Get("Destination", "Metrics", "EventThreshold", "Minutes"))), "15"},
		{"replica.readers", statement(t, replicaKey, "KeyReaders").Principal.AWS[0], "arn:aws:iam::555566667777:role/reader"},
		{"sse-s3.minimumTLS", statement(t, sses3, "DenyOldTLS").Condition["NumericLessThan"]["s3:TlsVersion"][0], "1.3"},
		{"sse-kms-cmk.require", statement(t, required, "DenyOtherEncryption").Condition["StringNotEquals"]["s3:x-amz-server-side-encryption"][0], "aws:kms"},
		{"sse-kms-cmk.bucketKey", fmt.Sprint(boolean(t, cmk.Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0).Get("BucketKeyEnabled"))), "false"},
		{"sse-kms-cmk.rotationDays", fmt.Sprint(number(t, one(t, a, "full-buckets", "AWS::KMS::Key", "SseKmsCmkKey").Properties().Get("RotationPeriodInDays"))), "90"},
		{"bucketNamespace", text(t, cmk.Get("BucketName")), "full-sse-kms-cmk-222233334444-us-east-1"},
		{"sse-c.name", text(t, one(t, a, "full-buckets", "AWS::S3::Bucket", "SseC").Properties().Get("BucketName")), "full-customer-keys"},
		{"sse-c.secretArn", text(t, put.Get("Environment", "Variables", "SECRET_ARN")), secret},
		{"sse-c.secretArn in the role", statement(t, role, "ReadKeyRing").Resource[0], secret},
		{"sse-c.secretKeyArn", statement(t, role, "DecryptKeyRing").Resource[0], secretKey},
		{"sse-c.rotation", fmt.Sprint(number(t, schedule.Get("RotationRules", "AutomaticallyAfterDays"))), "30"},
		{"sse-c.rotation of secretArn", text(t, schedule.Get("SecretId")), secret},
		{"sse-c.rotation with secretKeyArn", statement(t, rotates, "EncryptKeyRing").Resource[0], secretKey},
		{"sse-c.sweep with secretKeyArn", statement(t, sweeps, "DecryptKeyRing").Resource[0], secretKey},
		{"sse-c.sweep: map", statement(t, runs, "StartBatches").Action[0], "states:StartExecution"},
		{"alarms.topicArn", text(t, one(t, a, "full-buckets", "AWS::CloudWatch::Alarm", "AlarmsRotationFailed").Properties().Get("AlarmActions").Index(0)), "arn:aws:sns:us-east-1:555566667777:on-call"},
		{"alarms of a full ring", text(t, one(t, a, "full-buckets", "AWS::CloudWatch::Alarm", "AlarmsRingNearlyFull").Properties().Get("Dimensions").Index(1).Get("Value")), "full-customer-keys"},
		{"alarms.keyAgeDays", fmt.Sprint(number(t, one(t, a, "full-buckets", "AWS::CloudWatch::Alarm", "AlarmsOldKey").Properties().Get("Threshold"))), "60"},
		{"alarms make a sweep's metrics", text(t, one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCSweeperSweep").Properties().Get("Environment", "Variables", "METRICS")), "true"},
		{"alarms make metrics", text(t, one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCRotationRotate").Properties().Get("Environment", "Variables", "METRICS")), "true"},
		{"key.accountWideThroughS3", statement(t, wideKey, "KeyAccountWideThroughS3").Condition["StringEquals"]["kms:CallerAccount"][0], "888899990000"},
		{"retention.noncurrentVersionDays", fmt.Sprint(number(t, cmk.Get("LifecycleConfiguration", "Rules").Index(1).Get("NoncurrentVersionExpiration", "NoncurrentDays"))), "30"},
		{"retention.incompleteUploadDays", fmt.Sprint(number(t, cmk.Get("LifecycleConfiguration", "Rules").Index(0).Get("AbortIncompleteMultipartUpload", "DaysAfterInitiation"))), "3"},
		{"retention.functionLogDays", fmt.Sprint(number(t, one(t, a, "full-buckets", "AWS::Logs::LogGroup", "SseCFunctionsPutLogs").Properties().Get("RetentionInDays"))), "30"},
		{"functions.verbs", functionsOf(t, a, "full-buckets", "SseCFunctions"), "Copy Delete Get Head List Presign Put Stream"},
		{"functions.verbs: presign", text(t, one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCFunctionsPresign").Properties().Get("Environment", "Variables", "PUT_URL_SECONDS")), "3600"},
		{"functions.verbs by default", functionsOf(t, a, "dev-buckets", "SseCFunctions"), "Get Put"},
		{"functions.architecture", text(t, put.Get("Architectures").Index(0)), "x86_64"},
		{"functions.memoryMB", fmt.Sprint(number(t, put.Get("MemorySize"))), "512"},
		{"functions.timeoutSeconds", fmt.Sprint(number(t, put.Get("Timeout"))), "10"},
		{"functions.reservedConcurrency", fmt.Sprint(number(t, put.Get("ReservedConcurrentExecutions"))), "5"},
		{"functions.metrics", text(t, put.Get("Environment", "Variables", "METRICS")), "true"},
		{"functions.tracing", text(t, put.Get("TracingConfig", "Mode")), "Active"},
		{"functions.tracing in the role", statement(t, role, "SendTraces").Action[1], "xray:PutTraceSegments"},
		{"functions.tracing of the rotation", text(t, one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCRotationRotate").Properties().Get("TracingConfig", "Mode")), "Active"},
		{"functions.tracing of the sweep", text(t, one(t, a, "full-buckets", "AWS::Lambda::Function", "SseCSweeperSweep").Properties().Get("TracingConfig", "Mode")), "Active"},
		{"functions.queue", text(t, put.Get("Environment", "Variables", "QUEUE_ARN")), text(t, mapping.Get("EventSourceArn"))},
		{"functions.queue in the role", statement(t, role, "ConsumeQueue").Resource[0], text(t, mapping.Get("EventSourceArn"))},
		{"functions.putIfMatch", fmt.Sprint(slices.Contains(statement(t, role, "PutObjects").Action, "s3:GetObject")), "true"},
		{"functions.putIfMatch by default", fmt.Sprint(slices.Contains(statement(t, byDefault, "PutObjects").Action, "s3:GetObject")), "false"},
		{"functions.queue answers in parts", text(t, mapping.Get("FunctionResponseTypes").Index(0)), "ReportBatchItemFailures"},
		{"functions.queue within the reserved concurrency", fmt.Sprint(number(t, mapping.Get("ScalingConfig", "MaximumConcurrency"))), "5"},
		{"functions.queue hides for six timeouts", fmt.Sprint(number(t, queue.Get("VisibilityTimeout"))), "60"},
		{"functions.queue tries", fmt.Sprint(number(t, queue.Get("RedrivePolicy", "maxReceiveCount"))), "5"},
		{"functions.queue is encrypted", fmt.Sprint(boolean(t, queue.Get("SqsManagedSseEnabled"))), "true"},
		{"sse-c.ingestFrom", text(t, ingest.Get("Environment", "Variables", "SOURCE_BUCKETS")), "full-uploads,full-scans"},
		{"sse-c.ingestFrom in the role", statement(t, ingestRole, "ReadSources").Resource[0], "arn:aws:s3:::full-scans/*"},
		{"sse-c.ingestFrom.kmsKeyArn in the role", statement(t, ingestRole, "DecryptSource").Resource[0], "arn:aws:kms:us-east-1:222233334444:key/99999999-2222-3333-4444-5555abcd5555"},
		{"sse-c.ingestFrom may send", statement(t, ingestPolicy, "DeliverNotifications").Condition["ArnLike"]["aws:SourceArn"][1], "arn:aws:s3:::full-scans"},
		{"sse-c.ingestFrom of its account", statement(t, ingestPolicy, "DeliverNotifications").Condition["StringEquals"]["aws:SourceAccount"][0], "222233334444"},
		{"sse-c.ingestFrom, message by message", fmt.Sprint(number(t, one(t, a, "full-buckets", "AWS::Lambda::EventSourceMapping", "SseCIngestIngestMessages").Properties().Get("BatchSize"))), "1"},
		{"functions.queue over TLS only", statement(t, queuePolicy, "DenyInsecureTransport").Condition["Bool"]["aws:SecureTransport"][0], "false"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.option, tc.got, tc.want)
		}
	}
	prod := one(t, a, "prod-replication", "AWS::S3::Bucket", "Source").Properties()
	if stated, err := prod.Get("ReplicationConfiguration", "Rules").Index(0).Get("Destination", "StorageClass").Exists(); stated || err != nil {
		t.Errorf("without replica.storageClass the rule states a class (%v)", err)
	}
	if len(stackNamed(t, a, "full-buckets").ResourcesOfType("AWS::SecretsManager::Secret")) != 0 {
		t.Error("a key ring is made although stages.yaml names one")
	}
	// The options that are off leave nothing behind.
	for _, r := range stackNamed(t, a, "prod-buckets").Resources() {
		if strings.HasPrefix(r.Type, "AWS::SQS::") || r.Type == "AWS::Lambda::EventSourceMapping" {
			t.Errorf("prod-buckets/%s is a %s without functions.queue", r.LogicalID, r.Type)
		}
	}
}

// functionsOf are the functions of a construct, by their ids in it.
func functionsOf(t *testing.T, a *template.Assembly, stack, construct string) string {
	t.Helper()
	var ids []string
	for _, r := range stackNamed(t, a, stack).ResourcesOfType("AWS::Lambda::Function") {
		if id, ok := strings.CutPrefix(r.LogicalID, construct); ok {
			ids = append(ids, id[:len(id)-8]) // without the hash
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// A reviewer who changes one name must see that name change, and nothing else.
func TestRenamingABucketChangesOnlyItsName(t *testing.T) {
	const yaml = `
stages:
  dev:
    prefix: acme-dev
    source: {account: "111122223333", region: ap-northeast-1}
    key: {users: ["arn:aws:iam::111122223333:role/app"]}
    buckets: {sse-s3: {name: "first-{account}-{region}-an"}, sse-kms-cmk: {name: "first-key-{account}-{region}-an"}}
`
	before := snapshotOf(t, synth(t, parseStages(t, yaml)))
	after := snapshotOf(t, synth(t, parseStages(t, strings.ReplaceAll(yaml, "first", "second"))))
	var got []string
	for name, text := range before {
		if name == "manifest.json" {
			continue
		}
		got = append(got, changedLines(text, after[name])...)
	}
	want := []string{
		`"BucketName": "second-111122223333-ap-northeast-1-an",`,
		`"BucketName": "second-key-111122223333-ap-northeast-1-an",`,
		`"Description": "KMS key of the bucket second-key-111122223333-ap-northeast-1-an",`,
		`"arn:aws:s3:::second-key-111122223333-ap-northeast-1-an",`,
		`"arn:aws:s3:::second-key-111122223333-ap-northeast-1-an/*"`,
		// Where it logs to, and who admits it: the log bucket, the inventory
		// bucket and its key.
		`"LogFilePrefix": "second-111122223333-ap-northeast-1-an/"`,
		`"arn:aws:s3:::second-111122223333-ap-northeast-1-an",`,
		`"arn:aws:s3:::second-111122223333-ap-northeast-1-an",`,
		`"arn:aws:s3:::second-111122223333-ap-northeast-1-an",`,
		`"LogFilePrefix": "second-key-111122223333-ap-northeast-1-an/"`,
		`"arn:aws:s3:::second-key-111122223333-ap-northeast-1-an",`,
		`"arn:aws:s3:::second-key-111122223333-ap-northeast-1-an",`,
		`"arn:aws:s3:::second-key-111122223333-ap-northeast-1-an",`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func changedLines(before, after string) []string {
	b, a := strings.Split(before, "\n"), strings.Split(after, "\n")
	if len(a) != len(b) {
		return []string{fmt.Sprintf("%d lines became %d", len(b), len(a))}
	}
	var changed []string
	for i := range a {
		if a[i] != b[i] {
			changed = append(changed, strings.TrimSpace(a[i]))
		}
	}
	return changed
}

// A Go string function on a CDK token puts "TOKEN[...]" into a template without
// an error, and a stray account id would let a stranger in.
func TestTemplatesHoldNoTokensAndNoStrangersAccounts(t *testing.T) {
	account := regexp.MustCompile(`\b[0-9]{12}\b`)
	accounts := map[string]bool{}
	for _, s := range loadStages(t, exampleStages).Stages {
		for _, id := range s.Accounts() {
			accounts[id] = true
		}
	}
	for name, text := range snapshotOf(t, exampleAssembly(t)) {
		if strings.Contains(text, "TOKEN[") {
			t.Errorf("%s holds an unresolved token", name)
		}
		for _, id := range account.FindAllString(text, -1) {
			if !accounts[id] {
				t.Errorf("%s names account %s, which no stage has", name, id)
			}
		}
	}
}

func TestDSSEKMSRefusesABucketKey(t *testing.T) {
	stack := awscdk.NewStack(newApp(t), jsii.String("s"), nil)
	defer expectPanic(t, "S3 does not support Bucket Keys for DSSE-KMS")
	bucket.New(stack, "b", bucket.Props{Encryption: encryption.DSSEKMS, BucketKey: new(true)})
}

func TestAKeyThatNobodyCouldAdministerIsRefused(t *testing.T) {
	app := newApp(t)
	stack := awscdk.NewStack(app, jsii.String("s"), nil)
	p := key.Props{Description: "d", BucketName: "records", NoAccountAccess: true}
	func() {
		defer expectPanic(t, "nobody could administer this key")
		key.New(stack, "k", p)
	}()
	p.Administrators = []string{"arn:aws:iam::111122223333:role/admin"}
	key.New(stack, "k", p)
	made := one(t, read(t, *app.Synth(nil).Directory()), "s", "AWS::KMS::Key", "k")
	if _, found := find(document(t, made.Properties().Get("KeyPolicy")), "AccountAccess"); found {
		t.Error("NoAccountAccess left the account's access in")
	}
}

func expectPanic(t *testing.T, text string) {
	t.Helper()
	if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), text) {
		t.Errorf("got panic %v, want one with %q", r, text)
	}
}

func find(d iam.Document, sid string) (iam.Statement, bool) {
	i := slices.IndexFunc(d.Statement, func(s iam.Statement) bool { return s.Sid == sid })
	if i < 0 {
		return iam.Statement{}, false
	}
	return d.Statement[i], true
}
