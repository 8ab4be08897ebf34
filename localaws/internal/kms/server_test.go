package kms_test

import (
	"context"
	"testing"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
	"github.com/s3seal/s3seal/localaws/internal/kms"
)

const (
	home   = "111122223333"
	abroad = "444455556666"
	region = "eu-central-1"
)

var (
	user      = apitest.UserARN
	call      = apitest.Call
	wantError = apitest.WantError
)

func must[T any](t testing.TB) func(T, error) T { return apitest.Must[T](t) }

// world is a KMS with its surroundings.
type world struct {
	*kms.Service
	*apitest.World
	url string
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{World: apitest.NewWorld()}
	w.Service = kms.New(kms.Options{Authorizer: w.World, Now: w.Now, Principals: w.World})
	w.url = apitest.Serve(t, w.Serve)
	for _, account := range []string{home, abroad} {
		w.Allow(user(account, "admin"), "kms:*")
	}
	return w
}

func (w *world) client(who, region string) *awskms.Client {
	return awskms.NewFromConfig(apitest.Config(w.url, who, region))
}

func (w *world) admin() *awskms.Client { return w.client(home+"/admin", region) }

func (w *world) newKey(t *testing.T, in awskms.CreateKeyInput) (id, arn string) {
	t.Helper()
	out, err := w.admin().CreateKey(context.Background(), &in)
	if err != nil {
		t.Fatal(err)
	}
	return *out.KeyMetadata.KeyId, *out.KeyMetadata.Arn
}
