package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
)

func TestARetryWithTheSameTokenIsNoConflict(t *testing.T) {
	t.Parallel()
	const event = `{"body":"mine","createOnly":true,"requestToken":"arn:aws:states:eu-central-1:111122223333:execution:m:1/put"}`
	for _, pattern := range encryption.Patterns() {
		t.Run(string(pattern), func(t *testing.T) {
			t.Parallel()
			f := start(t, pattern)
			first := f.mustCall(t, f.put, event)
			if pattern == encryption.SSEC {
				f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0)) // a rotation between the tries
			}
			again := f.mustCall(t, f.open(invokePut), event)
			for _, field := range []string{"key", "versionId", "etag", "size", "keyId"} {
				if first[field] != again[field] {
					t.Errorf("%s: %v, then %v", field, first[field], again[field])
				}
			}
			if _, failed, _ := f.call(t, f.put, strings.Replace(event, "/put", "/other", 1)); failed != function.Conflict {
				t.Errorf("another request's token: %q", failed)
			}
			if _, failed, _ := f.call(t, f.put, strings.Replace(event, `"createOnly":true`, `"ifMatch":"\"0\""`, 1)); failed != "" {
				t.Errorf("the same request with ifMatch: %q", failed)
			}
			f.mustCall(t, f.put, `{"body":"theirs"}`)
			if _, failed, _ := f.call(t, f.put, event); failed != function.Conflict {
				t.Errorf("over the object of an unconditional put: %q", failed)
			}
		})
	}
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	if _, failed, text := f.call(t, f.put, `{"body":"b","ifMatch":"\"0\""}`); failed != function.ObjectNotFound {
		t.Errorf("without an object: %s: %s", failed, text)
	}
	first := f.mustCall(t, f.put, `{"body":"a"}`)
	lose(f.server, "PutObject", 1)
	second := f.mustCall(t, f.put, fmt.Sprintf(`{"body":"b","ifMatch":%q}`, first["etag"]))
	if second["etag"] == first["etag"] || second["etag"] == nil {
		t.Errorf("etags %v, then %v", first["etag"], second["etag"])
	}
	for _, event := range []string{fmt.Sprintf(`{"body":"c","ifMatch":%q}`, first["etag"]), `{"body":"c","createOnly":true}`} {
		if _, failed, text := f.call(t, f.put, event); failed != function.Conflict {
			t.Errorf("%s: %s: %s", event, failed, text)
		}
	}
	if got := f.mustCall(t, f.get, fmt.Sprintf(`{"ifMatch":%q}`, second["etag"])); got["body"] != "b" {
		t.Errorf("got %v", got)
	}
	if _, failed, text := f.call(t, f.get, fmt.Sprintf(`{"ifMatch":%q}`, first["etag"])); failed != function.Conflict {
		t.Errorf("a get of another ETag: %s: %s", failed, text)
	}
}

// A conflict is answered only if it is known to be one.
func TestWhoseObjectItIsCannotBeRead(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]function.Type{"AccessDenied": function.AccessDenied, "SlowDown": function.Throttled} {
		f := start(t, encryption.SSES3)
		f.mustCall(t, f.put, `{}`)
		status := map[string]int{"AccessDenied": 403, "SlowDown": 503}[code]
		fail(f.server, "GetObjectTagging", status, code)
		_, failed, text := f.call(t, f.put, `{"body":"a","createOnly":true}`)
		if failed != want || strings.Contains(text, "s3:GetObjectTagging") != (status == 403) {
			t.Errorf("%s: %s: %s", code, failed, text)
		}
	}
	f := start(t, encryption.SSES3)
	lose(f.server, "PutObject", 1)
	fail(f.server, "ListObjectVersions", 403, "AccessDenied")
	if put := f.mustCall(t, f.put, `{"body":"a","createOnly":true}`); put["versionId"] == nil || put["etag"] != nil {
		t.Errorf("without s3:ListBucketVersions: %v, want no etag", put)
	}
}

// S3 answers 409 while another conditional put is at work, which may be this
// request's own.
func TestAConflictThatStaysIsLookedAt(t *testing.T) {
	t.Parallel()
	const event = `{"body":"a","createOnly":true,"requestToken":"t"}`
	f := start(t, encryption.SSES3)
	f.mustCall(t, f.put, event)
	f.set(func(s *objecttest.Server) {
		s.Fault = func(operation string) *objecttest.Fault {
			if operation == "PutObject" {
				return &objecttest.Fault{Status: 409, Code: "ConditionalRequestConflict"}
			}
			return nil
		}
	})
	f.mustCall(t, f.put, event)
}

func TestBadConditions(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSES3)
	for event, want := range map[string]string{
		`{"body":"","createOnly":true,"ifMatch":"e"}`:                                     `the event has both "createOnly" and "ifMatch"`,
		`{"body":"","ifMatch":"*"}`:                                                       `"ifMatch" is "*"`,
		`{"body":"","requestToken":"t"}`:                                                  `"requestToken" is for puts with`,
		`{"body":"","createOnly":true,"requestToken":"a&b"}`:                              `"requestToken" has to be`,
		`{"body":"","createOnly":true,"requestToken":"` + strings.Repeat("a", 257) + `"}`: `"requestToken" has to be`,
	} {
		if _, failed, text := f.call(t, f.put, event); failed != function.BadRequest || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %s: %s", event, failed, text)
		}
	}
	if got := f.calls(); got != "" {
		t.Errorf("bad events made calls: %s", got)
	}
}
