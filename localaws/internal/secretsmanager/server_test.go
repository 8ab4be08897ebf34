package secretsmanager_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/secretsmanager"
)

const (
	home   = "111122223333"
	abroad = "444455556666"
	region = "eu-central-1"
)

var (
	ctx       = context.Background()
	user      = apitest.UserARN
	call      = apitest.Call
	wantError = apitest.WantError
)

func must[T any](t testing.TB) func(T, error) T { return apitest.Must[T](t) }

// world is Secrets Manager with a real KMS and its surroundings, among them a
// rotation function.
type world struct {
	*secretsmanager.Service
	*apitest.World
	kms *kms.Service
	url string

	function func(c api.Call, payload []byte) (answer []byte, functionError string, err error)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: apitest.NewWorld()}
	w.kms = kms.New(kms.Options{Authorizer: w.World, Now: w.Now, Principals: w.World})
	w.Service = secretsmanager.New(secretsmanager.Options{Authorizer: w.World, Now: w.Now, Principals: w.World, KMS: w.kms, Functions: w})
	w.url = apitest.Serve(t, func(rw http.ResponseWriter, r *http.Request, c api.Call) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "TrentService") {
			w.kms.Serve(rw, r, c)
			return
		}
		w.Serve(rw, r, c)
	})
	for _, account := range []string{home, abroad} {
		w.Allow(user(account, "admin"), "kms:*", "secretsmanager:*", "lambda:InvokeFunction")
	}
	return w
}

func (w *world) Invoke(c api.Call, function string, payload []byte) ([]byte, string, error) {
	return w.function(c, payload)
}

func (w *world) InvokeLater(api.Call, string, []byte) error { return nil }

func (w *world) client(who, region string) *sm.Client {
	return sm.NewFromConfig(apitest.Config(w.url, who, region))
}

func (w *world) admin() *sm.Client { return w.client(home+"/admin", region) }

func (w *world) kmsAdmin() *awskms.Client {
	return awskms.NewFromConfig(apitest.Config(w.url, home+"/admin", region))
}

func (w *world) create(t *testing.T, name, value string) (arn, version string) {
	t.Helper()
	out := must[*sm.CreateSecretOutput](t)(w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: &name, SecretString: &value}))
	return *out.ARN, *out.VersionId
}

// put makes a version and gives its id.
func (w *world) put(t *testing.T, name, value string, stages ...string) string {
	t.Helper()
	return *must[*sm.PutSecretValueOutput](t)(w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: &name, SecretString: &value, VersionStages: stages})).VersionId
}

func (w *world) get(t *testing.T, name, stage string) string {
	t.Helper()
	in := &sm.GetSecretValueInput{SecretId: &name}
	if stage != "" {
		in.VersionStage = &stage
	}
	return *must[*sm.GetSecretValueOutput](t)(w.admin().GetSecretValue(ctx, in)).SecretString
}

func (w *world) stages(t *testing.T, name string) map[string][]string {
	t.Helper()
	return must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &name})).VersionIdsToStages
}
