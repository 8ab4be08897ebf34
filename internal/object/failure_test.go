package object

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

// Every answer of AWS, through the SDK's own decoding and retries.
func TestFailuresHaveTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation string
		status    int
		code      string
		want      function.Type
	}{
		{"GetSecretValue", 400, "AccessDeniedException", function.SecretAccessDenied},
		{"GetSecretValue", 400, "DecryptionFailure", function.SecretAccessDenied},
		{"GetSecretValue", 400, "ResourceNotFoundException", function.SecretNotFound},
		{"GetSecretValue", 400, "InvalidRequestException", function.SecretNotFound},
		{"GetSecretValue", 400, "ThrottlingException", function.Throttled},
		{"GetSecretValue", 400, "ExpiredTokenException", function.AccessDenied},
		{"GetSecretValue", 400, "UnrecognizedClientException", function.AccessDenied},
		{"GetSecretValue", 500, "InternalServiceError", function.Unavailable},
		{"PutObject", 403, "AccessDenied", function.AccessDenied},
		{"PutObject", 403, "SignatureDoesNotMatch", function.AccessDenied},
		{"PutObject", 400, "ExpiredToken", function.AccessDenied},
		{"PutObject", 404, "NoSuchBucket", function.BadConfig},
		{"PutObject", 301, "PermanentRedirect", function.BadConfig},
		{"PutObject", 400, "KMS.DisabledException", function.KMSKeyUnusable},
		{"PutObject", 400, "KMS.NotFoundException", function.KMSKeyUnusable},
		{"PutObject", 400, "KMS.KMSInvalidStateException", function.KMSKeyUnusable},
		{"PutObject", 400, "KMS.ThrottlingException", function.Throttled},
		{"PutObject", 400, "ThrottlingException", function.Throttled},
		{"PutObject", 429, "ServiceUnavailable", function.Throttled},
		{"PutObject", 400, "KMS.KeyUnavailableException", function.Unavailable},
		{"PutObject", 500, "KMS.KMSInternalException", function.Unavailable},
		{"PutObject", 400, "BadDigest", function.Unavailable},
		{"PutObject", 400, "IncompleteBody", function.Unavailable},
		{"PutObject", 400, "RequestTimeout", function.Unavailable},
		{"PutObject", 307, "TemporaryRedirect", function.Unavailable},
		{"PutObject", 409, "OperationAborted", function.Unavailable},
		{"PutObject", 503, "SlowDown", function.Throttled},
		{"PutObject", 503, "ServiceUnavailable", function.Unavailable},
		{"PutObject", 500, "InternalError", function.Unavailable},
		{"PutObject", 409, "ConditionalRequestConflict", function.Conflict},
		{"PutObject", 400, "KeyTooLongError", function.BadRequest},
		{"PutObject", 418, "Teapot", function.Internal},
	} {
		t.Run(c.operation+" "+c.code, func(t *testing.T) {
			t.Parallel()
			f := start(t, encryption.SSEC)
			fail(f.server, c.operation, c.status, c.code)
			_, failed, text := f.call(t, f.put, `{}`)
			if failed != c.want || !strings.Contains(text, c.code) {
				t.Errorf("%s: %s; want %s with the code", failed, text, c.want)
			}
			tries := 1
			if c.want == function.Throttled || c.want == function.Unavailable || c.want == function.Conflict {
				tries = 5
			}
			if got := f.calls(); !strings.Contains(got, fmt.Sprintf("%s %d", c.operation, tries)) {
				t.Errorf("calls: %s; want %d of %s", got, tries, c.operation)
			}
		})
	}
}

func TestABadSecretIsNotQuoted(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{" ", hex0, `{"v":1,"primary":"k0","k0":"` + hex0 + `x"}`, legacy + "\n"} {
		f := start(t, encryption.SSEC)
		f.setSecret(t, secret)
		if _, failed, text := f.call(t, f.put, `{}`); failed != function.BadSecret {
			t.Errorf("secret %q: %s: %s", secret, failed, text)
		}
		if got := f.calls(); got != "GetSecretValue 1" {
			t.Errorf("calls: %s", got)
		}
	}
}

func TestABucketThatBlocksSSEC(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.server.SetEncryption(t, types.EncryptionTypeSseC, nil)
	_, failed, text := f.call(t, f.put, `{}`)
	if failed != function.SSECBlocked || !strings.Contains(text, "BlockedEncryptionTypes") || !strings.Contains(text, "RCP") {
		t.Errorf("%s: %s; want %s with both causes", failed, text, function.SSECBlocked)
	}

	fail(f.server, "PutObject", 403, "AccessDenied")
	f.server.SetEncryption(t, types.EncryptionTypeNone, nil)
	_, failed, text = f.call(t, f.put, `{}`)
	if failed != function.AccessDenied || !strings.Contains(text, "does not block SSE-C") || !strings.Contains(text, "RCP") {
		t.Errorf("denied, not blocked: %s: %s", failed, text)
	}

	f.set(func(s *objecttest.Server) {
		s.Fault = func(operation string) *objecttest.Fault {
			if operation == "GetSecretValue" {
				return nil
			}
			return &objecttest.Fault{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
		}
	})
	_, failed, text = f.call(t, f.put, `{}`)
	if failed != function.AccessDenied || !strings.Contains(text, "s3:GetEncryptionConfiguration") {
		t.Errorf("denied, and so is the encryption configuration: %s: %s", failed, text)
	}
}

func TestADenialNamesWhoAndWhat(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	const message = "User: arn:aws:sts::111122223333:assumed-role/put/f is not authorized to perform: s3:PutObject"
	f.set(func(s *objecttest.Server) {
		s.Fault = func(string) *objecttest.Fault {
			return &objecttest.Fault{Status: 403, Code: "AccessDenied", Message: message}
		}
	})
	if _, failed, text := f.call(t, f.put, `{}`); failed != function.AccessDenied || !strings.HasSuffix(text, message) {
		t.Errorf("%s: %s", failed, text)
	}
}

// lose breaks the connection after the first n calls of the operation are done.
func lose(s *objecttest.Server, operation string, n int) {
	s.Lock()
	defer s.Unlock()
	s.Fault = func(called string) *objecttest.Fault {
		if called == operation && n > 0 {
			n--
			return &objecttest.Fault{Lost: true}
		}
		return nil
	}
}

func TestCreateOnly(t *testing.T) {
	t.Parallel()
	const event = `{"body":"mine","createOnly":true}`
	for _, pattern := range encryption.Patterns() {
		t.Run(string(pattern), func(t *testing.T) {
			t.Parallel()
			f := start(t, pattern)
			lose(f.server, "PutObject", 1)
			put := f.mustCall(t, f.put, event)
			if put["versionId"] == nil || put["etag"] == "" || put["encryption"] == nil {
				t.Errorf("the answer was lost once: got %v", put)
			}
			if calls := f.calls(); !strings.Contains(calls, "PutObject 2 GetObjectTagging 1 ListObjectVersions 1") {
				t.Errorf("calls: %s", calls)
			}
			if _, failed, text := f.call(t, f.put, event); failed != function.Conflict {
				t.Errorf("a second put: %s: %s", failed, text)
			}
			if got := f.mustCall(t, f.get, `{}`); got["body"] != "mine" || got["versionId"] != put["versionId"] {
				t.Errorf("got %v, put %v", got, put)
			}
		})
	}
}

func TestCreateOnlyOverAnObjectOfAnotherKey(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403} {
		f := start(t, encryption.SSEC)
		f.mustCall(t, f.put, `{"body":"theirs"}`)
		f.answerWrongKeys(status)
		f.setSecret(t, ringOf("k1="+hex1))
		if _, failed, text := f.call(t, f.open(invokePut), `{"body":"mine","createOnly":true}`); failed != function.Conflict {
			t.Errorf("wrong key answered %d: %s: %s", status, failed, text)
		}
	}
}

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
