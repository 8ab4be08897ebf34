package account_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/account/accounttest"
	"github.com/s3seal/s3seal/localaws"
)

func TestWhatIsDeployed(t *testing.T) {
	t.Parallel()
	w := accounttest.New(t)
	a := w.Open(t)
	if want := "arn:aws:iam::111122223333:user/administrator"; a.Caller != want {
		t.Errorf("caller %s, want %s", a.Caller, want)
	}
	s, err := a.SSEC(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Bucket != "acme-dev-sse-c-111122223333-eu-west-1-an" || len(s.Functions) != 2 || s.LongestWrite() != 40*time.Second {
		t.Errorf("%+v", s)
	}
	if _, err := secretsmanager.NewFromConfig(a.Config).DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &s.SecretARN}); err != nil {
		t.Error(err)
	}
}

// Whoever has the wrong credentials, or none, reads on one line what to do.
func TestWrongAccount(t *testing.T) {
	t.Parallel()
	w := accounttest.New(t)
	other := w.Server.Credentials(w.Other.Source.Account)
	_, err := account.Open(t.Context(), w.Stage, w.As(other))
	var wrong *account.OtherAccountError
	if !errors.As(err, &wrong) || wrong.Environment.Account != "111122223333" || wrong.Got != "444455556666" {
		t.Error(err)
	}
	_, err = account.Open(t.Context(), w.Stage, w.As(localaws.Credentials{AccessKeyID: other.AccessKeyID, SecretAccessKey: "wrong"}))
	checkError[*account.CredentialsError](t, err, "SignatureDoesNotMatch")
	options := w.As(other)
	options.Profile = "missing"
	_, err = account.Open(t.Context(), w.Stage, options)
	checkError[*account.CredentialsError](t, err, "missing")

	a, err := account.Open(t.Context(), w.Other, w.As(other))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.SSEC(t.Context())
	checkError[*account.NotDeployedError](t, err, "no stack other-buckets in eu-west-1: deploy")
}

// An endpoint without TLS would be sent keys in the clear.
func TestNoKeyWithoutTLS(t *testing.T) {
	t.Parallel()
	w := accounttest.New(t)
	options := w.As(w.Server.Credentials(w.Stage.Source.Account))
	options.Load = append(options.Load, config.WithBaseEndpoint(strings.Replace(w.Server.URL(), "https", "http", 1)))
	_, err := account.Open(t.Context(), w.Stage, options)
	checkError[*account.CallError](t, err, "the endpoint is not https")
}

func TestNotDeployed(t *testing.T) {
	t.Parallel()
	w := accounttest.New(t)
	a := w.Open(t)
	stack, err := a.Stack(t.Context(), "buckets")
	if err != nil {
		t.Fatal(err)
	}
	_, err = stack.Output("SseS3Bucket")
	checkError[*account.NotDeployedError](t, err, "no output SseS3Bucket")
	w.Stage.Patterns = nil
	if _, err := a.SSEC(t.Context()); !errors.Is(err, account.ErrNoSSEC) {
		t.Error(err)
	}
}

func checkError[E error](t *testing.T, err error, says string) {
	t.Helper()
	var typed E
	if !errors.As(err, &typed) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%T %v, want %T with %q on one line", err, err, typed, says)
	}
}
