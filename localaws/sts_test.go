package localaws_test

import (
	"errors"
	"testing"

	"github.com/s3seal/s3seal/localaws"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, account := range []string{source, replica} {
		out, err := stsClient(s, s.Credentials(account)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Fatal(err)
		}
		if want := "arn:aws:iam::" + account + ":user/administrator"; *out.Arn != want || *out.Account != account {
			t.Errorf("caller is %s of %s, want %s", *out.Arn, *out.Account, want)
		}
	}
}

// code is the error code of an SDK error, "" of none.
func code(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return e.ErrorCode()
	}
	if err != nil {
		return "not an API error: " + err.Error()
	}
	return ""
}

func TestWrongCredentialsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	good := s.Credentials(source)
	tests := map[string]struct {
		credentials localaws.Credentials
		want        string
	}{
		"unknown access key":      {localaws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "x"}, "InvalidClientTokenId"},
		"wrong secret":            {localaws.Credentials{AccessKeyID: good.AccessKeyID, SecretAccessKey: "x"}, "SignatureDoesNotMatch"},
		"token with long-term":    {localaws.Credentials{AccessKeyID: good.AccessKeyID, SecretAccessKey: good.SecretAccessKey, SessionToken: "x"}, "InvalidClientTokenId"},
		"key of the other secret": {localaws.Credentials{AccessKeyID: good.AccessKeyID, SecretAccessKey: s.Credentials(replica).SecretAccessKey}, "SignatureDoesNotMatch"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := stsClient(s, test.credentials).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			if got := code(err); got != test.want {
				t.Errorf("code %q, want %q (%v)", got, test.want, err)
			}
		})
	}
}
