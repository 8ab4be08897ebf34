package sweep

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

// The keys of the tests. k2 is the primary.
var raw = map[string][]byte{
	"k0": bytes.Repeat([]byte{0x10}, 32), "k1": bytes.Repeat([]byte{0x21}, 32), "k2": bytes.Repeat([]byte{0x32}, 32),
	"foreign": bytes.Repeat([]byte{0x43}, 32),
}

func key(id string) ssec.Key { return ssec.NewKey([ssec.KeySize]byte(raw[id])) }

func ringText() string {
	text := `{"v":1,"primary":"k2"`
	for _, id := range []string{"k0", "k1", "k2"} {
		text += `,"` + id + `":"` + hex.EncodeToString(raw[id]) + `"`
	}
	return text + "}"
}

// world is a local AWS with a bucket under three keys.
type world struct {
	*testing.T
	server  *objecttest.Server
	s3      *s3.Client // of the administrator
	secrets *secretsmanager.Client
	hooks   *hooks
	sweeper *Sweeper
}

func newWorld(t *testing.T) *world {
	t.Helper()
	server := objecttest.NewServer(t, ringText())
	w := &world{T: t, server: server, s3: s3.NewFromConfig(server.Admin), secrets: secretsmanager.NewFromConfig(server.Admin)}
	w.hooks = &hooks{Client: awsclient.S3(awsclient.Harden(server.Admin))}
	w.sweeper = &Sweeper{S3: w.hooks, Ring: ssec.NewSource(w.secrets, server.SecretARN), Bucket: objecttest.Bucket, limits: limits{pause: time.Millisecond}}
	return w
}

// hooks call a test before and after calls of S3.
type hooks struct {
	*s3.Client
	beforeCopy     func(*s3.CopyObjectInput) error
	afterCopy      func() error
	beforeComplete func(*s3.CompleteMultipartUploadInput)
	beforeHead     func()
	beforePart     func(*s3.UploadPartCopyInput) error
	afterList      func(*s3.ListObjectVersionsOutput)
	head           func(*s3.HeadObjectInput, *s3.HeadObjectOutput, error) (*s3.HeadObjectOutput, error)
	annotations    []types.AnnotationEntry
}

func (h *hooks) CopyObject(ctx context.Context, in *s3.CopyObjectInput, o ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	if h.beforeCopy != nil {
		if err := h.beforeCopy(in); err != nil {
			return nil, err
		}
	}
	out, err := h.Client.CopyObject(ctx, in, o...)
	if h.afterCopy != nil && err == nil {
		if err := h.afterCopy(); err != nil {
			return nil, err
		}
	}
	return out, err
}

func (h *hooks) UploadPartCopy(ctx context.Context, in *s3.UploadPartCopyInput, o ...func(*s3.Options)) (*s3.UploadPartCopyOutput, error) {
	if h.beforePart != nil {
		if err := h.beforePart(in); err != nil {
			return nil, err
		}
	}
	return h.Client.UploadPartCopy(ctx, in, o...)
}

func (h *hooks) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput, o ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	if h.beforeComplete != nil {
		h.beforeComplete(in)
	}
	return h.Client.CompleteMultipartUpload(ctx, in, o...)
}

func (h *hooks) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, o ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	out, err := h.Client.ListObjectVersions(ctx, in, o...)
	if h.afterList != nil && err == nil {
		h.afterList(out)
	}
	return out, err
}

func (h *hooks) HeadObject(ctx context.Context, in *s3.HeadObjectInput, o ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	if h.beforeHead != nil {
		h.beforeHead()
	}
	out, err := h.Client.HeadObject(ctx, in, o...)
	if h.head != nil {
		return h.head(in, out, err)
	}
	return out, err
}

func (h *hooks) ListObjectAnnotations(ctx context.Context, in *s3.ListObjectAnnotationsInput, o ...func(*s3.Options)) (*s3.ListObjectAnnotationsOutput, error) {
	if h.annotations != nil {
		return &s3.ListObjectAnnotationsOutput{Annotations: h.annotations}, nil
	}
	return h.Client.ListObjectAnnotations(ctx, in, o...)
}

func (w *world) versioning(s types.BucketVersioningStatus) {
	w.Helper()
	_, err := w.s3.PutBucketVersioning(w.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(objecttest.Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: s}})
	w.ok(err)
}

// put puts an object under a key of the tests, with the tag that a put function
// sets, unless change does otherwise.
func (w *world) put(name, keyID, body string, change ...func(*s3.PutObjectInput)) string {
	w.Helper()
	in := &s3.PutObjectInput{Bucket: aws.String(objecttest.Bucket), Key: &name, Body: strings.NewReader(body), Tagging: aws.String(url.Values{ssec.KeyIDTag: {keyID}}.Encode())}
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key(keyID).Customer()
	for _, c := range change {
		c(in)
	}
	out, err := w.s3.PutObject(w.Context(), in)
	w.ok(err)
	return aws.ToString(out.VersionId)
}

// get reads a version with a key; "" is what can't be read with it.
func (w *world) get(name, versionID, keyID string) (string, *s3.GetObjectOutput) {
	w.Helper()
	in := &s3.GetObjectInput{Bucket: aws.String(objecttest.Bucket), Key: &name}
	if versionID != "" {
		in.VersionId = &versionID
	}
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key(keyID).Customer()
	out, err := w.s3.GetObject(w.Context(), in)
	if err != nil {
		return "", nil
	}
	body, err := io.ReadAll(out.Body)
	w.ok(err)
	return string(body), out
}

func (w *world) tags(name string) map[string]string {
	w.Helper()
	out, err := w.s3.GetObjectTagging(w.Context(), &s3.GetObjectTaggingInput{Bucket: aws.String(objecttest.Bucket), Key: &name})
	w.ok(err)
	tags := map[string]string{}
	for _, t := range out.TagSet {
		tags[*t.Key] = *t.Value
	}
	return tags
}

// versions is how many versions and delete markers a key has.
func (w *world) versions(name string) int {
	w.Helper()
	out, err := w.s3.ListObjectVersions(w.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(objecttest.Bucket), Prefix: &name})
	w.ok(err)
	return len(out.Versions) + len(out.DeleteMarkers)
}

// sweep sweeps the whole bucket.
func (w *world) sweep() *Report {
	w.Helper()
	at := &Sweep{}
	w.ok(w.sweeper.Sweep(w.Context(), at, time.Time{}))
	if !at.Done {
		w.Fatal("the sweep has not come to its end")
	}
	return at.Report
}

// want checks a report: "k0 moved 2" and so on, in any order.
func (w *world) want(r *Report, want ...string) {
	w.Helper()
	got := map[string]bool{}
	for _, c := range r.Counts {
		got[strings.TrimSpace(c.KeyID+" "+string(c.State))+" "+itoa(c.Versions)] = true
	}
	for _, line := range want {
		if !got[line] {
			w.Errorf("no %q in %+v %+v", line, r.Counts, r.Examples)
		}
		delete(got, line)
	}
	for line := range got {
		w.Errorf("too much: %q, of %+v", line, r.Examples)
	}
}

func itoa(n int64) string { return strings.TrimSuffix(Size(n), " B") }

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

var errKilled = errors.New("killed")

// fixedRing is the ring of the tests.
type fixedRing struct{ *testing.T }

func (r fixedRing) Ring(context.Context) (*ssec.Ring, error) { return ssec.ParseRing(ringText()) }

// RingAfter is the same ring.
func (r fixedRing) RingAfter(ctx context.Context, old *ssec.Ring, _ string) (*ssec.Ring, error) {
	return old, nil
}

func (w *world) ring() *ssec.Ring {
	w.Helper()
	r, err := ssec.ParseRing(ringText())
	w.ok(err)
	return r
}

// Ring is the ring as the test has it.
func (r *changingRing) Ring(context.Context) (*ssec.Ring, error) { return r.ring, nil }

// awsStatus makes errors that are answers of S3 with a status.
type awsStatus struct{ status int }

func (a *awsStatus) err() error {
	return &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: &http.Response{StatusCode: a.status}}, Err: errors.New("status")}
}

// RingAfter is the ring as the test has it, too.
func (r *changingRing) RingAfter(context.Context, *ssec.Ring, string) (*ssec.Ring, error) {
	return r.ring, nil
}
