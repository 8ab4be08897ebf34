package adoption

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/stage"
)

func of(t *testing.T, text string) (*stage.Stage, []Adopted) {
	t.Helper()
	file, err := stage.Parse("stages.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &file.Stages[0], Of(&file.Stages[0])
}

const everything = `
stages:
  data:
    prefix: acme-data
    source: {account: "111122223333", region: cn-north-1}
    retention: {noncurrentVersionDays: 30}
    buckets:
      sse-s3: {existing: {name: acme-2019}}
      sse-kms-aws-managed: {existing: {name: acme-2020, policy: false}}
      sse-kms-cmk: {existing: {name: acme-2021}, bucketKey: false, kmsKeyArn: "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
      dsse-kms: {kmsKeyArn: "arn:aws-cn:kms:cn-north-1:111122223333:key/9999abcd-12ab-34cd-56ef-1234567890ab"}
      sse-c: {existing: {name: acme-2022, policy: false}}
    replica:
      account: "777788889999"
      region: cn-northwest-1
      existing: true
      replicaBucket: backup-of-acme
      kmsKeyArn: arn:aws-cn:kms:cn-northwest-1:777788889999:key/1234abcd-12ab-34cd-56ef-1234567890ab
    key: {users: ["arn:aws-cn:iam::111122223333:role/app"]}
`

func TestWrite(t *testing.T) {
	t.Parallel()
	s, list := of(t, everything)
	var b strings.Builder
	if err := Write(&b, s.Name, list); err != nil {
		t.Fatal(err)
	}
	golden.File(t, "testdata/data.sh", b.String())
	for i, line := range strings.Split(b.String(), "\n") {
		if strings.HasPrefix(line, "#") && len(line) > 100 {
			t.Errorf("line %d has %d characters: %s", i+1, len(line), line)
		}
	}
}

// What the stage makes is not a person's to set.
func TestOfNothingThatExists(t *testing.T) {
	t.Parallel()
	_, list := of(t, `stages: {dev: {prefix: acme, source: {account: "111122223333", region: eu-west-1}}}`)
	if len(list) != 0 {
		t.Errorf("%+v", list)
	}
	_, list = of(t, everything)
	for _, a := range list {
		key, made := a.KeyARN != "", a.Pattern == "dsse-kms"
		if key != (len(a.KeyPolicy.Statement) > 0) || made != (len(a.Settings) == 0) {
			t.Errorf("%s: %d settings, a key that exists: %t, statements of its policy: %d", a.Pattern, len(a.Settings), key, len(a.KeyPolicy.Statement))
		}
	}
}
