package object

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
)

func TestPutAndGetUnderEveryPattern(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		pattern    encryption.Pattern
		key        string // named: in the environment and the header
		header     string // of the encryption, as sent
		encryption string
	}{
		"sse-s3":                      {encryption.SSES3, "", "AES256", "sse-s3"},
		"sse-kms-aws-managed":         {encryption.SSEKMSAWSManaged, "", "aws:kms", "sse-kms"},
		"sse-kms-cmk, key named":      {encryption.SSEKMSCMK, "named", "aws:kms", "sse-kms"},
		"sse-kms-cmk, bucket default": {encryption.SSEKMSCMK, "default", "", "sse-kms"},
		"dsse-kms, key named":         {encryption.DSSEKMS, "named", "aws:kms:dsse", "dsse-kms"},
		"sse-c":                       {encryption.SSEC, "", "", "sse-c"},
	}
	for _, p := range encryption.Patterns() {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(cases)), func(name string) bool { return cases[name].pattern == p }) {
			t.Errorf("no case uploads under %s", p)
		}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, c.pattern)
			key, keyHeader := "", ""
			switch c.key {
			case "named":
				key = f.newKey(t)
				keyHeader, f.env["KMS_KEY_ARN"] = key, key
				f.put, f.get = f.open(invokePut), f.open(invokeGet)
			case "default":
				key = f.newKey(t)
				f.server.SetEncryption(t, types.EncryptionTypeNone, &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &key})
			}
			put := f.mustCall(t, f.put, `{"key":"a/b c","body":"héllo","contentType":"text/x"}`)
			sent := f.server.Headers["PutObject"]
			if got := sent.Get("X-Amz-Server-Side-Encryption"); got != c.header {
				t.Errorf("encryption header %q, want %q", got, c.header)
			}
			if got := sent.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"); got != keyHeader {
				t.Errorf("key header %q, want %q", got, keyHeader)
			}
			if got := sent.Get("X-Amz-Server-Side-Encryption-Customer-Algorithm") != ""; got != (c.pattern == encryption.SSEC) {
				t.Errorf("SSE-C headers sent: %v", got)
			}
			get := f.mustCall(t, f.get, `{"key":"a/b c"}`)
			for name := range f.server.Headers["GetObject"] {
				if strings.HasPrefix(name, "X-Amz-Server-Side-Encryption") && c.pattern != encryption.SSEC {
					t.Errorf("the GET has the header %s, which S3 refuses", name)
				}
			}
			for _, a := range []map[string]any{put, get} {
				if a["bucket"] != "bucket" || a["key"] != "a/b c" || a["versionId"] == nil || a["versionId"] != put["versionId"] || a["etag"] == "" || a["encryption"] != c.encryption || a["size"] != 6.0 {
					t.Errorf("answer %v", a)
				}
				if got, _ := a["kmsKeyArn"].(string); (got != "") != strings.Contains(c.encryption, "kms") || key != "" && got != key {
					t.Errorf("kmsKeyArn %q, want %q", got, key)
				}
				if id, _ := a["keyId"].(string); (id == "k0") != (c.pattern == encryption.SSEC) {
					t.Errorf("keyId %q", id)
				}
			}
			if get["body"] != "héllo" || get["contentType"] != "text/x" {
				t.Errorf("got %v", get)
			}
		})
	}
}

func TestEmptyEventsPutAndGetTheDefaults(t *testing.T) {
	t.Parallel()
	for _, event := range []string{"", "null", "{}", " { } "} {
		f := start(t, encryption.SSEC)
		f.mustCall(t, f.put, event)
		got := f.mustCall(t, f.get, event)
		if got["key"] != "test-object" || got["body"] != "s3seal!" || got["contentType"] != "text/plain; charset=utf-8" {
			t.Errorf("event %q: got %v", event, got)
		}
	}
}

func TestBadEventsAreBadRequests(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	long := strings.Repeat("k", 1025)
	for _, c := range []struct {
		h           *Handler
		event, want string
	}{
		{f.put, `[]`, `the event is a JSON array: want an object with the fields key, body, bodyBase64, contentType, contentEncoding, cacheControl, metadata, createOnly, ifMatch, requestToken`},
		{f.get, `[]`, `the event is a JSON array: want an object with the fields key, versionId, range, ifMatch`},
		{f.get, `"x"`, `the event is a JSON string: want an object with the fields key, versionId, range, ifMatch`},
		{f.get, `7`, `the event is a JSON number: want an object with the fields key, versionId, range, ifMatch`},
		{f.get, `{"key":7}`, `"key" is a JSON number: want a string`},
		{f.put, `{"createOnly":"yes","body":""}`, `"createOnly" is a JSON string: want a boolean`},
		{f.put, `{"body":true}`, `"body" is a JSON boolean: want a string`},
		{f.get, `{"version":"v1"}`, `the event has an unknown field: want key, versionId, range, ifMatch`},
		{f.get, `{"key"`, `the event is not JSON`},
		{f.get, `{} {}`, `the event is more than one JSON value`},
		{f.put, `{"key":"a"}`, `the event has neither "body" nor "bodyBase64": send one, or an empty event`},
		{f.put, `{"body":"a","bodyBase64":""}`, `the event has both "body" and "bodyBase64": send one`},
		{f.put, `{"bodyBase64":"a"}`, `"bodyBase64" is not base64 (the standard alphabet, with padding)`},
		{f.get, `{"key":"` + long + `"}`, `"key" has 1025 bytes: S3 allows at most 1024`},
		{f.get, `{"range":"0-9"}`, `"range" is "0-9": want "bytes=<first>-<last>", "bytes=<first>-" or "bytes=-<count>"`},
	} {
		if _, failed, text := f.call(t, c.h, c.event); failed != function.BadRequest || text != c.want {
			t.Errorf("event %.40s:\n got %s: %s\nwant %s: %s", c.event, failed, text, function.BadRequest, c.want)
		}
	}
	if got := f.calls(); got != "" {
		t.Errorf("bad events made calls: %s", got)
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	for r, ok := range map[string]bool{
		"": true, "bytes=0-0": true, "bytes=5-": true, "bytes=-5": true,
		"bytes=5-4": false, "bytes=-0": false, "bytes=-": false, "bytes=0-1,3-4": false, "bytes= 0-1": false, "bytes=+1-2": false, "items=0-1": false, "bytes=a-b": false,
	} {
		if err := checkRange(r); (err == nil) != ok {
			t.Errorf("checkRange(%q) = %v", r, err)
		}
	}
}

func TestBodiesThatAreNotText(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.mustCall(t, f.put, `{"bodyBase64":"/wD+"}`)
	got := f.mustCall(t, f.get, `{}`)
	if _, isText := got["body"]; isText || got["bodyBase64"] != "/wD+" || got["contentType"] != "application/octet-stream" {
		t.Errorf("got %v", got)
	}
	f.mustCall(t, f.put, `{"body":""}`)
	if got := f.mustCall(t, f.get, `{}`); got["body"] != "" || got["size"] != 0.0 {
		t.Errorf("an empty object: got %v", got)
	}
}

// A control character takes six bytes in JSON.
func TestTextThatGrowsTooLargeInJSONGoesInBase64(t *testing.T) {
	t.Parallel()
	r := &GetResult{Body: bytes.Repeat([]byte{1}, 300)}
	for limit, body := range map[int]string{1000: `"bodyBase64":"AQEB`, 2000: `"body":"\u0001`} {
		out, err := getAnswer(r, limit)
		if err != nil || len(out) > limit || !bytes.Contains(out, []byte(body)) {
			t.Errorf("limit %d: an answer of %d bytes, %v: %s", limit, len(out), err, out)
		}
	}
	r.Body = []byte("<&>")
	if out, err := getAnswer(r, maxAnswer); err != nil || !bytes.Contains(out, []byte(`"body":"<&>"`)) {
		t.Errorf("answer %s, %v; want the text unescaped", out, err)
	}
}

// The metadata of an answer is a key of at most 1024 bytes, six times that in
// JSON, and little else.
func TestTheLargestBodyFitsIntoAnAnswer(t *testing.T) {
	t.Parallel()
	if n := base64.StdEncoding.EncodedLen(MaxBody) + 6*1024 + 4096; n > maxAnswer {
		t.Errorf("%d bytes, more than %d", n, maxAnswer)
	}
}

func TestLargeObjectsAreReadInRanges(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.put.store.maxBody, f.get.store.maxBody = 10, 10
	if _, failed, text := f.call(t, f.put, `{"body":"0123456789a"}`); failed != function.PayloadTooLarge {
		t.Errorf("a put of one byte too many: %s %s", failed, text)
	}
	f.mustCall(t, f.put, `{"body":"0123456789"}`)
	if got := f.mustCall(t, f.get, `{}`); got["body"] != "0123456789" {
		t.Errorf("the largest object: got %v", got)
	}
	f.put.store.maxBody = 11
	f.mustCall(t, f.put, `{"body":"0123456789a"}`)
	if _, failed, text := f.call(t, f.get, `{}`); failed != function.PayloadTooLarge || !strings.Contains(text, `"bytes=0-9"`) {
		t.Errorf("a get of one byte too many: %s %s", failed, text)
	}
	got := f.mustCall(t, f.get, `{"range":"bytes=9-"}`)
	if got["body"] != "9a" || got["size"] != 2.0 || got["contentRange"] != "bytes 9-10/11" {
		t.Errorf("range: got %v", got)
	}
	if _, failed, _ := f.call(t, f.get, `{"range":"bytes=11-"}`); failed != function.BadRequest {
		t.Errorf("a range past the end: %s", failed)
	}
}

// Base64 of that size has to be refused before it is decoded, or even looked at.
func TestWhatIsTooLargeIsNotDecoded(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	f.put.store.maxBody = 4
	for text, want := range map[string]function.Type{
		"QUFBQQ==": "", "QUFB\r\nQQ==\n": "", "QUFBQUE=": function.PayloadTooLarge, "????????": function.PayloadTooLarge, "????": function.BadRequest, "=": function.BadRequest, "": "",
	} {
		if _, failed, message := f.call(t, f.put, fmt.Sprintf(`{"bodyBase64":%q}`, text)); failed != want {
			t.Errorf("%q: %s: %s, want %q", text, failed, message, want)
		}
	}
}

func TestABodyThatBreaksOffIsGotAgain(t *testing.T) {
	t.Parallel()
	for _, pattern := range []encryption.Pattern{encryption.SSES3, encryption.SSEC} {
		for cuts, want := range map[int]function.Type{1: "", 2: "", 3: function.Unavailable} {
			f := start(t, pattern)
			f.mustCall(t, f.put, `{"body":"0123456789"}`)
			f.calls()
			cut(f.server, "GetObject", cuts)
			got, failed, text := f.call(t, f.get, `{}`)
			if calls := f.calls(); failed != want || want == "" && got["body"] != "0123456789" || !strings.Contains(calls, fmt.Sprintf("GetObject %d", min(cuts+1, 3))) {
				t.Errorf("%s, %d cuts: %v, %s: %s; calls: %s", pattern, cuts, got, failed, text, calls)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	f := start(t, encryption.SSEC)
	first := f.mustCall(t, f.put, `{"body":"one"}`)["versionId"]
	f.mustCall(t, f.put, `{"body":"two"}`)
	if got := f.mustCall(t, f.get, fmt.Sprintf(`{"versionId":%q}`, first)); got["body"] != "one" || got["versionId"] != first {
		t.Errorf("version %v: got %v", first, got)
	}
	if got := f.mustCall(t, f.get, `{}`); got["body"] != "two" {
		t.Errorf("current version: got %v", got)
	}
	other := f.mustCall(t, f.put, `{"key":"other","body":"three"}`)["versionId"]
	if _, failed, text := f.call(t, f.get, fmt.Sprintf(`{"versionId":%q}`, other)); failed != function.ObjectNotFound {
		t.Errorf("a version that is not there: %s: %s", failed, text)
	}
	if _, failed, text := f.call(t, f.get, `{"versionId":"x"}`); failed != function.BadRequest {
		t.Errorf("a wrong version id: %s: %s", failed, text)
	}
}

func TestReadBodyWantsExactlyTheLength(t *testing.T) {
	t.Parallel()
	for size, ok := range map[int64]bool{2: false, 3: true, 4: false} {
		if _, err := readBody(strings.NewReader("abc"), size); (err == nil) != ok {
			t.Errorf("size %d: %v", size, err)
		}
	}
	// The SDK reports a wrong checksum at the end of the body.
	broken := errors.New("checksum did not match")
	if _, err := readBody(io.MultiReader(strings.NewReader("abc"), failingReader{broken}), 3); !errors.Is(err, broken) {
		t.Errorf("readBody = %v, want the error at the end", err)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
