package api

import (
	"regexp"
	"strings"
	"testing"
)

func TestGeneratedNamesFit(t *testing.T) {
	t.Parallel()
	for _, stack := range []string{"s", strings.Repeat("stack", 30)} {
		for _, id := range []string{"R", strings.Repeat("Logical", 30)} {
			name := GeneratedName(StackContext{StackName: stack}, id, 64)
			if !regexp.MustCompile(`^[\w+=,.@-]{1,64}$`).MatchString(name) || !strings.HasPrefix(name, stack[:1]) || !strings.Contains(name, "-"+id[:1]) {
				t.Errorf("%q", name)
			}
			if other := GeneratedName(StackContext{StackName: stack}, id, 64); other == name {
				t.Errorf("%q comes twice", name)
			}
		}
	}
}

func TestARN(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		ARN("kms", "eu-west-1", "111122223333", "key/1"):                               "arn:aws:kms:eu-west-1:111122223333:key/1",
		ARN("logs", "cn-north-1", "111122223333", "log-group:g"):                       "arn:aws-cn:logs:cn-north-1:111122223333:log-group:g",
		ARN("iam", "", "111122223333", "role/r"):                                       "arn:aws:iam::111122223333:role/r",
		ARNAccount("arn:aws:lambda:eu-west-1:111122223333:function:f:$LATEST") + " of": "111122223333 of",
		ARNAccount("arn:aws:s3:::bucket") + "none":                                     "none",
		ARNAccount("bucket") + "no ARN":                                                "no ARN",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
