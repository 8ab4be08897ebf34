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

func TestSweepMovesWhatIsUnderAnOldKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rich := func(in *s3.PutObjectInput) {
		*in.Tagging += "&team=a+b&x=%26"
		in.Metadata = map[string]string{"a": "ü", "b": ""}
		in.ContentType, in.ContentEncoding, in.ContentLanguage = aws.String("text/x"), aws.String("br"), aws.String("de")
		in.ContentDisposition, in.CacheControl = aws.String("inline"), aws.String("no-store")
		in.Expires = aws.Time(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
		in.StorageClass = types.StorageClassStandardIa
	}
	const odd = "a b+c%20/ü\n&?versionId=x"
	w.put("old", "k0", "first")
	old := w.put("old", "k1", "second", rich)
	w.put(odd, "k0", "odd")
	w.put("new", "k2", "new")
	w.put("lying", "k0", "lying", func(in *s3.PutObjectInput) { in.Tagging = aws.String(ssec.KeyIDTag + "=k2") })
	w.put("untagged", "k1", "untagged", func(in *s3.PutObjectInput) { in.Tagging = nil })
	w.put("foreign", "foreign", "foreign")
	_, err := w.s3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(objecttest.Bucket), Key: aws.String("plain"), Body: strings.NewReader("plain")})
	w.ok(err)

	w.sweeper.Plan = true
	w.want(w.sweep(), "k0 toMove 2", "k1 toMove 2", "k0 noncurrent 1", "k2 current 1", "unreadable 1", "notSSEC 1")
	w.sweeper.Plan = false
	_, before := w.get("old", "", "k1")
	report := w.sweep()
	w.want(report, "k0 moved 2", "k1 moved 2", "k0 noncurrent 1", "k2 current 1", "unreadable 1", "notSSEC 1")
	if sum := report.Of(Moved); sum.Bytes != int64(len("oddlyingseconduntagged")) {
		t.Errorf("moved %d bytes", sum.Bytes)
	}

	for name, body := range map[string]string{"old": "second", odd: "odd", "new": "new", "lying": "lying", "untagged": "untagged"} {
		if got, _ := w.get(name, "", "k2"); got != body {
			t.Errorf("%q is %q under the primary key", name, got)
		}
		if id := w.tags(name)[ssec.KeyIDTag]; id != "k2" {
			t.Errorf("%q has the tag %q", name, id)
		}
	}
	_, after := w.get("old", "", "k2")
	if after.StorageClass != before.StorageClass || !maps.Equal(after.Metadata, before.Metadata) || *after.ContentType != "text/x" || *after.ContentEncoding != "br" ||
		*after.ContentLanguage != "de" || *after.ContentDisposition != "inline" || *after.CacheControl != "no-store" || *after.ExpiresString != *before.ExpiresString {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if got := w.tags("old"); !maps.Equal(got, map[string]string{"ssec-kid": "k2", "team": "a b", "x": "&"}) {
		t.Errorf("tags %v", got)
	}
	if got, _ := w.get("old", old, "k1"); got != "second" {
		t.Error("the version that was moved can't be read any longer")
	}
	w.want(w.sweep(), "k2 current 5", "k0 noncurrent 3", "k1 noncurrent 2", "unreadable 1", "notSSEC 1")
	if n := w.versions("old"); n != 3 {
		t.Errorf("%d versions after another sweep", n)
	}
}

func TestSweepWithoutVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("then", "k0", "a") // of the time when the bucket was versioned
	w.versioning(types.BucketVersioningStatusSuspended)
	w.put("null", "k0", "b", func(in *s3.PutObjectInput) { in.Metadata = map[string]string{"a": "b"} })
	w.want(w.sweep(), "k0 moved 2")
	for name, body := range map[string]string{"then": "a", "null": "b"} {
		if got, _ := w.get(name, "", "k2"); got != body {
			t.Errorf("%s is %q", name, got)
		}
	}
	if _, out := w.get("null", "", "k2"); out.Metadata["a"] != "b" || w.versions("null") != 1 {
		t.Errorf("metadata %v, %d versions", out.Metadata, w.versions("null"))
	}
	// A noncurrent version of the id null is another one than the current.
	w.put("both", "k1", "null")
	w.versioning(types.BucketVersioningStatusEnabled)
	w.put("both", "k2", "later")
	w.want(w.sweep(), "k2 current 3", "k0 noncurrent 1", "k1 noncurrent 1")
}

func TestSweepInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweeper.limits.page = 3
	for _, name := range []string{"a", "b", "b", "b", "b", "c", "d", "e"} {
		w.put(name, "k0", "text")
	}
	w.delete("d")
	r := w.sweep()
	w.want(r, "k0 moved 4", "k0 noncurrent 4")
	if r.DeleteMarkers != 1 || w.versions("d") != 2 {
		t.Errorf("%d delete markers, %d versions of d", r.DeleteMarkers, w.versions("d"))
	}
}

// A sweep that has no more time says where the next one goes on.
func TestSweepGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweeper.limits.page, w.sweeper.Workers = 4, 1
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		w.put(name, "k0", "text")
	}
	clock := time.Now()
	w.sweeper.limits.now = func() time.Time { return clock }
	w.hooks.beforeCopy = func(*s3.CopyObjectInput) error { clock = clock.Add(time.Minute); return nil }
	at, rounds := &Sweep{}, 0
	for ; !at.Done; rounds++ {
		if rounds > 20 {
			t.Fatalf("no end: %+v", at)
		}
		w.ok(w.sweeper.Sweep(t.Context(), at, clock.Add(2*time.Minute-time.Second)))
	}
	w.want(at.Report, "k0 moved 6")
	if rounds < 2 {
		t.Errorf("%d rounds", rounds)
	}
	at = &Sweep{}
	if err := w.sweeper.Sweep(t.Context(), at, clock.Add(-time.Second)); err == nil || !strings.Contains(err.Error(), "from a terminal") {
		t.Errorf("a sweep without time: %v", err)
	}
}

// A key is looked at whole when the sweep goes on, and counts once.
func TestSweepThatGoesOnCountsEachVersionOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweeper.Workers = 1
	for _, name := range []string{"a", "b", "b", "b", "c"} {
		w.put(name, "k0", "text")
	}
	clock, looks := time.Now(), 0
	w.sweeper.limits.now = func() time.Time {
		if looks++; looks == 4 { // a, two versions of b
			clock = clock.Add(time.Hour)
		}
		return clock
	}
	w.sweeper.Plan = true
	at := &Sweep{}
	w.ok(w.sweeper.Sweep(t.Context(), at, clock.Add(time.Minute)))
	if at.Done || at.Cursor.Key != "a" {
		t.Fatalf("%+v: the test shows nothing", at)
	}
	w.ok(w.sweeper.Sweep(t.Context(), at, time.Time{}))
	w.want(at.Report, "k0 toMove 3", "k0 noncurrent 2")
}

func (w *world) delete(name string) {
	w.Helper()
	_, err := w.s3.DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: aws.String(objecttest.Bucket), Key: &name})
	w.ok(err)
}
