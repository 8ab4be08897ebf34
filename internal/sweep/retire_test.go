package sweep

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

// retirement is one whose grace is over.
func (w *world) retirement() *Retirement {
	return &Retirement{Sweeper: w.sweeper, Secrets: w.secrets, SecretID: w.server.SecretARN, LongestWrite: 30 * time.Second,
		Now: func() time.Time { return time.Now().Add(Grace(0) + time.Minute) }}
}

// refuses checks that nothing is retired, and why.
func (w *world) refuses(r *Retirement, id, why string) *RefusedError {
	w.Helper()
	before := w.secret().VersionId
	_, err := r.Retire(w.Context(), id)
	var e *RefusedError
	if !errors.As(err, &e) || !strings.Contains(e.Reason, why) {
		w.Fatalf("%v, want %q", err, why)
	}
	if after := w.secret(); *after.VersionId != *before && !strings.Contains(*after.SecretString, `"k0"`) {
		w.Error("the ring has lost a key")
	}
	return e
}

func (w *world) secret() *secretsmanager.GetSecretValueOutput {
	w.Helper()
	out, err := w.secrets.GetSecretValue(w.Context(), &secretsmanager.GetSecretValueInput{SecretId: &w.server.SecretARN, VersionStage: aws.String("AWSCURRENT")})
	w.ok(err)
	return out
}

func TestRetireWhatNoVersionNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "k1", "a", func(in *s3.PutObjectInput) { in.Tagging = aws.String(ssec.KeyIDTag + "=k0") }) // lies
	w.put("b", "k2", "b")
	w.put("b", "k1", "b")
	w.delete("b")
	_, err := w.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(objecttest.Bucket), Key: aws.String("plain"), Body: strings.NewReader("plain")})
	w.ok(err)
	before := *w.secret().VersionId
	w.sweeper.limits.page = 2
	r := w.retirement()
	r.Try = true
	_, err = r.Retire(t.Context(), "k0")
	w.ok(err)
	if *w.secret().VersionId != before {
		t.Error("a try has changed the ring")
	}
	r.Try = false
	report, err := r.Retire(t.Context(), "k0")
	w.ok(err)
	w.want(report, "k1 current 1", "k1 noncurrent 1", "k2 noncurrent 1", "notSSEC 1")
	now := w.secret()
	ring, err := ssec.ParseRing(*now.SecretString)
	w.ok(err)
	primary, _ := ring.Primary()
	if _, has := ring.Key("k0"); has || ring.Len() != 2 || primary != "k2" || ring.Parent() != before {
		t.Errorf("ring %v, primary %s, parent %s", ring.IDs(), primary, ring.Parent())
	}
	described, err := w.secrets.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &w.server.SecretARN})
	w.ok(err)
	if got := described.VersionIdsToStages; len(got) != 2 || got[before][0] != "AWSPREVIOUS" || len(got[*now.VersionId]) != 1 {
		t.Errorf("labels %v", got)
	}
	for id, why := range map[string]string{"k0": "no key k0", "k2": "primary"} {
		if _, err := r.Retire(t.Context(), id); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestRetireRefusesWhatAVersionNeeds(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*world){
		"current":    func(w *world) { w.put("a", "k0", "a") },
		"noncurrent": func(w *world) { w.put("a", "k0", "a"); w.put("a", "k2", "a") },
		"deleted":    func(w *world) { w.put("a", "k0", "a"); w.delete("a") },
		"tag lies": func(w *world) {
			w.put("a", "k0", "a", func(in *s3.PutObjectInput) { in.Tagging = aws.String(ssec.KeyIDTag + "=k2") })
		},
		"null": func(w *world) {
			w.versioning(types.BucketVersioningStatusSuspended)
			w.put("a", "k0", "a")
			w.versioning(types.BucketVersioningStatusEnabled)
			w.put("a", "k2", "a")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.put("0", "k2", "0")
			w.sweeper.limits.page = 1
			prepare(w)
			e := w.refuses(w.retirement(), "k0", "1 versions (1 B) need the key k0")
			if len(e.Report.Counts) != 2 {
				t.Errorf("%+v", e.Report)
			}
		})
	}
}

// The grace has to be over before the pass begins: while it lasts, a put under the
// key may come where the pass has been.
func TestRetireWaitsBeforeThePass(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "k2", "a")
	r := w.retirement()
	clock := time.Now().Add(Grace(30*time.Second) - time.Minute)
	r.Now = func() time.Time { return clock }
	w.hooks.afterList = func(*s3.ListObjectVersionsOutput) { clock = clock.Add(time.Hour) }
	if e := w.refuses(r, "k0", "have to go by"); e.Until.IsZero() {
		t.Error("it doesn't say until when")
	}
	if got := Grace(time.Hour) - time.Hour; got != ssec.RingTTL || Grace(0) <= ssec.RingTTL {
		t.Errorf("grace %s, %s", Grace(time.Hour), Grace(0))
	}
}

func TestRetireRefusesARingThatChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "k2", "a")
	rotate := func(stages ...string) {
		now := w.secret()
		ring, err := ssec.ParseRing(*now.SecretString)
		w.ok(err)
		rotated, err := ring.Rotate(ssec.NewID(time.Now()), ssec.NewRandomKey(), *now.VersionId)
		w.ok(err)
		_, err = w.secrets.PutSecretValue(w.Context(), &secretsmanager.PutSecretValueInput{SecretId: &w.server.SecretARN, SecretString: aws.String(rotated.Text()), VersionStages: stages})
		w.ok(err)
	}
	w.hooks.afterList = func(*s3.ListObjectVersionsOutput) { rotate("AWSCURRENT") }
	w.refuses(w.retirement(), "k0", "changed while")

	// Touched, and the same version: it may have been rotated and set back.
	w.hooks.afterList = func(*s3.ListObjectVersionsOutput) {
		time.Sleep(time.Second)
		_, err := w.secrets.UpdateSecret(w.Context(), &secretsmanager.UpdateSecretInput{SecretId: &w.server.SecretARN, Description: aws.String("other")})
		w.ok(err)
	}
	w.refuses(w.retirement(), "k0", "changed while")

	w.hooks.afterList = nil
	r := w.retirement()
	r.Secrets = &rotating{w.secrets, func() { rotate("AWSCURRENT") }}
	w.refuses(r, "k0", "at the last moment")
	described, err := w.secrets.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: &w.server.SecretARN})
	w.ok(err)
	for version, stages := range described.VersionIdsToStages {
		if len(stages) > 0 && stages[0] == label {
			t.Errorf("the version %s keeps the label", version)
		}
	}
	rotate("AWSPENDING")
	w.refuses(w.retirement(), "k0", "AWSPENDING")
}

// rotating rotates between the writing of the new ring and its becoming current.
type rotating struct {
	*secretsmanager.Client
	rotate func()
}

func (r *rotating) PutSecretValue(ctx context.Context, in *secretsmanager.PutSecretValueInput, o ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	out, err := r.Client.PutSecretValue(ctx, in, o...)
	r.rotate()
	return out, err
}

// The answer to the move of the label gets lost: the key is retired all the same.
func TestRetireWithALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.retirement()
	r.Secrets = &lossy{w.secrets}
	_, err := r.Retire(t.Context(), "k0")
	w.ok(err)
	if ring, err := ssec.ParseRing(*w.secret().SecretString); err != nil || ring.Len() != 2 {
		t.Errorf("%v, %v", ring, err)
	}
}

type lossy struct{ *secretsmanager.Client }

func (l *lossy) UpdateSecretVersionStage(ctx context.Context, in *secretsmanager.UpdateSecretVersionStageInput, o ...func(*secretsmanager.Options)) (*secretsmanager.UpdateSecretVersionStageOutput, error) {
	if _, err := l.Client.UpdateSecretVersionStage(ctx, in, o...); err != nil {
		return nil, err
	}
	return nil, errKilled
}

func TestRetireRefusesWhatItCannotKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "foreign", "a")
	w.refuses(w.retirement(), "k0", "no key of the ring opens 1 versions")
	r := w.retirement()
	r.DespiteUnreadable, r.Try = true, true
	_, err := r.Retire(t.Context(), "k0")
	w.ok(err)

	// No right to a version.
	denied := &awsStatus{http.StatusForbidden}
	w.hooks.head = func(*s3.HeadObjectInput, *s3.HeadObjectOutput, error) (*s3.HeadObjectOutput, error) {
		return nil, denied.err()
	}
	w.refuses(r, "k0", "may not be read")

	// A store that opens everything with every key.
	w.hooks.head = func(*s3.HeadObjectInput, *s3.HeadObjectOutput, error) (*s3.HeadObjectOutput, error) {
		return &s3.HeadObjectOutput{}, nil
	}
	var e *function.Error
	if _, err := r.Retire(t.Context(), "k0"); !errors.As(err, &e) || e.Type != function.BadConfig {
		t.Errorf("a store without SSE-C: %v", err)
	}
	w.hooks.head = nil

	// An upload in parts that is not complete, and may be under the key.
	in := &s3.CreateMultipartUploadInput{Bucket: aws.String(objecttest.Bucket), Key: aws.String("part")}
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key("k0").Customer()
	_, err = w.s3.CreateMultipartUpload(t.Context(), in)
	w.ok(err)
	w.refuses(r, "k0", `the upload in parts of "part"`)
}

// The version behind which a page began is deleted: what S3 lists then is not
// documented.
func TestRetireRefusesAListThatChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweeper.limits.page = 1
	w.put("a", "k2", "1")
	second := w.put("a", "k2", "2")
	w.hooks.afterList = func(out *s3.ListObjectVersionsOutput) {
		w.hooks.afterList = nil
		_, err := w.s3.DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: aws.String(objecttest.Bucket), Key: aws.String("a"), VersionId: &second})
		w.ok(err)
	}
	w.refuses(w.retirement(), "k0", "deleted while")
}
