package localaws

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

const fuzzAccount, fuzzRegion = "111122223333", "us-east-1"

// fuzzer sends requests of the fuzz targets into a local AWS, in process. The
// server recovers from a panic, in a handler and in the background; its log tells.
type fuzzer struct {
	panics  panics
	furnish func(*fuzzer, *testing.T) // what a new server has
	server  *Server
	dirty   bool // a request may have changed something
}

// fresh starts a server anew when the last input may have changed it: an input
// that fails does so alone, too.
func (z *fuzzer) fresh(t *testing.T) {
	t.Helper()
	if z.server != nil && !z.dirty {
		return
	}
	z.close(t)
	var err error
	if z.server, err = Start(Options{Accounts: []string{fuzzAccount}, Regions: []string{fuzzRegion}, Log: &z.panics}); err != nil {
		t.Fatal(err)
	}
	if z.furnish != nil {
		z.furnish(z, t)
	}
	z.dirty = false
}

func (z *fuzzer) close(t testing.TB) {
	if z.server == nil {
		return
	}
	if err := z.server.Close(); err != nil {
		t.Error(err)
	}
	z.server = nil
}

// readRequest makes a request of its text on the wire; nil if net/http would
// refuse it, or the client can't sign it as it stands.
func readRequest(method, target, headers string, body []byte) *http.Request {
	wire := method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire)))
	if err != nil || r.Host != "127.0.0.1" || !strings.HasPrefix(target, "/") {
		return nil
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		return nil
	}
	// The SDK signs a path as it stands, and escapes its own paths so.
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for i, s := range segments {
		plain, err := url.PathUnescape(s)
		if err != nil {
			return nil
		}
		segments[i] = strings.ReplaceAll(url.QueryEscape(plain), "+", "%20")
	}
	r.URL.RawPath = strings.Join(segments, "/")
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256", "Content-Length"} {
		r.Header.Del(name)
	}
	for name, values := range r.Header {
		if strings.Contains(name, " ") || strings.ContainsFunc(strings.Join(values, ""), unicode.IsControl) {
			return nil // the server refuses it, but a tab
		}
		// Of a tab and of white space beyond ASCII SDKs sign different things,
		// and AWS's pages say nothing.
		if strings.ContainsFunc(strings.Join(values, ""), func(c rune) bool { return c != ' ' && unicode.IsSpace(c) }) {
			return nil
		}
	}
	r.TransferEncoding = nil
	r.ContentLength, r.Body = int64(len(body)), io.NopCloser(bytes.NewReader(body))
	return r
}

// send signs a request as the administrator, has it served, and checks what
// holds of every answer.
func (z *fuzzer) send(t *testing.T, service string, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	k := z.server.Credentials(fuzzAccount)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	err = signer.SignHTTP(context.Background(), aws.Credentials{AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey}, r, hash, service, fuzzRegion, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.TLS, r.RemoteAddr = &tls.ConnectionState{Version: tls.VersionTLS13}, "127.0.0.1:1"
	answer := httptest.NewRecorder()
	z.server.front.ServeHTTP(answer, r)
	if r.Method != "GET" && r.Method != "HEAD" && answer.Code < 300 {
		z.dirty = true
	}
	checkAnswer(t, service, r, answer, len(body))
	if text := z.panics.Swap(nil); text != nil {
		t.Fatalf("%s %s: %s", r.Method, r.URL, *text)
	}
	return answer
}

// panics keeps the last entry of a log that tells of one.
type panics struct{ atomic.Pointer[string] }

func (p *panics) Write(entry []byte) (int, error) {
	if text := string(entry); strings.Contains(text, " panic: ") {
		p.Store(&text)
	}
	return len(entry), nil
}

// checkAnswer wants a success or the client's fault, said in the service's own
// form and in a length that the request explains. 501 is S3's NotImplemented.
func checkAnswer(t *testing.T, service string, r *http.Request, answer *httptest.ResponseRecorder, sent int) {
	t.Helper()
	text := answer.Body.Bytes()
	if answer.Code >= 500 && answer.Code != http.StatusNotImplemented || answer.Code < 200 {
		t.Errorf("%s %s: %d %s", r.Method, r.URL, answer.Code, text)
	}
	if most := 1<<20 + 16*(sent+len(r.URL.String())); len(text) > most {
		t.Errorf("%s %s: %d bytes for a body of %d", r.Method, r.URL, len(text), sent)
	}
	if answer.Code < 400 || r.Method == "HEAD" {
		return
	}
	code := ""
	if service == "monitoring" { // which speaks three protocols
		switch {
		case api.IsCBOR(r):
			return // FuzzCBORRequest reads it
		case bytes.HasPrefix(text, []byte("<")):
			service = "iam"
		}
	}
	switch service {
	case "s3":
		var e struct{ Code string }
		if err := xml.Unmarshal(text, &e); err != nil {
			t.Errorf("%s %s: %d %v in %s", r.Method, r.URL, answer.Code, err, text)
		}
		code = e.Code
	case "iam", "sts", "cloudformation", "sns":
		var e struct {
			Code string `xml:"Error>Code"`
		}
		if err := xml.Unmarshal(text, &e); err != nil {
			t.Errorf("%s %s: %d %v in %s", r.Method, r.URL, answer.Code, err, text)
		}
		code = e.Code
	case "lambda":
		code = answer.Header().Get("X-Amzn-Errortype")
	default:
		var e struct {
			Type string `json:"__type"`
		}
		if err := json.Unmarshal(text, &e); err != nil {
			t.Errorf("%s %s: %d %v in %s", r.Method, r.URL, answer.Code, err, text)
		}
		code = e.Type
	}
	if code == "" && answer.Code != http.StatusNotModified {
		t.Errorf("%s %s: %d without a code: %s", r.Method, r.URL, answer.Code, text)
	}
	if code == "SignatureDoesNotMatch" || code == "InvalidSignatureException" {
		t.Errorf("%s %s %v: what the SDK has signed is refused: %s", r.Method, r.URL, r.Header, text)
	}
}
