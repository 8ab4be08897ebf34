package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// adoptedStages is a stage of which most exists already, in a company with rules
// for roles and names.
const adoptedStages = `
stages:
  adopted:
    prefix: adopted
    source: {account: "303030304040", region: eu-west-1}
    replica:
      account: "505050506060"
      region: eu-west-2
      existing: true
      replicaBucket: backup-of-adopted
      kmsKeyArn: arn:aws:kms:eu-west-2:505050506060:key/66666666-7777-8888-9999-aaaa6666cccc
      repair: true
    patterns: [sse-s3, sse-kms-cmk, dsse-kms, sse-c]
    buckets:
      sse-s3: {existing: {name: adopted-2019}, functions: true, minimumTLS: "1.3"}
      sse-kms-cmk:
        existing: {name: adopted-2020}
        kmsKeyArn: arn:aws:kms:eu-west-1:303030304040:key/11111111-2222-3333-4444-5555abcdaaaa
        functions: true
        require: [only-sse-kms]
      dsse-kms: {kmsKeyArn: "arn:aws:kms:eu-west-1:303030304040:key/11111111-2222-3333-4444-5555abcdbbbb"}
      sse-c: {existing: {name: adopted-2021, policy: false}, rotation: {everyDays: 90}, sweep: {engine: map}}
    functions: {queue: true}
    permissionsBoundary: developers/boundary
    names:
      role: "acme-{stage}-{purpose}-{region}"
      function: "acme-{stage}-{purpose}"
      queue: "acme-{stage}-{purpose}"
      secret: "acme/{stage}/{purpose}"
  cn:
    prefix: acme-cn
    source: {account: "111122223333", region: cn-north-1}
    replica: {account: "444455556666", region: cn-northwest-1}
    permissionsBoundary: arn:aws-cn:iam::aws:policy/PowerUserAccess
`

func adoptedAssembly(t *testing.T) *template.Assembly {
	t.Helper()
	return read(t, synth(t, parseStages(t, adoptedStages)))
}

// What exists is named, and not made.
func TestWhatExistsIsNotMade(t *testing.T) {
	a := adoptedAssembly(t)
	for _, s := range a.Stacks {
		if strings.HasPrefix(s.Name, "adopted-replica") && s.Name != "adopted-replication" {
			t.Errorf("there is a stack %s, and the replicas' bucket exists", s.Name)
		}
	}
	made := stackNamed(t, a, "adopted-buckets")
	if buckets, keys := made.ResourcesOfType("AWS::S3::Bucket"), made.ResourcesOfType("AWS::KMS::Key"); len(buckets) != 1 || len(keys) != 0 {
		t.Errorf("%d buckets and %d keys are made, want that of dsse-kms alone", len(buckets), len(keys))
	}
	if n := len(made.ResourcesOfType("AWS::S3::BucketPolicy")); n != 3 {
		t.Errorf("%d bucket policies, want all but that of sse-c", n)
	}
	const key = "arn:aws:kms:eu-west-1:303030304040:key/11111111-2222-3333-4444-5555abcd"
	policies := document(t, one(t, a, "adopted-buckets", "AWS::S3::BucketPolicy", "SseKmsCmk").Properties().Get("PolicyDocument"))
	role := document(t, one(t, a, "adopted-buckets", "AWS::IAM::Role", "SseKmsCmkFunctionsPutRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	oldTLS := statement(t, document(t, one(t, a, "adopted-buckets", "AWS::S3::BucketPolicy", "SseS3").Properties().Get("PolicyDocument")), "DenyOldTLS")
	dsse := one(t, a, "adopted-buckets", "AWS::S3::Bucket", "DsseKms").Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0)
	source := one(t, a, "adopted-replication", "AWS::S3::Bucket", "Source").Properties().Get("ReplicationConfiguration", "Rules").Index(0).Get("Destination")
	logged := document(t, one(t, a, "adopted-logs", "AWS::S3::BucketPolicy", "Logs").Properties().Get("PolicyDocument"))
	for _, tc := range []struct{ what, got, want string }{
		{"the bucket's policy", text(t, one(t, a, "adopted-buckets", "AWS::S3::BucketPolicy", "SseKmsCmk").Properties().Get("Bucket")), "adopted-2020"},
		{"its key", statement(t, policies, "DenyOtherKey").Condition["ArnNotEquals"]["s3:x-amz-server-side-encryption-aws-kms-key-id"][0], key + "aaaa"},
		{"its requirement", statement(t, policies, "DenyOtherEncryption").Resource[0], "arn:aws:s3:::adopted-2020/*"},
		{"minimumTLS", oldTLS.Condition["NumericLessThan"]["s3:TlsVersion"][0], "1.3"},
		{"the function's bucket", text(t, one(t, a, "adopted-buckets", "AWS::Lambda::Function", "SseKmsCmkFunctionsPut").Properties().Get("Environment", "Variables", "BUCKET_NAME")), "adopted-2020"},
		{"the function's objects", statement(t, role, "PutObjects").Resource[0], "arn:aws:s3:::adopted-2020/*"},
		{"the function's key", statement(t, role, "UseKey").Resource[0], key + "aaaa"},
		{"the key of a new bucket", text(t, dsse.Get("ServerSideEncryptionByDefault", "KMSMasterKeyID")), key + "bbbb"},
		{"the replicas' bucket", text(t, source.Get("Bucket")), "arn:aws:s3:::backup-of-adopted"},
		{"the replicas' key", text(t, source.Get("EncryptionConfiguration", "ReplicaKmsKeyID")), "arn:aws:kms:eu-west-2:505050506060:key/66666666-7777-8888-9999-aaaa6666cccc"},
		{"the logs of the bucket", strings.Join(statement(t, logged, "S3ServerAccessLogs").Condition["ArnLike"]["aws:SourceArn"], " "), ""},
	} {
		if tc.got != tc.want && tc.want != "" || tc.want == "" && !strings.Contains(tc.got, "arn:aws:s3:::adopted-2020") {
			t.Errorf("%s: %s, want %s", tc.what, tc.got, tc.want)
		}
	}
}

// A role without the boundary would be what a company's SCP refuses, or what it
// doesn't see.
func TestEveryRoleHasTheBoundary(t *testing.T) {
	roles := 0
	for _, s := range adoptedAssembly(t).Stacks {
		want := "arn:aws:iam::303030304040:policy/developers/boundary"
		if strings.HasPrefix(s.Name, "cn-") {
			want = "arn:aws-cn:iam::aws:policy/PowerUserAccess"
		}
		for _, r := range s.ResourcesOfType("AWS::IAM::Role") {
			if strings.HasPrefix(r.LogicalID, "PublishGetStackOutputRole") { // which the CDK makes after all aspects
				continue
			}
			roles++
			if arn, err := r.Properties().Get("PermissionsBoundary").String(); err != nil || arn != want {
				t.Errorf("%s/%s has the boundary %q: %v", s.Name, r.LogicalID, arn, err)
			}
		}
	}
	if roles < 12 { // those of adopted, and of two functions and the replication in cn
		t.Errorf("%d roles", roles)
	}
}

// Names are of the patterns, and no two resources of a type have the same.
func TestNamesAreOfThePatterns(t *testing.T) {
	a := adoptedAssembly(t)
	seen := map[string]bool{}
	for _, of := range []struct{ typ, property, begins, ends string }{
		{"AWS::IAM::Role", "RoleName", "acme-adopted-", "-eu-west-1"},
		{"AWS::Lambda::Function", "FunctionName", "acme-adopted-", ""},
		{"AWS::SQS::Queue", "QueueName", "acme-adopted-", ""},
		{"AWS::SecretsManager::Secret", "Name", "acme/adopted/sse-c-key-ring", ""},
	} {
		count := 0
		for _, stack := range []string{"adopted-buckets", "adopted-replication"} {
			for _, r := range stackNamed(t, a, stack).ResourcesOfType(of.typ) {
				name := text(t, r.Properties().Get(of.property))
				if !strings.HasPrefix(name, of.begins) || !strings.HasSuffix(name, of.ends) || seen[of.typ+name] {
					t.Errorf("%s/%s has the name %s", stack, r.LogicalID, name)
				}
				seen[of.typ+name] = true
				count++
			}
		}
		if count == 0 {
			t.Errorf("no %s", of.typ)
		}
	}
	if name := text(t, one(t, a, "adopted-replication", "AWS::IAM::Role", "ReplicationRole").Properties().Get("RoleName")); name != "acme-adopted-replication-eu-west-1" {
		t.Errorf("the replication role is %s", name)
	}
}

// What the program makes satisfies every rule; what hangs on things that exist is
// unknown, and no finding.
func TestRulesOnWhatExists(t *testing.T) {
	report := rule.Check(adoptedAssembly(t).Stacks, rule.Options{Accounts: []string{"303030304040", "505050506060", "111122223333", "444455556666"}})
	for _, f := range report.Findings {
		t.Errorf("%s %s %s %s: %s", f.Severity, f.Rule, f.Place(), f.PropertyPath, f.Message)
	}
	for _, u := range report.Unknown {
		if !slices.ContainsFunc([]string{
			"key/66666666-7777-8888-9999-aaaa6666cccc: it is in none of the stacks",
			"the replication destination backup-of-adopted: it is in none of the stacks",
			"what the permissions boundary arn:aws:iam::303030304040:policy/developers/boundary leaves",
			"what the permissions boundary arn:aws-cn:iam::aws:policy/PowerUserAccess leaves",
		}, func(why string) bool { return strings.Contains(u.Why, why) }) {
			t.Errorf("unknown %s %s/%s %s: %s", u.Rule, u.Stack, u.LogicalID, u.PropertyPath, u.Why)
		}
	}
}
