package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
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
