package sweep

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/price"
)

// The engine that is advised gets larger with what there is to move, and each
// costs at least what S3 takes for the copies.
func TestEstimates(t *testing.T) {
	t.Parallel()
	for versions, want := range map[int64]string{1: "terminal", 10_000: "terminal", 20_000_000: "map", 10_000_000_000: "batch"} {
		r := &Report{}
		r.Counts = []Count{
			{KeyID: "k0", State: ToMove, Versions: versions, Bytes: versions * 1000},
			{KeyID: "k1", State: Current, Versions: 10, Bytes: 10}, {KeyID: "k0", State: Noncurrent, Versions: 5, Bytes: 5},
		}
		o := NewOutlook(r)
		used := ""
		for _, e := range o.Estimates {
			if e.Use {
				used += e.Engine
			}
			if e.Dollars < float64(versions)*price.Write.USD() || e.Seconds < float64(versions)/writesPerSecond {
				t.Errorf("%d versions: %+v", versions, e)
			}
		}
		if used != want {
			t.Errorf("%d versions: use %q, want %s: %+v", versions, used, want, o.Estimates)
		}
	}
	// By hand: 1,000,000 copies, 2,000,030 reads, 1,000 lists.
	r := &Report{Counts: []Count{{KeyID: "k0", State: ToMove, Versions: 1_000_000}, {KeyID: "k1", State: Current, Versions: 15}}}
	if got := NewOutlook(r).Estimates[0]; got.Dollars < 5.80 || got.Dollars > 5.81 || got.Seconds < 9300 || got.Seconds > 9400 {
		t.Errorf("%+v", got)
	}
	var text bytes.Buffer
	if err := NewOutlook(r).Write(&text); err != nil || !strings.Contains(text.String(), "terminal   $5.81") || !strings.Contains(text.String(), "(use this)") {
		t.Errorf("%v %s", err, &text)
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	line := Manifest(&text, "bucket")
	for _, key := range []string{"a/b", "a b+c,\"ü\n%"} {
		if err := line(key); err != nil {
			t.Fatal(err)
		}
	}
	if want := "bucket,a/b\nbucket,a%20b%2Bc%2C%22%C3%BC%0A%25\n"; text.String() != want {
		t.Errorf("%q", &text)
	}
	job, err := Job{Account: "1", FunctionARN: "f", RoleARN: "r", ManifestARN: "m", ManifestETag: "e", ReportBucketARN: "b", Token: "t"}.JSON()
	var parsed struct {
		Operation struct {
			LambdaInvoke struct{ FunctionArn string }
		}
		Manifest struct{ Spec struct{ Fields []string } }
	}
	if err != nil || json.Unmarshal(job, &parsed) != nil || parsed.Operation.LambdaInvoke.FunctionArn != "f" || len(parsed.Manifest.Spec.Fields) != 2 {
		t.Errorf("%v %s", err, job)
	}
}
