package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/identity"
)

// echo answers with what the front door has made of the request.
type echo struct{ name string }

func (echo) Operations() []string { return nil }

func (e echo) Serve(w http.ResponseWriter, r *http.Request, c api.Call) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sig, signed := api.SignatureOf(r.Context())
	h := w.Header()
	h.Set("Echo-Service", e.name)
	h.Set("Echo-Caller", c.Caller.String())
	h.Set("Echo-Account", c.Account)
	h.Set("Echo-Region", c.Region)
	h.Set("Echo-Signed", strconv.FormatBool(signed))
	h.Set("Echo-Payload", sig.Payload)
	for k, v := range c.Keys() {
		h.Set("Echo-Key-"+strings.ReplaceAll(k, ":", "-"), strings.Join(v, ","))
	}
	switch r.Header.Get("Panic") {
	case "before the answer":
		h.Set("Content-Length", "1")
		panic("a mistake")
	case "in the answer":
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		panic("a mistake")
	}
	_, _ = w.Write(body)
}

// keys is a table of credentials.
type keys map[string]identity.Credential

func (k keys) Credential(id string) (identity.Credential, bool) {
	c, ok := k[id]
	return c, ok
}

var testTime = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func startEcho(t testing.TB, o Options) *Server {
	t.Helper()
	o.Regions = []string{"eu-west-1", "us-west-2"}
	o.Now = func() time.Time { return testTime }
	o.Keys = keys{
		longTerm:  {Secret: "secret-1", Caller: iam.User(exampleUser)},
		temporary: {Secret: "secret-2", Token: "token-2", Expires: testTime.Add(time.Second), Caller: iam.RoleSession(roleARN, "s")},
		outdated:  {Secret: "secret-3", Token: "token-3", Expires: testTime, Caller: iam.RoleSession(roleARN, "s")},
	}
	services := map[string]api.Service{}
	for _, name := range []string{"s3", "kms", "sts", "iam", "lambda"} {
		services[name] = echo{name}
	}
	maps.Copy(services, o.Services) // the test's own
	o.Services = services
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func client(t *testing.T, s *Server) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// signing says how a test signs.
type signing struct {
	key, secret, token string
	service, region    string
	time               time.Time
	payload            string // "": the body's hash
}

func (g signing) sign(t *testing.T, r *http.Request, body string) {
	t.Helper()
	hash := g.payload
	if hash == "" {
		sum := sha256.Sum256([]byte(body))
		hash = hex.EncodeToString(sum[:])
	}
	if g.service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = g.service == "s3" })
	err := signer.SignHTTP(context.Background(), aws.Credentials{AccessKeyID: g.key, SecretAccessKey: g.secret, SessionToken: g.token},
		r, hash, g.service, g.region, g.time)
	if err != nil {
		t.Fatal(err)
	}
}

func good(service string) signing {
	return signing{key: longTerm, secret: "secret-1", service: service, region: "eu-west-1", time: testTime}
}

func request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// do sends a request and returns the answer with its body read.
func do(t *testing.T, c *http.Client, r *http.Request) (*http.Response, string) {
	t.Helper()
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp, b.String()
}
