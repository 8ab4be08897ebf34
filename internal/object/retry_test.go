package object

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// The calls' deadline is half a second before the function's.
func TestNoTimeLeftIsATimeout(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	f.set(func(s *objecttest.Server) {
		s.Fault = func(string) *objecttest.Fault { return &objecttest.Fault{Hang: true} }
	})
	functionTimeout, cancel := context.WithTimeout(t.Context(), function.Reserve+200*time.Millisecond)
	defer cancel()
	_, failed, text := f.callWith(t, functionTimeout, f.get, `{}`)
	if failed != function.Timeout {
		t.Errorf("%s: %s", failed, text)
	}
	if functionTimeout.Err() != nil {
		t.Error("the answer came after the function's own timeout")
	}
}

func TestNoTimeLeftAfterAThrottleIsAThrottle(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]function.Type{"SlowDown": function.Throttled, "InternalError": function.Unavailable} {
		f := start(t, encryption.SSES3)
		calls := 0
		f.set(func(s *objecttest.Server) {
			s.Fault = func(string) *objecttest.Fault {
				if calls++; calls > 1 {
					return &objecttest.Fault{Hang: true}
				}
				return &objecttest.Fault{Status: 503, Code: code}
			}
		})
		ctx, cancel := context.WithTimeout(t.Context(), function.Reserve+time.Second)
		defer cancel()
		if _, failed, text := f.callWith(t, ctx, f.get, `{}`); failed != want || !strings.Contains(text, code) {
			t.Errorf("%s, then nothing: %s: %s", code, failed, text)
		}
	}
}

func TestRetriesGetThroughAShortThrottle(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	calls := 0
	f.set(func(s *objecttest.Server) {
		s.Fault = func(string) *objecttest.Fault {
			if calls++; calls > 4 {
				return nil
			}
			return &objecttest.Fault{Status: 503, Code: "SlowDown"}
		}
	})
	f.mustCall(t, f.put, `{}`)
}

// cut breaks the connection within the answers of the first n calls of the
// operation.
func cut(s *objecttest.Server, operation string, n int) {
	s.Lock()
	defer s.Unlock()
	s.Fault = func(called string) *objecttest.Fault {
		if called == operation && n > 0 {
			n--
			return &objecttest.Fault{Cut: true}
		}
		return nil
	}
}

func TestAnAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	for cuts, want := range map[int]function.Type{1: "", 5: function.Unavailable} {
		f := start(t, encryption.SSEC)
		cut(f.server, "GetSecretValue", cuts)
		if _, failed, text := f.call(t, f.put, `{}`); failed != want || want != "" && !strings.Contains(text, "broke off") {
			t.Errorf("%d cuts: %s: %s", cuts, failed, text)
		}
	}
}

// Tags are only a hint.
func TestTagsThatCannotBeReadDoNotKeepAGet(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{"body":"a"}`)
	f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
	fail(f.server, "GetObjectTagging", 500, "InternalError")
	f.calls()
	if got := f.mustCall(t, f.get, `{}`); got["body"] != "a" {
		t.Errorf("got %v", got)
	}
	if got, want := f.calls(), "GetSecretValue 1 GetObject 2 HeadObject 1 GetObjectTagging 2"; got != want {
		t.Errorf("calls: %s; want %s", got, want)
	}
}

// A tag of a key that the ring in memory lacks asks for the secret, which may not
// be there to read.
func TestAGetWithoutTheSecret(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{"body":"a"}`)
	f.mustCall(t, f.put, `{"key":"lost","body":"b"}`)
	f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
	f.mustCall(t, f.get, `{}`)
	fail(f.server, "GetSecretValue", 400, "ThrottlingException")
	f.retag(t, "k9")
	if got := f.mustCall(t, f.get, `{}`); got["body"] != "a" {
		t.Errorf("under a tag that lies: got %v", got)
	}
	f.set(func(s *objecttest.Server) { s.Fault = nil })
	f.setSecret(t, ringOf("k1="+hex1))
	get := f.open(invokeGet)
	fail(f.server, "GetSecretValue", 400, "ThrottlingException")
	if _, failed, text := f.call(t, get, `{"key":"lost"}`); failed != function.Throttled {
		t.Errorf("before the first ring: %s: %s", failed, text)
	}
	f.set(func(s *objecttest.Server) { s.Fault = nil })
	if _, failed, text := f.call(t, get, `{"key":"lost"}`); failed != function.NoMatchingKey {
		t.Errorf("of a lost key: %s: %s", failed, text)
	}
	f.calls()
	for range 3 {
		f.call(t, get, `{"key":"lost"}`)
	}
	if got := f.calls(); strings.Contains(got, "GetSecretValue") {
		t.Errorf("an object of a lost key reads the secret again and again: %s", got)
	}
}

func TestNothingIsSentWithoutTLS(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	defer plain.Close()
	cfg := awsclient.Harden(aws.Config{BaseEndpoint: &plain.URL, Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", "")})
	for _, pattern := range []encryption.Pattern{encryption.SSEC, encryption.SSES3} {
		f := &functions{log: new(syncBuffer)}
		store := newStore(Config{Bucket: "bucket", DefaultKey: "k", Pattern: pattern, SecretARN: "arn"}, cfg, nil)
		if _, failed, text := f.call(t, &Handler{store: store, invoke: invokePut}, `{}`); failed != function.BadConfig || !strings.Contains(text, "https") {
			t.Errorf("%s: %s: %s", pattern, failed, text)
		}
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests over plain http", n)
	}
}

func TestACertificateThatDoesNotVerify(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	if _, failed, text := f.call(t, f.open(invokePut, "AWS_CA_BUNDLE="), `{}`); failed != function.BadConfig || !strings.Contains(text, "AWS_CA_BUNDLE") {
		t.Errorf("%s: %s", failed, text)
	}
}
