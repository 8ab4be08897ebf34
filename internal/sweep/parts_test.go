package sweep

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/object/objecttest"
	"github.com/s3seal/s3seal/internal/ssec"
)

// large makes the limits of S3 so small that an object of text is copied in parts.
func large(w *world) string {
	w.sweeper.limits.maxCopy, w.sweeper.limits.partSize = 5<<20, 5<<20
	return strings.Repeat("0123456789abcdef", 5<<20/16) + "end"
}

func TestALargeObjectIsCopiedInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := large(w)
	w.put("a", "k0", text, func(in *s3.PutObjectInput) {
		*in.Tagging += "&team=a"
		in.Metadata, in.ContentType, in.CacheControl = map[string]string{"a": "b"}, aws.String("text/x"), aws.String("no-store")
		in.StorageClass, in.Expires = types.StorageClassStandardIa, aws.Time(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	})
	_, before := w.get("a", "", "k0")
	w.want(w.sweep(), "k0 moved 1")
	got, after := w.get("a", "", "k2")
	if got != text {
		t.Errorf("%d bytes, want %d", len(got), len(text))
	}
	if after.StorageClass != before.StorageClass || after.Metadata["a"] != "b" || *after.ContentType != "text/x" || *after.CacheControl != "no-store" || *after.ExpiresString != *before.ExpiresString {
		t.Errorf("%+v", after)
	}
	if tags := w.tags("a"); !maps.Equal(tags, map[string]string{"ssec-kid": "k2", "team": "a"}) {
		t.Errorf("tags %v", tags)
	}
	if n := w.uploads(); n != 0 {
		t.Errorf("%d uploads are open", n)
	}
}

func TestAPutBesideACopyInPartsWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "k0", large(w))
	w.hooks.beforeComplete = func(*s3.CompleteMultipartUploadInput) {
		w.put("a", "k1", "acknowledged")
		w.hooks.beforeComplete = nil
	}
	w.want(w.sweep(), "k1 moved 1")
	if got, _ := w.get("a", "", "k2"); got != "acknowledged" || w.uploads() != 0 {
		t.Errorf("%.20q, %d uploads are open", got, w.uploads())
	}
}

// A rotation while the parts are copied: the object must not be completed under a
// key that is no longer the primary.
func TestARotationBesideACopyInParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := large(w)
	w.put("a", "k0", text)
	source := &changingRing{world: w, ring: w.ring()}
	w.sweeper.Ring = source
	w.hooks.beforePart = func(*s3.UploadPartCopyInput) error {
		if _, has := source.ring.Key("k3"); !has {
			rotated, err := source.ring.Rotate("k3", key("foreign"), "version")
			w.ok(err)
			source.ring = rotated
		}
		return nil
	}
	w.sweeper.Workers = 1
	w.want(w.sweep(), "k0 moved 1")
	if got, _ := w.get("a", "", "foreign"); got != text || w.versions("a") != 2 || w.uploads() != 0 {
		t.Errorf("%d bytes under the new primary, %d versions, %d uploads", len(got), w.versions("a"), w.uploads())
	}
}

func TestACopyInPartsThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := large(w)
	w.put("a", "k0", text)
	w.hooks.beforePart = func(in *s3.UploadPartCopyInput) error {
		if *in.PartNumber == 2 {
			return errKilled
		}
		return nil
	}
	w.want(w.sweep(), "failed 1")
	if got, _ := w.get("a", "", "k0"); got != text || w.uploads() != 0 {
		t.Errorf("%d bytes, %d uploads are open", len(got), w.uploads())
	}
	w.hooks.beforePart, w.hooks.annotations = nil, []types.AnnotationEntry{{}}
	if r := w.sweep(); !strings.Contains(r.Examples[0].Why, "annotations") {
		t.Errorf("annotations would be lost: %+v", r.Examples)
	}
}

func TestPartSizes(t *testing.T) {
	t.Parallel()
	var s Sweeper
	for _, size := range []int64{5<<30 + 1, 10_000 << 30, 10_000<<30 + 1, 50_000_000_000_000} {
		part := s.partSizeOf(size)
		if count := (size + part - 1) / part; count > 10_000 || part < 5<<20 || part > 5<<30 || part%(1<<20) != 0 {
			t.Errorf("%d bytes: %d parts of %d", size, count, part)
		}
	}
}

// changingRing is a ring that a test rotates.
type changingRing struct {
	*world
	ring *ssec.Ring
}

func (w *world) uploads() int {
	w.Helper()
	out, err := w.s3.ListMultipartUploads(w.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(objecttest.Bucket)})
	w.ok(err)
	return len(out.Uploads)
}
