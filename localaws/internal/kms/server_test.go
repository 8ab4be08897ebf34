package kms_test

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
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/kms"
)

const (
	home   = "111122223333"
	abroad = "444455556666"
	region = "eu-central-1"
)

// world is a KMS with its surroundings: identity policies by principal, a
// clock that the test moves, and the principals that don't exist.
type world struct {
	*kms.Service
	url string

	mu       sync.Mutex
	now      time.Time
	identity map[string]iam.Document
	missing  map[string]bool
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		now:      time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		identity: map[string]iam.Document{}, missing: map[string]bool{},
	}
	w.Service = kms.New(kms.Dependencies{Authorizer: w, Clock: w.clock, Principals: w})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.Serve(rw, r, w.callOf(r))
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	for _, account := range []string{home, abroad} {
		w.allow(user(account, "admin"), "kms:*")
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

// callOf takes the caller from the access key id, which is "account/name".
func (w *world) callOf(r *http.Request) api.Call {
	m := scope.FindStringSubmatch(r.Header.Get("Authorization"))
	return call(m[1], m[2])
}

func (w *world) client(who, region string) *awskms.Client {
	return awskms.New(awskms.Options{
		Region: region, BaseEndpoint: aws.String(w.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(who, "secret", ""),
	})
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
