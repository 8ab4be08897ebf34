package object

import (
	"strings"
	"testing"
)

func TestReadConfig(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  string
		want []string // parts of the error, each on a line of its own
	}{
		"sse-s3":            {"BUCKET_NAME=b ENCRYPTION=sse-s3", nil},
		"cmk by default":    {"BUCKET_NAME=b ENCRYPTION=sse-kms-cmk", nil},
		"cmk named":         {"BUCKET_NAME=b ENCRYPTION=sse-kms-cmk KMS_KEY_ARN=" + cmk, nil},
		"multi-Region key":  {"BUCKET_NAME=b ENCRYPTION=dsse-kms KMS_KEY_ARN=arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-0123", nil},
		"sse-c":             {"BUCKET_NAME=b ENCRYPTION=sse-c SECRET_ARN=arn", nil},
		"put URLs":          {"BUCKET_NAME=b ENCRYPTION=sse-c SECRET_ARN=arn PUT_URL_SECONDS=3600", nil},
		"put URLs for ever": {"BUCKET_NAME=b ENCRYPTION=sse-c SECRET_ARN=arn PUT_URL_SECONDS=43201", []string{"PUT_URL_SECONDS"}},
		"nothing":           {"", []string{"BUCKET_NAME is not set", `ENCRYPTION is ""`}},
		"unknown":           {"BUCKET_NAME=b ENCRYPTION=SSE-C", []string{`ENCRYPTION is "SSE-C": want one of [sse-s3 sse-kms-aws-managed sse-kms-cmk dsse-kms sse-c]`}},
		"alias":             {"BUCKET_NAME=b ENCRYPTION=sse-kms-cmk KMS_KEY_ARN=arn:aws:kms:eu-central-1:111122223333:alias/aws/s3", []string{"not an alias"}},
		"bare id":           {"BUCKET_NAME=b ENCRYPTION=dsse-kms KMS_KEY_ARN=1234abcd-12ab-34cd-56ef-1234567890ab", []string{"KMS_KEY_ARN"}},
		"no key id":         {"BUCKET_NAME=b ENCRYPTION=dsse-kms KMS_KEY_ARN=arn:aws:kms:eu-central-1:111122223333:key/", []string{"KMS_KEY_ARN"}},
		"key of no use":     {"BUCKET_NAME=b ENCRYPTION=sse-s3 KMS_KEY_ARN=" + cmk, []string{"uses no KMS key"}},
		"no secret":         {"BUCKET_NAME=b ENCRYPTION=sse-c", []string{"SECRET_ARN is not set"}},
		"all at once":       {"ENCRYPTION=sse-c", []string{"BUCKET_NAME", "SECRET_ARN"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{}
			for _, v := range strings.Fields(c.env) {
				name, value, _ := strings.Cut(v, "=")
				env[name] = value
			}
			_, err := ReadConfig(func(name string) string { return env[name] })
			if err == nil && c.want == nil {
				return
			}
			if err == nil {
				t.Fatalf("no error, want %q", c.want)
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(c.want) {
				t.Fatalf("%d problems: %v; want %q", len(lines), err, c.want)
			}
			for i, line := range lines {
				if !strings.Contains(line, c.want[i]) {
					t.Errorf("line %q, want %q", line, c.want[i])
				}
			}
		})
	}
}

func TestOpenSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	env := map[string]string{"ENCRYPTION": "sse-c", "AWS_ENDPOINT_URL": "127.0.0.1:1"}
	_, err := open(func(name string) string { return env[name] }, nil)
	for _, want := range []string{"BUCKET_NAME", "SECRET_ARN", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v: want one line that names %s", err, want)
		}
	}
}
