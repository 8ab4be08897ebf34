package secretsmanager_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/secretsmanager"
)

const (
	home   = "111122223333"
	abroad = "444455556666"
	region = "eu-central-1"
)

var ctx = context.Background()

// world is Secrets Manager with a real KMS and its surroundings: identity
// policies by principal, a clock that the test moves, and a rotation function.
type world struct {
	*secretsmanager.Service
	kms *kms.Service
	url string

	mu       sync.Mutex
	now      time.Time
	identity map[string]iam.Document
	missing  map[string]bool

	function func(c api.Call, payload []byte) (answer []byte, functionError string, err error)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		now:      time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		identity: map[string]iam.Document{}, missing: map[string]bool{},
	}
	w.kms = kms.New(kms.Dependencies{Authorizer: w, Clock: w.clock, Principals: w})
	w.Service = secretsmanager.New(secretsmanager.Dependencies{Authorizer: w, KMS: w.kms, Functions: w, Principals: w, Clock: w.clock})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		m := scope.FindStringSubmatch(r.Header.Get("Authorization"))
		c := call(m[1], m[2])
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "TrentService") {
			w.kms.Serve(rw, r, c)
			return
		}
		w.Serve(rw, r, c)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	for _, account := range []string{home, abroad} {
		w.allow(user(account, "admin"), "kms:*", "secretsmanager:*", "lambda:InvokeFunction")
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) PrincipalExists(p string) bool { return !w.missing[p] }

func (w *world) Invoke(c api.Call, function string, payload []byte) ([]byte, string, error) {
	return w.function(c, payload)
}

func (w *world) Authorize(c api.Call, a api.Access) error {
	keys := maps.Clone(c.Context)
	if keys == nil {
		keys = map[string]iam.Strings{}
	}
	maps.Copy(keys, a.Context)
	p := iam.Policies{Resource: a.Policy, Session: c.Session}
	if d, ok := w.identity[c.Caller.PrincipalARN()]; ok {
		p.Identity = []iam.Source{{Name: "identity", Document: d}}
	}
	d := iam.Evaluate(iam.Request{Caller: c.Caller, Action: a.Action, Resource: a.Resource, ResourceAccount: a.ResourceAccount, Context: keys}, p)
	if d.Allowed {
		return nil
	}
	return api.Errorf(http.StatusBadRequest, "AccessDeniedException", "%s", d.Explain())
}

func user(account, name string) string { return "arn:aws:iam::" + account + ":user/" + name }

func (w *world) allow(principal string, actions ...string) {
	w.identity[principal] = iam.Document{Version: iam.Version, Statement: []iam.Statement{
		{Effect: iam.Allow, Action: actions, Resource: iam.Strings{"*"}},
	}}
}

// call is a call of a user: "444455556666/admin".
func call(who, region string) api.Call {
	account, name, _ := strings.Cut(who, "/")
	return api.Call{RequestID: "r", Caller: iam.User(user(account, name)), Account: account, Region: region, Secure: true}
}

var scope = regexp.MustCompile(`Credential=([^/]+/[^/]+)/[0-9]{8}/([^/]+)/`)

func (w *world) client(who, region string) *sm.Client {
	return sm.New(sm.Options{
		Region: region, BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(who, "secret", ""),
	})
}

func (w *world) admin() *sm.Client { return w.client(home+"/admin", region) }

func (w *world) kmsAdmin() *awskms.Client {
	return awskms.New(awskms.Options{
		Region: region, BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(home+"/admin", "secret", ""),
	})
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

// wantError checks the code of an AWS error and a part of its message.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	var e smithy.APIError
	var own *api.Error
	gotCode, gotMessage := "", ""
	switch {
	case errors.As(err, &e):
		gotCode, gotMessage = e.ErrorCode(), e.ErrorMessage()
	case errors.As(err, &own):
		gotCode, gotMessage = own.Code, own.Message
	}
	if gotCode != code || !strings.Contains(gotMessage, message) {
		t.Fatalf("error = %v; want %s with %q", err, code, message)
	}
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
