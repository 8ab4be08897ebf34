package rotation

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

const (
	hex0 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	hex1 = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0"
	hex2 = "abababababababababababababababababababababababababababababababab"

	one   = `{"v":1,"primary":"k0","k0":"` + hex0 + `"}`
	two   = `{"v":1,"primary":"k1","k0":"` + hex0 + `","k1":"` + hex1 + `"}`
	three = `{"v":1,"primary":"k2","k0":"` + hex0 + `","k1":"` + hex1 + `","k2":"` + hex2 + `"}`

	tokenA = "aaaaaaaa-0000-4000-8000-000000000000"
	tokenB = "bbbbbbbb-0000-4000-8000-000000000000"
)

var allSteps = []string{"createSecret", "setSecret", "testSecret", "finishSecret"}

// world is a local AWS with a secret and a bucket.
type world struct {
	*objecttest.Server
	SecretARN string

	t       *testing.T
	secrets *secretsmanager.Client
	s3      *s3.Client
	log     bytes.Buffer
	logging sync.Mutex
}

func newWorld(t *testing.T, ring string) *world {
	server := objecttest.NewServer(t, ring)
	return &world{Server: server, SecretARN: server.SecretARN, t: t, secrets: secretsmanager.NewFromConfig(server.Admin), s3: s3.NewFromConfig(server.Admin)}
}

// with is the same local AWS with another secret.
func (w *world) with(ring string) *world {
	w.t.Helper()
	out, err := w.secrets.CreateSecret(w.t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String(rand.Text()), SecretString: &ring})
	if err != nil {
		w.t.Fatal(err)
	}
	return &world{Server: w.Server, SecretARN: *out.ARN, t: w.t, secrets: w.secrets, s3: w.s3}
}

func (w *world) Write(p []byte) (int, error) {
	w.logging.Lock()
	defer w.logging.Unlock()
	return w.log.Write(p)
}

// hooked calls a hook before and after each call of Secrets Manager and S3; its
// error is the call's.
type hooked struct {
	Secrets
	Uploads
	before, after func(operation string) error
}

func hook[In, Out, Option any](h *hooked, operation string, call func(context.Context, *In, ...Option) (*Out, error), ctx context.Context, in *In) (*Out, error) {
	if h.before != nil {
		if err := h.before(operation); err != nil {
			return nil, err
		}
	}
	out, err := call(ctx, in)
	if h.after != nil {
		if lost := h.after(operation); lost != nil {
			return nil, lost
		}
	}
	return out, err
}

func (h *hooked) DescribeSecret(ctx context.Context, in *secretsmanager.DescribeSecretInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error) {
	return hook(h, "DescribeSecret", h.Secrets.DescribeSecret, ctx, in)
}

func (h *hooked) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	return hook(h, "GetSecretValue", h.Secrets.GetSecretValue, ctx, in)
}

func (h *hooked) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	return hook(h, "PutSecretValue", h.Secrets.PutSecretValue, ctx, in)
}

func (h *hooked) UpdateSecretVersionStage(ctx context.Context, in *secretsmanager.UpdateSecretVersionStageInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.UpdateSecretVersionStageOutput, error) {
	return hook(h, "UpdateSecretVersionStage", h.Secrets.UpdateSecretVersionStage, ctx, in)
}

func (h *hooked) CreateMultipartUpload(ctx context.Context, in *s3.CreateMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	return hook(h, "CreateMultipartUpload", h.Uploads.CreateMultipartUpload, ctx, in)
}

func (h *hooked) UploadPart(ctx context.Context, in *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	return hook(h, "UploadPart", h.Uploads.UploadPart, ctx, in)
}

func (h *hooked) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput, _ ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	return hook(h, "AbortMultipartUpload", h.Uploads.AbortMultipartUpload, ctx, in)
}

// rotator is one with hooks, which may be nil.
func (w *world) rotator(before, after func(string) error) *Rotator {
	h := &hooked{w.secrets, w.s3, before, after}
	return New(Config{objecttest.Bucket, "probe", w.SecretARN}, h, h, slog.New(slog.NewTextHandler(w, nil)))
}

// announce begins a rotation as Secrets Manager does, whose function can't be
// invoked: an empty version gets AWSPENDING.
func (w *world) announce(token string) {
	w.t.Helper()
	_, err := w.secrets.RotateSecret(w.t.Context(), &secretsmanager.RotateSecretInput{
		SecretId: &w.SecretARN, ClientRequestToken: &token, RotationLambdaARN: aws.String("arn:aws:lambda:us-east-1:111122223333:function:none"),
	})
	if err == nil || !slices.Equal(w.labels()[token], []string{"AWSPENDING"}) {
		w.t.Fatalf("version %s has %v: %v", token, w.labels()[token], err)
	}
}

func (w *world) labels() map[string][]string {
	w.t.Helper()
	out, err := w.secrets.DescribeSecret(w.t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &w.SecretARN})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.VersionIdsToStages
}

// ring is the ring of the version with a label.
func (w *world) ring(label string) (id string, ring *ssec.Ring) {
	w.t.Helper()
	out, err := w.secrets.GetSecretValue(w.t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &w.SecretARN, VersionStage: &label})
	if err != nil {
		w.t.Fatal(err)
	}
	ring, err = ssec.ReadRing(out)
	if err != nil {
		w.t.Fatal(err)
	}
	return *out.VersionId, ring
}

// edit makes a version with a text, as somebody does by hand; label is AWSCURRENT
// if it is "".
func (w *world) edit(text, token, label string) {
	w.t.Helper()
	in := &secretsmanager.PutSecretValueInput{SecretId: &w.SecretARN, SecretString: &text}
	if token != "" {
		in.ClientRequestToken = &token
	}
	if label != "" {
		in.VersionStages = []string{label}
	}
	if _, err := w.secrets.PutSecretValue(w.t.Context(), in); err != nil {
		w.t.Fatal(err)
	}
}

// move moves or removes a label.
func (w *world) move(label, from, to string) {
	w.t.Helper()
	in := &secretsmanager.UpdateSecretVersionStageInput{SecretId: &w.SecretARN, VersionStage: &label, RemoveFromVersionId: &from}
	if to != "" {
		in.MoveToVersionId = &to
	}
	if _, err := w.secrets.UpdateSecretVersionStage(w.t.Context(), in); err != nil {
		w.t.Fatal(err)
	}
}

// run carries out steps until one fails.
func (w *world) run(r *Rotator, token string, steps ...string) error {
	for _, step := range steps {
		if err := r.Step(w.t.Context(), Event{step, w.SecretARN, token}); err != nil {
			return err
		}
	}
	return nil
}

// rotate makes a whole rotation.
func (w *world) rotate(token string) {
	w.t.Helper()
	w.announce(token)
	if err := w.run(w.rotator(nil, nil), token, allSteps...); err != nil {
		w.t.Fatal(err)
	}
	w.move("AWSPENDING", token, "") // as Secrets Manager does
	w.rotated(token)
}

// rotated checks that the version is current, and holds the one before with one
// more key.
func (w *world) rotated(token string) {
	w.t.Helper()
	id, now := w.ring("AWSCURRENT")
	before, old := w.ring("AWSPREVIOUS")
	if wrong := check(&version{id, now}, &version{before, old}); wrong != nil || id != token {
		w.t.Errorf("AWSCURRENT is %s, want %s: %v", id, token, wrong)
	}
	primary, _ := now.Primary()
	if _, tells := ssec.MadeOn(primary); !tells {
		w.t.Errorf("the id of the key is %s", primary)
	}
}

// wantType demands a failure of a type, and that nothing printed a key.
func (w *world) wantType(err error, want function.Type, words ...string) {
	w.t.Helper()
	var e *function.Error
	if !errors.As(err, &e) || e.Type != want {
		w.t.Errorf("%v, want a failure of type %s", err, want)
		return
	}
	for _, word := range words {
		if !strings.Contains(e.Text, word) {
			w.t.Errorf("%q does not say %q", e.Text, word)
		}
	}
	w.silent(e.Text)
}

// silent demands that neither the log nor the texts hold a key of the secret.
func (w *world) silent(texts ...string) {
	w.t.Helper()
	w.logging.Lock()
	texts = append(texts, w.log.String())
	w.logging.Unlock()
	for label := range map[string]bool{"AWSCURRENT": true, "AWSPENDING": true} {
		out, err := w.secrets.GetSecretValue(w.t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &w.SecretARN, VersionStage: &label})
		if err != nil {
			continue
		}
		ring, err := ssec.ReadRing(out)
		if err != nil {
			continue
		}
		for _, id := range ring.IDs() {
			key, _ := ring.Key(id)
			objecttest.CheckNoKey(w.t, raw(w.t, key), texts...)
		}
	}
}
