package object

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// presigned is an answer of presign.
type presigned struct {
	URL, Method, Limit, VersionID, KeyID string
	Headers                              map[string]string
	KeyHeaders                           []string
	Expires                              time.Time
}

// presign invokes the function, and lets the answer hold a key.
func (f *functions) presign(t *testing.T, event string) (p presigned) {
	t.Helper()
	out, err := f.open(invokePresign).Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatalf("event %s: %v", event, err)
	}
	if !strings.Contains(event, "withKey") {
		checkNoKeys(t, string(out))
	}
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// send sends a request as somebody without AWS credentials.
func (f *functions) send(t *testing.T, p presigned, headers map[string]string, body string) (status int, answer string) {
	t.Helper()
	pem, err := os.ReadFile(f.server.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), p.Method, p.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	out, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return out.StatusCode, string(text)
}

func TestPresignedURLsUploadAndRead(t *testing.T) {
	t.Parallel()
	eachPattern(t, func(t *testing.T, f *functions, p encryption.Pattern) {
		withKey := ""
		if p == encryption.SSEC {
			withKey = `,"withKey":true`
		}
		put := f.presign(t, `{"method":"put","key":"a/ü +","contentType":"text/x","createOnly":true,"expiresIn":60`+withKey+`}`)
		if left := time.Until(put.Expires); put.Method != "PUT" || left > time.Minute || left < 50*time.Second || !strings.Contains(put.Limit, "role") {
			t.Errorf("put: %v", put)
		}
		for name := range put.Headers {
			without := map[string]string{}
			for n, v := range put.Headers {
				if n != name {
					without[n] = v
				}
			}
			if status, answer := f.send(t, put, without, "body"); status < 400 {
				t.Errorf("an upload without the header %s: %d %s", name, status, answer)
			}
		}
		if status, answer := f.send(t, put, put.Headers, "body"); status != http.StatusOK {
			t.Fatalf("upload: %d %s", status, answer)
		}
		if status, _ := f.send(t, put, put.Headers, "body"); status != http.StatusPreconditionFailed {
			t.Errorf("a second createOnly upload: %d", status)
		}
		got := f.mustCall(t, f.get, `{"key":"a/ü +"}`)
		if got["body"] != "body" || got["contentType"] != "text/x" || got["encryption"] != p.Traits().Object {
			t.Errorf("the upload is %v", got)
		}
		get := f.presign(t, `{"key":"a/ü +"`+withKey+`}`)
		if status, answer := f.send(t, get, get.Headers, ""); status != http.StatusOK || answer != "body" {
			t.Errorf("reading: %d %s", status, answer)
		}
	})
}

func TestPresignedURLsOfSSECHaveATagAndAVersion(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	put := f.presign(t, `{"method":"put","withKey":true}`)
	if put.Headers["x-amz-tagging"] != "ssec-kid=k0" || put.KeyID != "k0" || put.KeyHeaders != nil {
		t.Errorf("put: %v", put)
	}
	if status, answer := f.send(t, put, put.Headers, "old"); status != http.StatusOK {
		t.Fatalf("upload: %d %s", status, answer)
	}
	if got := f.tags(t, "test-object"); got != "ssec-kid=k0" {
		t.Errorf("tags %q", got)
	}
	// The URL reads the version that its key opens, whatever comes after it.
	get := f.presign(t, `{"withKey":true}`)
	f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
	f.mustCall(t, f.open(invokePut), `{"body":"new"}`)
	if status, answer := f.send(t, get, get.Headers, ""); status != http.StatusOK || answer != "old" || get.VersionID == "" {
		t.Errorf("reading: %d %s, version %q", status, answer, get.VersionID)
	}
	if new := f.presign(t, `{"withKey":true}`); new.KeyID != "k1" {
		t.Errorf("the new object is under %s", new.KeyID)
	}
	if _, failed, text := f.call(t, f.open(invokePresign), `{"key":"none"}`); failed != function.ObjectNotFound {
		t.Errorf("%s: %s", failed, text)
	}
}

// Without withKey whoever has the key completes the request.
func TestPresignAnswersTheKeyOnlyIfAsked(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{}`)
	get := f.presign(t, `{}`)
	if get.KeyID != "k0" || strings.Join(get.KeyHeaders, " ") != strings.Join(keyHeaders, " ") {
		t.Errorf("get: %v", get)
	}
	if status, _ := f.send(t, get, get.Headers, ""); status < 400 {
		t.Errorf("reading without the key: %d", status)
	}
	with := f.presign(t, `{"withKey":true}`)
	raw, _ := hex.DecodeString(hex0)
	if with.Headers[keyHeaders[0]] != base64.StdEncoding.EncodeToString(raw) || with.Headers[keyHeaders[1]] == "" {
		t.Error("withKey: the headers lack the key")
	}
	get.Headers[keyHeaders[0]], get.Headers[keyHeaders[1]] = with.Headers[keyHeaders[0]], with.Headers[keyHeaders[1]]
	if status, answer := f.send(t, get, get.Headers, ""); status != http.StatusOK || answer != "s3seal!" {
		t.Errorf("reading with the key: %d %s", status, answer)
	}
	objecttest.CheckNoKey(t, raw, get.URL, with.URL)
}

func TestAPresignedURLEnds(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	f.mustCall(t, f.put, `{}`)
	get := f.presign(t, `{"expiresIn":1}`)
	time.Sleep(time.Until(get.Expires) + 2*time.Second)
	if status, answer := f.send(t, get, get.Headers, ""); status != http.StatusForbidden {
		t.Errorf("after its end: %d %s", status, answer)
	}
}

// A URL that uploads under a key of the ring keeps that key from retiring, so
// whoever retires it must know how long it is good for.
func TestAURLThatUploadsUnderSSECIsShort(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{}`)
	check := func(event string, want function.Type, says string) {
		t.Helper()
		_, failed, text := f.call(t, f.open(invokePresign), event)
		if failed != want || !strings.Contains(text, says) {
			t.Errorf("%s: %s %s, want %s with %q", event, failed, text, want, says)
		}
	}
	check(`{"method":"put","expiresIn":3600}`, "", "")
	check(`{"method":"put","expiresIn":3601}`, function.BadRequest, "want 1 to 3600")
	check(`{"expiresIn":43200}`, "", "")
	f.env["PUT_URL_SECONDS"] = "60"
	if left := time.Until(f.presign(t, `{"method":"put"}`).Expires); left > time.Minute {
		t.Errorf("by default good for %s", left)
	}
	delete(f.env, "PUT_URL_SECONDS")
	check(`{"method":"put"}`, function.BadConfig, "PUT_URL_SECONDS is not set")
	check(`{}`, "", "")
}
