package object

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
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
	env      map[string]string
	put, get *Handler
	log      *syncBuffer
}

// start opens both functions under the pattern. What they log and answer must
// not hold a key; the test fails at its end if it does.
func start(t testing.TB, pattern encryption.Pattern) *functions {
	f := &functions{server: objecttest.NewServer(t, ringOf("k0="+hex0)), log: new(syncBuffer)}
	f.env = f.server.Environment(t)
	f.env["BUCKET_NAME"], f.env["OBJECT_KEY"], f.env["ENCRYPTION"] = objecttest.Bucket, "test-object", string(pattern)
	if pattern == encryption.SSEC {
		f.env["SECRET_ARN"] = f.server.SecretARN
		f.env["PUT_URL_SECONDS"] = "3600"
	}
	f.put, f.get = f.open(invokePut), f.open(invokeGet)
	t.Cleanup(func() { checkNoKeys(t, f.log.String()) })
	return f
}

// open opens a function in the environment f.env as it is with other values for
// some variables, as "NAME=value".
func (f *functions) open(invoke func(context.Context, *Store, []byte) ([]byte, error), variables ...string) *Handler {
	env := maps.Clone(f.env)
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	lookup := func(name string) string { return env[name] }
	store, err := open(lookup, slog.New(slog.NewJSONHandler(f.log, nil)))
	return &Handler{store, err, invoke, metric.FromEnvironment(lookup, f.log, metric.Dimension{Name: "Verb", Value: "test"})}
}

// call invokes h and reads its answer, or its failure's type and text.
func (f *functions) call(t testing.TB, h *Handler, event string) (answer map[string]any, failed function.Type, text string) {
	t.Helper()
	return f.callWith(t, t.Context(), h, event)
}

func (f *functions) callWith(t testing.TB, ctx context.Context, h *Handler, event string) (answer map[string]any, failed function.Type, text string) {
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
		return nil, function.Type(failure.Type), failure.Message
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
	for _, name := range []string{"GetSecretValue", "PutObject", "GetObject", "HeadObject", "GetObjectTagging", "ListObjectVersions", "GetBucketEncryption", "CopyObject", "DeleteObject", "ListObjectsV2"} {
		if n := f.server.Calls[name]; n > 0 {
			fmt.Fprintf(&b, "%s %d ", name, n)
		}
	}
	clear(f.server.Calls)
	return strings.TrimSpace(b.String())
}

// setSecret changes the text of the secret.
func (f *functions) setSecret(t testing.TB, text string) {
	t.Helper()
	_, err := secretsmanager.NewFromConfig(f.server.Admin).PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: &f.server.SecretARN, SecretString: &text})
	if err != nil {
		t.Fatal(err)
	}
}

// newKey makes a KMS key and returns its ARN.
func (f *functions) newKey(t testing.TB) string {
	t.Helper()
	key, err := kms.NewFromConfig(f.server.Admin).CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	return *key.KeyMetadata.Arn
}

// answerWrongKeys makes the server answer status to every key but the last
// put's. Sources disagree on whether S3 answers 403, as the local AWS does, or
// 400.
func (f *functions) answerWrongKeys(status int) {
	if status == http.StatusForbidden {
		return
	}
	const keyMD5 = "X-Amz-Server-Side-Encryption-Customer-Key-Md5"
	f.set(func(s *objecttest.Server) {
		right := s.Headers["PutObject"].Get(keyMD5)
		s.Fault = func(operation string) *objecttest.Fault {
			if key := s.Headers[operation].Get(keyMD5); operation == "PutObject" || key == "" || key == right {
				return nil
			}
			return &objecttest.Fault{Status: status, Code: "InvalidRequest", Message: "The provided encryption parameters did not match the ones used originally."}
		}
	})
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
