package object

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

func TestGetFindsTheKey(t *testing.T) {
	t.Parallel()
	one := ringOf("k0=" + hex0)
	rotated := ringOf("k1="+hex1, "k0="+hex0)
	many := ringOf("k9="+strings.Repeat("9", 64), "k8="+strings.Repeat("8", 64), "k1="+hex1, "k0="+hex0)
	for name, c := range map[string]struct {
		put     string                       // the ring when the object is put
		warm    string                       // the ring that the get function has in memory, if any
		get     string                       // the ring when the object is got
		change  func(*testing.T, *functions) // before the get
		keyID   string
		calls   string // of the get
		failure function.Type
	}{
		"a ring of one key takes one call": {
			put: one, get: one, keyID: "k0", calls: "GetSecretValue 1 GetObject 1",
		},
		"an object of before the rotation": {
			put: one, get: rotated, keyID: "k0", calls: "GetSecretValue 1 GetObject 1 GetObjectTagging 1",
		},
		"an object of after the rotation": {
			put: rotated, get: rotated, keyID: "k1", calls: "GetSecretValue 1 GetObject 1 GetObjectTagging 1",
		},
		"a key that the ring in memory lacks": {
			put: rotated, warm: one, get: rotated, keyID: "k1", calls: "GetSecretValue 1 GetObject 2 HeadObject 1 GetObjectTagging 1",
		},
		"a key that a ring of two in memory lacks": {
			put: ringOf("k2="+strings.Repeat("2", 64), "k1="+hex1, "k0="+hex0), warm: rotated,
			get:   ringOf("k2="+strings.Repeat("2", 64), "k1="+hex1, "k0="+hex0),
			keyID: "k2", calls: "GetSecretValue 1 GetObject 1 GetObjectTagging 1",
		},
		"a primary key in memory that is retired": {
			put: ringOf("k1=" + hex1), warm: one, get: ringOf("k1=" + hex1), keyID: "k1",
			calls: "GetSecretValue 1 GetObject 2 HeadObject 1 GetObjectTagging 1",
		},
		"no tag": {
			put: one, get: rotated, change: func(t *testing.T, f *functions) { f.retag(t) },
			keyID: "k0", calls: "GetSecretValue 1 GetObject 2 HeadObject 1 GetObjectTagging 1",
		},
		"a tag that lies": {
			put: one, get: many, change: func(t *testing.T, f *functions) { f.retag(t, "k8") },
			keyID: "k0", calls: "GetSecretValue 1 GetObject 3 HeadObject 1 GetObjectTagging 1",
		},
		"a tag of an unknown key": {
			put: one, get: rotated, change: func(t *testing.T, f *functions) { f.retag(t, "zz") },
			keyID: "k0", calls: "GetSecretValue 2 GetObject 2 HeadObject 1 GetObjectTagging 1",
		},
		"tags that may not be read": {
			put: one, get: rotated, change: func(_ *testing.T, f *functions) { fail(f.server, "GetObjectTagging", 403, "AccessDenied") },
			keyID: "k0", calls: "GetSecretValue 1 GetObject 2 HeadObject 1 GetObjectTagging 1",
		},
		"a secret of 32 bytes": {
			put: legacy, get: legacy, keyID: "legacy", calls: "GetSecretValue 1 GetObject 1",
		},
		"a secret of 32 bytes that was replaced after the get function read it": {
			put: legacy, warm: "another-password-of-32-character", get: legacy,
			keyID: "legacy", calls: "GetSecretValue 1 GetObject 2 HeadObject 1 GetObjectTagging 1",
		},
		"a key that is lost": {
			put: one, get: ringOf("k1=" + hex1), failure: function.NoMatchingKey,
			calls: "GetSecretValue 2 GetObject 1 HeadObject 1 GetObjectTagging 1",
		},
		"no right to the object": {
			put: one, get: rotated, change: func(_ *testing.T, f *functions) { fail(f.server, "*Object", 403, "AccessDenied") }, failure: function.AccessDenied,
			calls: "GetSecretValue 1 GetObject 1 HeadObject 1 GetObjectTagging 1",
		},
		"no object": {
			put: one, get: one, change: func(_ *testing.T, f *functions) { fail(f.server, "*Object", 404, "NoSuchKey") }, failure: function.ObjectNotFound,
			calls: "GetSecretValue 1 GetObject 1",
		},
		"no bucket": {
			put: one, get: one, change: func(_ *testing.T, f *functions) { fail(f.server, "*Object", 404, "NoSuchBucket") }, failure: function.BadConfig,
			calls: "GetSecretValue 1 GetObject 1",
		},
	} {
		for _, status := range []int{http.StatusForbidden, http.StatusBadRequest} {
			t.Run(name+", "+http.StatusText(status)+" for a wrong key", func(t *testing.T) {
				t.Parallel()
				f := start(t, encryption.SSEC)
				f.setSecret(t, c.put)
				f.mustCall(t, f.put, `{"body":"x"}`)
				if c.warm != "" {
					f.setSecret(t, c.warm)
					f.call(t, f.get, `{"key":"other"}`)
				}
				f.setSecret(t, c.get)
				f.answerWrongKeys(status)
				if c.change != nil {
					c.change(t, f)
				}
				f.calls()
				answer, failed, text := f.call(t, f.get, `{}`)
				if failed != c.failure {
					t.Fatalf("failure %q: %s; want %q", failed, text, c.failure)
				}
				if failed == function.AccessDenied && !strings.Contains(text, "s3:ListBucket") {
					t.Errorf("the failure does not say what a 403 can mean: %s", text)
				}
				if failed == "" && (answer["keyId"] != c.keyID || answer["body"] != "x") {
					t.Errorf("got %v, want the key %s", answer, c.keyID)
				}
				if got := f.calls(); got != c.calls {
					t.Errorf("calls: %s; want: %s", got, c.calls)
				}
			})
		}
	}
}

// retag replaces the object's tags by its key's id, or by nothing.
func (f *functions) retag(t *testing.T, ids ...string) {
	t.Helper()
	tags := types.Tagging{TagSet: []types.Tag{}}
	for _, id := range ids {
		tags.TagSet = append(tags.TagSet, types.Tag{Key: aws.String(ssec.KeyIDTag), Value: &id})
	}
	_, err := s3.NewFromConfig(f.server.Admin).PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{
		Bucket: aws.String(objecttest.Bucket), Key: aws.String("test-object"), Tagging: &tags,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fail makes the calls of a name, or of all names with the ending after "*",
// fail.
func fail(s *objecttest.Server, operation string, status int, code string) {
	s.Lock()
	defer s.Unlock()
	before := s.Fault
	s.Fault = func(called string) *objecttest.Fault {
		if ending, ok := strings.CutPrefix(operation, "*"); called == operation || ok && strings.HasSuffix(called, ending) {
			return &objecttest.Fault{Status: status, Code: code, Message: "message with a key " + hex0}
		}
		if before != nil {
			return before(called)
		}
		return nil
	}
}

func TestThePutsTagNamesThePrimaryKey(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.setSecret(t, ringOf("k1="+hex1, "k0="+hex0))
	f.mustCall(t, f.put, `{}`)
	out, err := s3.NewFromConfig(f.server.Admin).GetObjectTagging(t.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(objecttest.Bucket), Key: aws.String("test-object")})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.TagSet) != 1 || *out.TagSet[0].Key != "ssec-kid" || *out.TagSet[0].Value != "k1" {
		t.Errorf("tags %v, want ssec-kid = k1", out.TagSet)
	}
	if got := f.calls(); got != "GetSecretValue 1 PutObject 1" {
		t.Errorf("calls: %s", got)
	}
}

func TestAnObjectUnderAnotherEncryption(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	plainPut, plainGet := f.open(invokePut, "ENCRYPTION=sse-s3"), f.open(invokeGet, "ENCRYPTION=sse-s3")

	f.mustCall(t, plainPut, `{}`)
	if _, failed, text := f.call(t, f.get, `{}`); failed != function.ObjectNotSSEC {
		t.Errorf("the sse-c function got an SSE-S3 object: %s: %s", failed, text)
	}
	f.mustCall(t, f.put, `{}`)
	if _, failed, text := f.call(t, plainGet, `{}`); failed != function.NoMatchingKey {
		t.Errorf("the sse-s3 function got an SSE-C object: %s: %s", failed, text)
	}
}
