package stage

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/policy"
)

func parse(t *testing.T, text string) *File {
	t.Helper()
	file, err := Parse("stages.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDefaultsAreFilledIn(t *testing.T) {
	t.Parallel()
	got := parse(t, `stages: {dev: {prefix: acme-dev, source: {account: "111122223333", region: ap-northeast-1}}}`)
	want := &File{Stages: []Stage{{
		Name:     "dev",
		Prefix:   "acme-dev",
		Source:   Environment{"111122223333", "ap-northeast-1"},
		Patterns: []encryption.Pattern{"sse-s3", "sse-kms-aws-managed", "sse-kms-cmk", "dsse-kms", "sse-c"},
		Buckets: Buckets{
			SSES3:            Bucket{Name: "acme-dev-sse-s3-111122223333-ap-northeast-1-an", Functions: new(false), MinimumTLS: "1.2"},
			SSEKMSAWSManaged: Bucket{Name: "acme-dev-sse-kms-aws-111122223333-ap-northeast-1-an", Functions: new(false), MinimumTLS: "1.2"},
			SSEKMSCMK: CMKBucket{
				Bucket:       Bucket{Name: "acme-dev-sse-kms-cmk-111122223333-ap-northeast-1-an", Functions: new(false), MinimumTLS: "1.2"},
				BucketKey:    new(true),
				RotationDays: 365,
			},
			DSSEKMS: CMKBucket{
				Bucket:       Bucket{Name: "acme-dev-dsse-kms-111122223333-ap-northeast-1-an", Functions: new(false), MinimumTLS: "1.2"},
				BucketKey:    new(false),
				RotationDays: 365,
			},
			SSEC: SSECBucket{Name: "acme-dev-sse-c-111122223333-ap-northeast-1-an", Functions: new(true), MinimumTLS: "1.2"},
		},
		Logs:      Logs{ServerAccess: new(true), Inventory: new(true), InventoryFrequency: "weekly", RetentionDays: 365},
		Retention: Retention{IncompleteUploadDays: 7, FunctionLogDays: 365},
		Functions: Functions{Verbs: []policy.Verb{"put", "get"}, Architecture: "arm64", MemoryMB: 256, TimeoutSeconds: 30},
	}}, Bootstrap: Bootstrap{Qualifier: "hnb659fds", StackName: "CDKToolkit"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReplicaDefaults(t *testing.T) {
	t.Parallel()
	file := parse(t, `
stages:
  prod:
    prefix: acme-prod
    source: {account: "444455556666", region: ap-northeast-1}
    replica: {account: "777788889999", region: ap-northeast-3}
`)
	s := &file.Stages[0]
	want := &Replica{
		Environment:      Environment{"777788889999", "ap-northeast-3"},
		SourceEncryption: encryption.SSEKMSCMK,
		SourceBucket:     "acme-prod-source-444455556666-ap-northeast-1-an",
		ReplicaBucket:    "acme-prod-replica-777788889999-ap-northeast-3-an",
	}
	if diff := cmp.Diff(want, s.Replica); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"444455556666", "777788889999"}, s.Accounts()); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	if got := s.ReplicationRoleName(); got != "acme-prod-replication" {
		t.Errorf("role %q", got)
	}
}

func TestNamesExpandWithTheirOwnEnvironment(t *testing.T) {
	t.Parallel()
	file := parse(t, `
stages:
  prod:
    prefix: acme
    source: {account: "444455556666", region: ap-northeast-1}
    replica:
      account: "777788889999"
      region: us-east-1
      sourceBucket: "{region}-{prefix}-{account}-{region}-an"
      replicaBucket: "{region}-{prefix}-{account}-us-east-1-an"
    buckets:
      sse-s3: {name: "logs-{prefix}-{account}-{region}-an"}
      sse-c: {name: "{account}-{account}-{region}-an"}
`)
	s := file.Stages[0]
	for _, c := range [][2]string{
		{s.Replica.SourceBucket, "ap-northeast-1-acme-444455556666-ap-northeast-1-an"},
		{s.Replica.ReplicaBucket, "us-east-1-acme-777788889999-us-east-1-an"},
		{s.Buckets.SSES3.Name, "logs-acme-444455556666-ap-northeast-1-an"},
		{s.Buckets.SSEC.Name, "444455556666-444455556666-ap-northeast-1-an"},
		{s.Buckets.SSEKMSAWSManaged.Name, "acme-sse-kms-aws-444455556666-ap-northeast-1-an"},
		{s.LogBucket(s.Source), "acme-logs-444455556666-ap-northeast-1-an"},
		{s.InventoryBucket(s.Replica.Environment), "acme-inventory-777788889999-us-east-1-an"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

func TestPatternsAreInTheirOwnOrder(t *testing.T) {
	t.Parallel()
	file := parse(t, `stages: {a: {prefix: abc, patterns: [sse-c, sse-s3], source: {account: "111122223333", region: cn-north-1}}}`)
	s := &file.Stages[0]
	if diff := cmp.Diff([]encryption.Pattern{encryption.SSES3, encryption.SSEC}, s.Patterns); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !s.Has(encryption.SSEC) || s.Has(encryption.DSSEKMS) {
		t.Error("Has is wrong")
	}
	if s.Buckets.DSSEKMS.Name != "" {
		t.Errorf("a bucket that the stage hasn't got is named %q", s.Buckets.DSSEKMS.Name)
	}
	if s.Source.Partition() != "aws-cn" || s.Source.DNSSuffix() != "amazonaws.com.cn" {
		t.Errorf("%s %s", s.Source.Partition(), s.Source.DNSSuffix())
	}
}

func TestStagesKeepTheFilesOrderAndAreFoundByName(t *testing.T) {
	t.Parallel()
	file := parse(t, `stages: {
  z: {prefix: zzz, source: {account: "111122223333", region: ap-northeast-1}},
  a: {prefix: aaa, source: {account: "111122223333", region: ap-northeast-1}}}`)
	if file.Stages[0].Name != "z" || file.Stages[1].Name != "a" {
		t.Errorf("order %s, %s", file.Stages[0].Name, file.Stages[1].Name)
	}
	if s, err := file.Stage("a"); err != nil || s != &file.Stages[1] {
		t.Errorf("got %v, %v", s, err)
	}
	if _, err := file.Stage("b"); err == nil || err.Error() != `unknown stage "b": write a or z` {
		t.Errorf("got %v", err)
	}
}

// A mistake in one field must not be told again through what follows from it.
func TestOneMistakeIsOneProblem(t *testing.T) {
	t.Parallel()
	const prod = `
stages:
  prod:
    prefix: acme-prod
    source: {account: "444455556666", region: ap-northeast-1}
    replica: {account: "777788889999", region: ap-northeast-3, kmsKeyArn: "arn:aws:kms:ap-northeast-3:777788889999:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
    key: {users: ["arn:aws:iam::444455556666:role/r"]}
    buckets: {sse-c: {secretArn: "arn:aws:secretsmanager:ap-northeast-1:444455556666:secret:s-AbCdEf"}}
    tags: {a: b}
`
	parse(t, prod)
	for _, swap := range [][2]string{
		{`account: "444455556666"`, `account: 444455556666`},
		{`account: "777788889999"`, `account: "77778888999"`},
		{`region: ap-northeast-1`, `region: ap-northeast-9`},
		{`region: ap-northeast-1`, `rgion: ap-northeast-1`},
		{`region: ap-northeast-3,`, `region: 3,`},
		{`prefix: acme-prod`, `prefix: [acme-prod]`},
		{`source: {account: "444455556666", region: ap-northeast-1}`, `source: x`},
		{`tags: {a: b}`, `tags: `},
	} {
		_, err := Parse("stages.yaml", []byte(strings.Replace(prod, swap[0], swap[1], 1)))
		var problems Errors
		// A misspelt required field is both unknown and missing.
		if errors.As(err, &problems); len(problems) != 1 && !strings.Contains(swap[1], "rgion") {
			t.Errorf("%s: got %d problems:\n%v", swap[1], len(problems), err)
		}
	}
}

func TestAPathsFirstProblemIsItsOnlyOne(t *testing.T) {
	t.Parallel()
	d := &document{name: "f", places: map[string]place{"a": {line: 2, column: 3}}, bad: map[string]bool{}}
	d.report("a.b[0]", "first")
	d.report("a.b[0]", "second")
	want := Errors{{File: "f", Line: 2, Column: 3, Path: "a.b[0]", Message: "first"}}
	if diff := cmp.Diff(want, d.problems); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAQualifierHasAStackOfItsOwn(t *testing.T) {
	t.Parallel()
	const dev = `stages: {dev: {prefix: acme-dev, source: {account: "111122223333", region: ap-northeast-1}}}` + "\n"
	for text, want := range map[string]string{
		"":                                "hnb659fds CDKToolkit",
		"bootstrap: {qualifier: acme}":    "acme CDKToolkit-acme",
		"bootstrap: {stackName: Toolkit}": "hnb659fds Toolkit",
	} {
		b := parse(t, dev+text).Bootstrap
		if got := b.Qualifier + " " + b.StackName; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
