package test

import (
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/bucket"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/logbucket"
	"github.com/s3seal/s3seal/constructs/objectfunctions"
	"github.com/s3seal/s3seal/constructs/replication"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

const (
	sourceKeyARN  = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	replicaKeyARN = "arn:aws:kms:us-west-2:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
)

// A prop that is missing, or that AWS would accept and that could not work, ends
// the synthesis in words that begin with the construct's path.
func TestPropsThatCannotWorkAreRefused(t *testing.T) {
	app, stack := logStack(t)
	anywhere := awscdk.NewStack(app, jsii.String("anywhere"), nil)
	external := func(id, arn string) awskms.IKey { return awskms.Key_FromKeyArn(stack, &id, &arn) }
	own, far := external("Own", sourceKeyARN), external("Far", replicaKeyARN)
	alias := awskms.Alias_FromAliasName(stack, jsii.String("Alias"), jsii.String("alias/mine"))
	plan := replication.Plan{
		SourceAccount: logAccount, SourceRegion: "us-east-1", SourceBucket: "source", RoleName: "replication",
		ReplicaAccount: "444455556666", ReplicaRegion: "us-west-2", ReplicaBucket: "replica",
	}
	pathed := plan
	pathed.RoleName = "a/b"
	const roleARN = "arn:aws:iam::111122223333:role/app"
	west := awscdk.NewStack(app, jsii.String("west"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String(logAccount), Region: jsii.String("us-west-2")}})
	farMade := key.New(west, "Key", key.Props{Description: "d", BucketName: "source"})
	made := awskms.NewAlias(stack, jsii.String("Made"), &awskms.AliasProps{AliasName: jsii.String("alias/made"), TargetKey: own})
	elsewhere := plan
	elsewhere.SourceRegion = "eu-west-1"
	newBucket := func(p bucket.Props) func(constructs.Construct) {
		return func(s constructs.Construct) { bucket.New(s, "X", p) }
	}
	newKey := func(p key.Props) func(constructs.Construct) {
		return func(s constructs.Construct) { key.New(s, "X", p) }
	}
	newSource := func(p replication.SourceProps) func(constructs.Construct) {
		return func(s constructs.Construct) { replication.NewSource(s, "X", p) }
	}
	newReplica := func(p replication.ReplicaProps) func(constructs.Construct) {
		return func(s constructs.Construct) { replication.NewReplica(s, "X", p) }
	}
	for want, make := range map[string]func(constructs.Construct){
		`bucket logs/X: Encryption "": write one of sse-s3, `:               newBucket(bucket.Props{}),
		`bucket logs/X: Encryption "sse-kms": write one of `:                newBucket(bucket.Props{Encryption: "sse-kms"}),
		"bucket logs/X: Encryption sse-kms-cmk without a Key: make one":     newBucket(bucket.Props{Encryption: encryption.SSEKMSCMK}),
		"bucket logs/X: Encryption dsse-kms without a Key: make one":        newBucket(bucket.Props{Encryption: encryption.DSSEKMS}),
		"bucket logs/X: Encryption sse-s3 with a Key":                       newBucket(bucket.Props{Encryption: encryption.SSES3, Key: own}),
		`bucket logs/X: Key "` + replicaKeyARN + `" is of another account`:  newBucket(bucket.Props{Encryption: encryption.SSEKMSCMK, Key: far}),
		"alias/mine\" is not a key's ARN":                                   newBucket(bucket.Props{Encryption: encryption.SSEKMSCMK, Key: alias}),
		`bucket logs/X: MinimumTLS "1.1": write one of 1.2, 1.3`:            newBucket(bucket.Props{Encryption: encryption.SSES3, MinimumTLS: "1.1"}),
		"key logs/X: no Description: set it to":                             newKey(key.Props{BucketName: "records"}),
		"key logs/X: no BucketName: set it to":                              newKey(key.Props{Description: "d"}),
		"key logs/X: RotationDays 30: write 90 to 2560":                     newKey(key.Props{Description: "d", BucketName: "records", RotationDays: 30}),
		`key logs/X: Users[0] "*" is no ARN of a role or user`:              newKey(key.Props{Description: "d", BucketName: "source", Users: []string{"*"}}),
		`key logs/X: Readers[1] "" is no ARN of a role or user`:             newKey(key.Props{Description: "d", BucketName: "source", Readers: []string{roleARN, ""}}),
		`key logs/X: Administrators[0] "arn:aws:iam::111122223333:role/*"`:  newKey(key.Props{Description: "d", BucketName: "source", Administrators: []string{"arn:aws:iam::111122223333:role/*"}}),
		`key logs/X: BucketName "Records" has capital letters`:              newKey(key.Props{Description: "d", BucketName: "Records"}),
		`bucket logs/X: Name "Records" has capital letters`:                 newBucket(bucket.Props{Encryption: encryption.SSES3, Name: "Records"}),
		"bucket logs/X: NoncurrentVersionDays -1: write 0 to":               newBucket(bucket.Props{Encryption: encryption.SSES3, NoncurrentVersionDays: -1}),
		"bucket logs/X: IncompleteUploadDays -1: write 1 to":                newBucket(bucket.Props{Encryption: encryption.SSES3, IncompleteUploadDays: -1}),
		`"a-444455556666-us-east-1-an" is of another account's or Region's`: newBucket(bucket.Props{Encryption: encryption.SSES3, Name: "a-444455556666-us-east-1-an", Namespace: "account-regional"}),
		`Logs.ServerAccessBucket "arn:aws:s3:::logs" has characters`:        newBucket(bucket.Props{Encryption: encryption.SSES3, Name: "records", Logs: bucket.Logs{ServerAccessBucket: "arn:aws:s3:::logs"}}),
		"bucket logs/X: its inventory needs Logs.InventoryBucketARN":        newBucket(bucket.Props{Encryption: encryption.SSES3, Name: "records", Logs: bucket.Logs{InventoryBucketARN: "lists", InventoryAccount: logAccount, InventoryFrequency: "Daily"}}),
		"bucket logs/X: Key is an alias":                                    newBucket(bucket.Props{Encryption: encryption.SSEKMSCMK, Key: made}),
		"bucket logs/X: Key is in Region us-west-2: give a key":             newBucket(bucket.Props{Encryption: encryption.SSEKMSCMK, Key: farMade}),
		"a construct has no scope: give it its stack":                       func(constructs.Construct) { bucket.New(nil, "X", bucket.Props{}) },
		"log bucket logs/X: ObjectLockDays -1: write 0 to":                  func(s constructs.Construct) { logbucket.New(s, "X", logbucket.Props{ObjectLockDays: -1}) },
		`ALB access logs of "my-alb", which is no ARN`: func(s constructs.Construct) {
			logbucket.New(s, "X", logbucket.Props{Name: "logs", Encryption: encryption.SSES3, Deliveries: []logdelivery.Delivery{{Source: logdelivery.ALBAccess, SourceARNs: []string{"my-alb"}}}})
		},
		"functions logs/X: MemoryMB 64: write 128 to 10240": func(s constructs.Construct) {
			objectfunctions.New(s, "X", objectfunctions.Props{MemoryMB: 64})
		},
		`functions logs/X: Verbs[1] "heat": write one of put, get, `: func(s constructs.Construct) {
			objectfunctions.New(s, "X", objectfunctions.Props{Verbs: []policy.Verb{policy.VerbGet, "heat"}})
		},
		"functions logs/X: Verbs[1] get comes twice": func(s constructs.Construct) {
			objectfunctions.New(s, "X", objectfunctions.Props{Verbs: []policy.Verb{policy.VerbGet, policy.VerbGet}})
		},
		`source logs/X: Plan.RoleName "a/b": write its plain text`: newSource(replication.SourceProps{Plan: pathed, ReplicaKeyARN: replicaKeyARN}),
		"log bucket logs/X: no Name: set it to": func(s constructs.Construct) {
			logbucket.New(s, "X", logbucket.Props{Encryption: encryption.SSES3})
		},
		"log bucket anywhere/X: its stack has no account or no Region": func(constructs.Construct) {
			logbucket.New(anywhere, "X", logbucket.Props{Name: "b", Encryption: encryption.SSES3, Deliveries: []logdelivery.Delivery{{Source: logdelivery.VPCFlowLogs}}})
		},
		"functions logs/X: no Bucket: set it to": func(s constructs.Construct) {
			objectfunctions.New(s, "X", objectfunctions.Props{CodeDir: "d", Architecture: "arm64", Encryption: encryption.SSES3})
		},
		"source logs/X: no Plan.SourceAccount: set it to":               newSource(replication.SourceProps{ReplicaKeyARN: replicaKeyARN}),
		"source logs/X: no ReplicaKeyARN: write the ARN of a key there": newSource(replication.SourceProps{Plan: plan}),
		`ReplicaKeyARN "alias/replicas" is not a key's ARN`:             newSource(replication.SourceProps{Plan: plan, ReplicaKeyARN: "alias/replicas"}),
		`ReplicaKeyARN "` + sourceKeyARN + `" is of another account`:    newSource(replication.SourceProps{Plan: plan, ReplicaKeyARN: sourceKeyARN}),
		"ReplicaKeyARN is the source bucket's own Key":                  newSource(replication.SourceProps{Plan: plan, ReplicaKeyARN: *own.KeyArn(), Key: own}),
		`bucket logs/Y: Key "` + replicaKeyARN + `" is of another account`: func(s constructs.Construct) {
			replication.NewSource(s, "Y", replication.SourceProps{Plan: plan, ReplicaKeyARN: replicaKeyARN + "c", Key: far})
		},
		"and the Plan has it in account 111122223333 and Region eu-west-1": newSource(replication.SourceProps{Plan: elsewhere, ReplicaKeyARN: replicaKeyARN}),
		"replica logs/X: its stack is in account 111122223333":             newReplica(replication.ReplicaProps{Plan: plan}),
		`KMSKeyARN "` + sourceKeyARN + `" is of another account`:           newReplica(replication.ReplicaProps{Plan: plan, KMSKeyARN: sourceKeyARN}),
	} {
		func() {
			defer expectPanic(t, want)
			make(stack)
		}()
	}
}

// The stack of somebody's that names no account and no Region gets the values
// when it is deployed.
func TestConstructsOfAStackForAnyAccount(t *testing.T) {
	app := newApp(t)
	stack := awscdk.NewStack(app, jsii.String("s"), nil)
	bucket.New(stack, "Records", bucket.Props{
		Encryption: encryption.SSEKMSCMK,
		Key:        key.New(stack, "Key", key.Props{Description: "d", BucketName: "records", Users: []string{"arn:aws:iam::111122223333:role/app"}}),
	})
	bucket.New(stack, "Plain", bucket.Props{Encryption: encryption.SSES3})
	var template any
	unmarshal(t, *app.Synth(nil).Directory()+"/s.template.json", &template)
	text := indent(t, template)
	for _, want := range []string{`"Ref": "AWS::AccountId"`, `"Ref": "AWS::Region"`, `"Ref": "AWS::Partition"`, `"Ref": "AWS::URLSuffix"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for _, never := range []string{"unknown-", "Token["} {
		if strings.Contains(text, never) {
			t.Errorf("%s is in\n%s", never, text)
		}
	}
}

// What others do with a bucket by the CDK's own means must extend its policy,
// not replace it.
func TestTheBucketsPolicyCanBeExtended(t *testing.T) {
	app, stack := logStack(t)
	b := bucket.New(stack, "Records", bucket.Props{Encryption: encryption.SSES3})
	b.IBucket().GrantRead(awsiam.NewServicePrincipal(jsii.String("cloudfront.amazonaws.com"), nil), "*")
	a := read(t, *app.Synth(nil).Directory())
	d := document(t, one(t, a, "logs", "AWS::S3::BucketPolicy", "Records").Properties().Get("PolicyDocument"))
	statement(t, d, "DenyForeignKey")
	if last := d.Statement[len(d.Statement)-1]; last.Principal == nil || len(last.Principal.Service) != 1 {
		t.Errorf("the policy's last statement is %+v, want what was granted", last)
	}
}
