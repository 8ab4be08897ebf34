package s3

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
	"github.com/s3seal/s3seal/localaws/internal/kms"
	"github.com/s3seal/s3seal/localaws/internal/sts"
)

const (
	home   = "111122223333" // account of most tests
	abroad = "444455556666" // the other account
	tokyo  = "ap-northeast-1"
)

// world is an S3 with everything that it needs, served over TLS and plain
// http. The servers take the caller from the access key id, unverified.
type world struct {
	t         testing.TB
	s3        *Service
	kms       *kms.Service
	directory *identity.Directory
	temp      string // where S3 makes its folder
	tls       *httptest.Server
	plain     *httptest.Server

	roles  *gate
	access *witness

	mu       sync.Mutex
	callers  map[string]iam.Caller
	finished []Finished
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, temp: t.TempDir(), callers: map[string]iam.Caller{}}
	var err error
	if w.directory, err = identity.NewDirectory(time.Now, home, abroad); err != nil {
		t.Fatal(err)
	}
	authorizer := identity.NewAuthorizer(w.directory, identity.NewDecisionLog(1000))
	w.kms = kms.New(kms.Options{Authorizer: authorizer, Now: time.Now, Principals: w.directory})
	w.roles = &gate{STS: sts.New(sts.Options{Directory: w.directory, Authorizer: authorizer})}
	w.access = &witness{Authorizer: authorizer}
	w.s3, err = New(Options{
		Authorizer: w.access, KMS: w.kms, STS: w.roles, Now: time.Now,
		Principals: w.directory, TempDir: w.temp,
		AfterRequest: func(f Finished) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.finished = append(w.finished, f)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.tls = httptest.NewTLSServer(w.handler(true))
	w.plain = httptest.NewServer(w.handler(false))
	t.Cleanup(func() {
		w.tls.CloseClientConnections() // of bodies that a test did not read
		w.tls.Close()
		w.plain.Close()
		if err := w.s3.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// witness is an Authorizer that keeps what S3 asked. A test may refuse, or do
// something at that moment.
type witness struct {
	api.Authorizer

	mu    sync.Mutex
	asked []api.Access
	meet  func(api.Access) (refused bool)
}

func (a *witness) when(meet func(api.Access) (refused bool)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.meet = meet
}

func (a *witness) Authorize(c api.Call, x api.Access) error {
	a.mu.Lock()
	a.asked = append(a.asked, x)
	meet := a.meet
	a.mu.Unlock()
	if meet != nil && meet(x) {
		return api.Errorf(403, "AccessDenied", "refused by the test")
	}
	return a.Authorizer.Authorize(c, x)
}

// of are the condition keys of each decision on an action, in their order.
func (a *witness) of(action string) []map[string]iam.Strings {
	a.mu.Lock()
	defer a.mu.Unlock()
	var found []map[string]iam.Strings
	for _, x := range a.asked {
		if x.Action == action {
			found = append(found, x.Context)
		}
	}
	return found
}

// gate is an STS that a test can hold: replication waits for it.
type gate struct {
	api.STS
	held sync.RWMutex
}

func (g *gate) AssumeRole(c api.Call, role, session string) (api.Call, error) {
	g.held.RLock()
	defer g.held.RUnlock()
	return g.STS.AssumeRole(c, role, session)
}

func (w *world) handler(secure bool) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope := strings.Split(rest, "/")
		region := tokyo
		if len(scope) > 2 {
			region = scope[2]
		}
		w.mu.Lock()
		caller := w.callers[scope[0]]
		w.mu.Unlock()
		r = r.WithContext(api.WithFormAuthenticator(r.Context(), func(_ api.Call, f api.FormSignature) (api.Call, error) {
			scope := strings.Split(f.Credential, "/")
			w.mu.Lock()
			defer w.mu.Unlock()
			return call(w.callers[scope[0]], scope[2], secure), nil
		}))
		w.s3.Serve(rw, r, call(caller, region, secure))
	})
}

func call(c iam.Caller, region string, secure bool) api.Call {
	return api.Call{
		RequestID: "TESTREQUEST", Caller: c, Account: c.Account(), Region: region, Time: time.Now(), Secure: secure,
		Context: map[string]iam.Strings{"aws:SecureTransport": {fmt.Sprint(secure)}},
	}
}

// key makes a KMS key with the policy of statements; none: the account's root.
func (w *world) key(account, region string, statements ...iam.Statement) string {
	w.t.Helper()
	policy := iam.Document{Version: iam.Version, Statement: append([]iam.Statement{{
		Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + account + ":root"}},
		Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
	}}, statements...)}
	return w.provide(w.kms.Providers()["AWS::KMS::Key"], account, region, map[string]any{"KeyPolicy": policy}).Attributes["Arn"]
}

func (w *world) disable(key string) {
	w.t.Helper()
	a, err := arn.Parse(key)
	w.ok(err)
	_, err = w.kms.Providers()["AWS::KMS::Key"].Update(context.Background(), stackContext(a.AccountID, a.Region), "Key",
		api.Resource{PhysicalID: strings.TrimPrefix(a.Resource, "key/")}, json.RawMessage(`{"Enabled":true}`), json.RawMessage(`{"Enabled":false}`))
	if err != nil {
		w.t.Fatal(err)
	}
}

func stackContext(account, region string) api.StackContext {
	return api.StackContext{
		Call: call(iam.AccountRoot(account), region, true), StackName: "Stack", Account: account, Region: region, Partition: "aws",
	}
}

func (w *world) provide(p api.Provider, account, region string, properties any) api.Resource {
	w.t.Helper()
	text, err := json.Marshal(properties)
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := p.Create(context.Background(), stackContext(account, region), "Resource", text)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// bucket makes a bucket; rule, unless zero, is its encryption.
func (w *world) bucket(account, name string, rule types.ServerSideEncryptionRule) {
	w.t.Helper()
	c := w.root(account)
	in := &sdk.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: tokyo}}
	if strings.HasSuffix(name, "-an") {
		in.BucketNamespace = types.BucketNamespaceAccountRegional
	}
	_, err := c.CreateBucket(context.Background(), in)
	w.ok(err)
	if rule.ApplyServerSideEncryptionByDefault == nil && rule.BlockedEncryptionTypes == nil {
		return
	}
	_, err = c.PutBucketEncryption(context.Background(), &sdk.PutBucketEncryptionInput{
		Bucket: &name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{rule}},
	})
	w.ok(err)
}

func (w *world) versioned(account, name string) {
	w.t.Helper()
	_, err := w.root(account).PutBucketVersioning(context.Background(), &sdk.PutBucketVersioningInput{
		Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	w.ok(err)
}

func (w *world) policy(account, bucket string, statements ...iam.Statement) {
	w.t.Helper()
	text, err := json.Marshal(iam.Document{Version: iam.Version, Statement: statements})
	w.ok(err)
	_, err = w.root(account).PutBucketPolicy(context.Background(), &sdk.PutBucketPolicyInput{Bucket: &bucket, Policy: aws.String(string(text))})
	w.ok(err)
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func content(out *sdk.GetObjectOutput) string {
	b, err := io.ReadAll(out.Body)
	if err != nil {
		return "read: " + err.Error()
	}
	return string(b)
}

func reader(s string) io.Reader { return bytes.NewReader([]byte(s)) }

var noRule types.ServerSideEncryptionRule

func blocking(list ...types.EncryptionType) *types.BlockedEncryptionTypes {
	return &types.BlockedEncryptionTypes{EncryptionType: list}
}
