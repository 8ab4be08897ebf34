package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

const (
	source  = "111122223333"
	replica = "444455556666"
	region  = "ap-northeast-1" // of the transcripts
)

// start runs a local AWS of two accounts for one test.
func start(t testing.TB) *localaws.Server {
	t.Helper()
	return startWith(t, localaws.Options{Accounts: []string{source, replica}, Regions: []string{region, "eu-west-1"}, PlainHTTP: true})
}

func startWith(t testing.TB, o localaws.Options) *localaws.Server {
	t.Helper()
	s, err := localaws.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// roots is the server's authority and nothing else.
func roots(t testing.TB, s *localaws.Server) *tls.Config {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(s.CA()) {
		t.Fatal("CA is no PEM certificate")
	}
	return &tls.Config{RootCAs: pool}
}

func httpClient(t testing.TB, s *localaws.Server) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: roots(t, s), MaxIdleConnsPerHost: stressClients}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// config is that of an SDK client; a refusal isn't tried again.
func config(t testing.TB, s *localaws.Server, k localaws.Credentials) aws.Config {
	t.Helper()
	return aws.Config{
		Region:           region,
		BaseEndpoint:     aws.String(s.URL()),
		HTTPClient:       httpClient(t, s),
		Credentials:      credentials.NewStaticCredentialsProvider(k.AccessKeyID, k.SecretAccessKey, k.SessionToken),
		RetryMaxAttempts: 1,
	}
}

func s3Client(t testing.TB, s *localaws.Server, account string) *s3.Client {
	t.Helper()
	return s3.NewFromConfig(config(t, s, s.Credentials(account)), func(o *s3.Options) {
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// endpoint is a server that requests are sent to without an SDK in between, so
// that its bytes are seen as they are.
type endpoint struct {
	url, service, region string
	http                 *http.Client
	keys                 localaws.Credentials
}

func newEndpoint(t testing.TB, s *localaws.Server, service, account string) endpoint {
	t.Helper()
	return endpoint{url: s.URL(), service: service, region: region, http: httpClient(t, s), keys: s.Credentials(account)}
}

// answer is what came back; code and message are of an error body.
type answer struct {
	status        int
	header        http.Header
	body          string
	code, message string
}

func (e endpoint) send(t testing.TB, method, path string, header map[string]string, body string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, e.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	r.Header.Set("X-Amz-Content-Sha256", hash)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = e.service == "s3" })
	k := aws.Credentials{AccessKeyID: e.keys.AccessKeyID, SecretAccessKey: e.keys.SecretAccessKey, SessionToken: e.keys.SessionToken}
	if err := signer.SignHTTP(context.Background(), k, r, hash, e.service, e.region, time.Now()); err != nil {
		t.Fatal(err)
	}
	resp, err := e.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, body: string(b)}
	if a.status >= 400 {
		a.code, a.message = failure(b)
	}
	return a
}

// failure reads the error bodies of S3 (Error), of the Query protocol
// (ErrorResponse/Error) and of JSON.
func failure(body []byte) (code, message string) {
	var x struct {
		Code, Message string
		Error         struct{ Code, Message string }
	}
	if xml.Unmarshal(body, &x) == nil {
		return x.Code + x.Error.Code, x.Message + x.Error.Message
	}
	var j struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if json.NewDecoder(bytes.NewReader(body)).Decode(&j) == nil {
		return j.Type, j.Message
	}
	return "", string(body)
}

// cloudFormation calls an operation: "Name=value" each.
func cloudFormation(t testing.TB, s *localaws.Server, account, action string, parameters ...string) answer {
	t.Helper()
	return query(t, newEndpoint(t, s, "cloudformation", account), "2010-05-15", action, parameters...)
}

// query calls an operation of a service of the query protocol: "Name=value" each.
func query(t testing.TB, e endpoint, version, action string, parameters ...string) answer {
	t.Helper()
	v := url.Values{"Action": {action}, "Version": {version}}
	for _, p := range parameters {
		name, value, _ := strings.Cut(p, "=")
		v.Set(name, value)
	}
	return e.send(t, "POST", "/", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, v.Encode())
}

// createStack makes a stack and waits until it is complete.
func createStack(t testing.TB, s *localaws.Server, account, name, template string, parameters ...string) {
	t.Helper()
	a := cloudFormation(t, s, account, "CreateStack", append(parameters, "StackName="+name, "TemplateBody="+template, "Capabilities.member.1=CAPABILITY_NAMED_IAM")...)
	if a.status != http.StatusOK {
		t.Fatalf("CreateStack %s: %d %s: %s", name, a.status, a.code, a.message)
	}
	if status := settle(t, s, account, name); status != "CREATE_COMPLETE" {
		t.Fatalf("stack %s is %s: %q", name, status, reasons(t, s, account, name))
	}
}

// settle asks for a stack's status until nothing is in progress; "" if there
// is no stack.
func settle(t testing.TB, s *localaws.Server, account, name string) string {
	t.Helper()
	for t.Context().Err() == nil {
		a := cloudFormation(t, s, account, "DescribeStacks", "StackName="+name)
		if status := element(a.body, "StackStatus"); !strings.HasSuffix(status, "_IN_PROGRESS") {
			return status
		}
	}
	t.Fatal("still in progress: ", name)
	return ""
}

// element is the text of the first element of this name.
func element(body, name string) string {
	_, rest, _ := strings.Cut(body, "<"+name+">")
	text, _, _ := strings.Cut(rest, "<")
	return text
}

// reasons are those of a stack's failures, the last first.
func reasons(t testing.TB, s *localaws.Server, account, name string) []string {
	t.Helper()
	var found []string
	for _, event := range splitMembers(cloudFormation(t, s, account, "DescribeStackEvents", "StackName="+name).body) {
		if strings.HasSuffix(element(event, "ResourceStatus"), "_FAILED") {
			found = append(found, element(event, "LogicalResourceId")+": "+element(event, "ResourceStatusReason"))
		}
	}
	return found
}

func splitMembers(body string) []string { return strings.Split(body, "<member>") }
