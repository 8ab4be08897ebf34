package object

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/lambda/messages"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/s3seal/s3seal/internal/object/objecttest"
)

const (
	hex0   = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	hex1   = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
	legacy = "hws7rqxtlcwd98e8nds94jf8al3yyi5t"
	cmk    = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
)

// ringOf is the text of a ring whose keys are id=hex pairs, the first being the
// primary.
func ringOf(pairs ...string) string {
	id, _, _ := strings.Cut(pairs[0], "=")
	text := fmt.Sprintf(`{"v":1,"primary":%q`, id)
	for _, p := range pairs {
		id, digits, _ := strings.Cut(p, "=")
		text += fmt.Sprintf(`,%q:%q`, id, digits)
	}
	return text + "}"
}

// functions are a put and a get function on one server.
type functions struct {
	server   *objecttest.Server
	put, get *Handler
	log      *syncBuffer
}

// start opens both functions under the pattern. What they log and answer must
// not hold a key; the test fails at its end if it does.
func start(t testing.TB, pattern Pattern, variables ...string) *functions {
	f := &functions{server: objecttest.NewServer(t), log: new(syncBuffer)}
	f.server.Secret = ringOf("k0=" + hex0)
	env := map[string]string{"BUCKET_NAME": "bucket", "OBJECT_KEY": "test-object", "ENCRYPTION": string(pattern)}
	if pattern == SSEC {
		env["SECRET_ARN"] = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:ring"
	}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	f.put, f.get = f.open(t, env, invokePut), f.open(t, env, invokeGet)
	t.Cleanup(func() { checkNoKeys(t, f.log.String()) })
	return f
}

func (f *functions) open(t testing.TB, env map[string]string, invoke func(context.Context, *Store, []byte) ([]byte, error)) *Handler {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(tr *http.Transport) { tr.TLSClientConfig.RootCAs = f.server.Roots() })
	store, err := open(t.Context(), func(name string) string { return env[name] }, slog.New(slog.NewJSONHandler(f.log, nil)),
		config.WithBaseEndpoint(f.server.URL),
		config.WithRegion("eu-central-1"),
		config.WithHTTPClient(client),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", "")),
	)
	return &Handler{store, err, invoke}
}

// call invokes h and reads its answer, or its failure's type and text.
func (f *functions) call(t testing.TB, h *Handler, event string) (answer map[string]any, failed Type, text string) {
	t.Helper()
	return f.callWith(t, t.Context(), h, event)
}

func (f *functions) callWith(t testing.TB, ctx context.Context, h *Handler, event string) (answer map[string]any, failed Type, text string) {
	t.Helper()
	out, err := h.Invoke(ctx, []byte(event))
	checkNoKeys(t, string(out), fmt.Sprint(err))
	if err != nil {
		// The Lambda runtime uses a type assertion, so errors.As would prove nothing.
		failure, ok := err.(messages.InvokeResponse_Error)
		if !ok {
			t.Fatalf("Invoke(%s) = %T, want messages.InvokeResponse_Error by value", event, err)
		}
		if strings.ContainsAny(failure.Message, "\n") || strings.Contains(failure.Message, "object.") {
			t.Errorf("message has a line break or a Go type's name: %q", failure.Message)
		}
		return nil, Type(failure.Type), failure.Message
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("Invoke(%s) = %s: %v", event, out, err)
	}
	return answer, "", ""
}

func (f *functions) mustCall(t testing.TB, h *Handler, event string) map[string]any {
	t.Helper()
	answer, failed, text := f.call(t, h, event)
	if failed != "" {
		t.Fatalf("Invoke(%s): %s: %s", event, failed, text)
	}
	return answer
}

// calls is how often the server got each call since the last calls.
func (f *functions) calls() string {
	f.server.Lock()
	defer f.server.Unlock()
	var b strings.Builder
	for _, name := range []string{"GetSecretValue", "PutObject", "GetObject", "HeadObject", "GetObjectTagging", "GetBucketEncryption"} {
		if n := f.server.Calls[name]; n > 0 {
			fmt.Fprintf(&b, "%s %d ", name, n)
		}
	}
	clear(f.server.Calls)
	return strings.TrimSpace(b.String())
}

// set changes the server.
func (f *functions) set(change func(*objecttest.Server)) {
	f.server.Lock()
	defer f.server.Unlock()
	change(f.server)
}

// checkNoKeys fails if a text holds one of the tests' keys in any form.
func checkNoKeys(t testing.TB, texts ...string) {
	t.Helper()
	for _, digits := range []string{hex0, hex1, hex.EncodeToString([]byte(legacy))} {
		raw, _ := hex.DecodeString(digits)
		objecttest.CheckNoKey(t, raw, texts...)
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestPutAndGetUnderEveryPattern(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pattern    Pattern
		variables  []string
		header     string // of the encryption, as sent
		keyHeader  string
		encryption string
	}{
		"sse-s3":                      {SSES3, nil, "AES256", "", "sse-s3"},
		"sse-kms-aws-managed":         {SSEKMSAWSManaged, nil, "aws:kms", "", "sse-kms"},
		"sse-kms-cmk, key named":      {SSEKMSCMK, []string{"KMS_KEY_ARN=" + cmk}, "aws:kms", cmk, "sse-kms"},
		"sse-kms-cmk, bucket default": {SSEKMSCMK, nil, "", "", "sse-kms"},
		"dsse-kms, key named":         {DSSEKMS, []string{"KMS_KEY_ARN=" + cmk}, "aws:kms:dsse", cmk, "dsse-kms"},
		"sse-c":                       {SSEC, nil, "", "", "sse-c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, c.pattern, c.variables...)
			if name == "sse-kms-cmk, bucket default" {
				f.set(func(s *objecttest.Server) { s.DefaultKMSKey = cmk })
			}
			put := f.mustCall(t, f.put, `{"key":"a/b c","body":"héllo","contentType":"text/x"}`)
			sent := f.server.Headers["PutObject"]
			if got := sent.Get("X-Amz-Server-Side-Encryption"); got != c.header {
				t.Errorf("encryption header %q, want %q", got, c.header)
			}
			if got := sent.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"); got != c.keyHeader {
				t.Errorf("key header %q, want %q", got, c.keyHeader)
			}
			if got := sent.Get("X-Amz-Server-Side-Encryption-Customer-Algorithm") != ""; got != (c.pattern == SSEC) {
				t.Errorf("SSE-C headers sent: %v", got)
			}
			get := f.mustCall(t, f.get, `{"key":"a/b c"}`)
			for name := range f.server.Headers["GetObject"] {
				if strings.HasPrefix(name, "X-Amz-Server-Side-Encryption") && c.pattern != SSEC {
					t.Errorf("the GET has the header %s, which S3 refuses", name)
				}
			}
			for _, a := range []map[string]any{put, get} {
				if a["bucket"] != "bucket" || a["key"] != "a/b c" || a["versionId"] != "v1" || a["etag"] == "" || a["encryption"] != c.encryption || a["size"] != 6.0 {
					t.Errorf("answer %v", a)
				}
				if key, _ := a["kmsKeyArn"].(string); (key != "") != strings.Contains(c.encryption, "kms") {
					t.Errorf("kmsKeyArn %q", key)
				}
				if id, _ := a["keyId"].(string); (id == "k0") != (c.pattern == SSEC) {
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
		f := start(t, SSEC)
		f.mustCall(t, f.put, event)
		got := f.mustCall(t, f.get, event)
		if got["key"] != "test-object" || got["body"] != "s3seal!" || got["contentType"] != "text/plain; charset=utf-8" {
			t.Errorf("event %q: got %v", event, got)
		}
	}
}

func TestBadEventsAreBadRequests(t *testing.T) {
	t.Parallel()
	f := start(t, SSEC)
	long := strings.Repeat("k", 1025)
	for _, c := range []struct {
		h           *Handler
		event, want string
	}{
		{f.put, `[]`, `the event is a JSON array: want an object with the fields key, body, bodyBase64, contentType, createOnly`},
		{f.get, `[]`, `the event is a JSON array: want an object with the fields key, versionId, range`},
		{f.get, `"x"`, `the event is a JSON string: want an object with the fields key, versionId, range`},
		{f.get, `7`, `the event is a JSON number: want an object with the fields key, versionId, range`},
		{f.get, `{"key":7}`, `"key" is a JSON number: want a string`},
		{f.put, `{"createOnly":"yes","body":""}`, `"createOnly" is a JSON string: want a boolean`},
		{f.put, `{"body":true}`, `"body" is a JSON boolean: want a string`},
		{f.get, `{"version":"v1"}`, `the event has an unknown field: want key, versionId, range`},
		{f.get, `{"key"`, `the event is not JSON`},
		{f.get, `{} {}`, `the event is more than one JSON value`},
		{f.put, `{"key":"a"}`, `the event has neither "body" nor "bodyBase64": send one, or an empty event`},
		{f.put, `{"body":"a","bodyBase64":""}`, `the event has both "body" and "bodyBase64": send one`},
		{f.put, `{"bodyBase64":"a"}`, `"bodyBase64" is not base64 (the standard alphabet, with padding)`},
		{f.get, `{"key":"` + long + `"}`, `"key" has 1025 bytes: S3 takes 1024`},
		{f.get, `{"range":"0-9"}`, `"range" is "0-9": want "bytes=<first>-<last>", "bytes=<first>-" or "bytes=-<count>"`},
	} {
		if _, failed, text := f.call(t, c.h, c.event); failed != BadRequest || text != c.want {
			t.Errorf("event %.40s:\n got %s: %s\nwant %s: %s", c.event, failed, text, BadRequest, c.want)
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
	f := start(t, SSEC)
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
	r := &GetResult{Body: bytes.Repeat([]byte{1}, MaxBody)}
	out, err := getAnswer(r)
	if err != nil || len(out) > maxAnswer || !bytes.Contains(out, []byte(`"bodyBase64":"AQEB`)) {
		t.Errorf("an answer of %d bytes, %v", len(out), err)
	}
	r.Body = []byte("<&>")
	if out, err = getAnswer(r); err != nil || !bytes.Contains(out, []byte(`"body":"<&>"`)) {
		t.Errorf("answer %s, %v; want the text unescaped", out, err)
	}
}

func TestLargeObjectsAreReadInRanges(t *testing.T) {
	t.Parallel()
	f := start(t, SSEC)
	if _, failed, text := f.call(t, f.put, `{"body":"`+strings.Repeat("a", MaxBody+1)+`"}`); failed != PayloadTooLarge {
		t.Errorf("a put of MaxBody+1 bytes: %s %s", failed, text)
	}
	f.mustCall(t, f.put, `{"body":"`+strings.Repeat("a", MaxBody-1)+`b"}`)
	if got := f.mustCall(t, f.get, `{}`); len(got["body"].(string)) != MaxBody {
		t.Errorf("got %d bytes of MaxBody", len(got["body"].(string)))
	}
	f.server.Append("/bucket/test-object", []byte("c"))
	if _, failed, text := f.call(t, f.get, `{}`); failed != PayloadTooLarge || !strings.Contains(text, `"range"`) {
		t.Errorf("a get of MaxBody+1 bytes: %s %s", failed, text)
	}
	got := f.mustCall(t, f.get, fmt.Sprintf(`{"range":"bytes=%d-"}`, MaxBody-1))
	if got["body"] != "bc" || got["size"] != 2.0 || got["contentRange"] != fmt.Sprintf("bytes %d-%d/%d", MaxBody-1, MaxBody, MaxBody+1) {
		t.Errorf("range: got %v", got)
	}
	if _, failed, _ := f.call(t, f.get, `{"range":"bytes=9999999-"}`); failed != BadRequest {
		t.Errorf("a range past the end: %s", failed)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	f := start(t, SSEC)
	f.mustCall(t, f.put, `{"body":"one"}`)
	f.mustCall(t, f.put, `{"body":"two"}`)
	if got := f.mustCall(t, f.get, `{"versionId":"v1"}`); got["body"] != "one" || got["versionId"] != "v1" {
		t.Errorf("version v1: got %v", got)
	}
	if got := f.mustCall(t, f.get, `{}`); got["body"] != "two" {
		t.Errorf("current version: got %v", got)
	}
	if _, failed, text := f.call(t, f.get, `{"versionId":"x"}`); failed != BadRequest {
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
