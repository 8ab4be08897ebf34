package rule

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// Whoever has buckets in the global namespace must be told how to keep them, and
// told once of each: two properties of it change.
func TestBucketsThatWouldMoveToTheAccountRegionalNamespaceCanBeKept(t *testing.T) {
	t.Parallel()
	read := func(properties string) []*template.Stack {
		path := filepath.Join(t.TempDir(), "dev-buckets.template.json")
		text := fmt.Sprintf(`{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {%s}}}}`, properties)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := template.ReadTemplate(path, "111122223333", "eu-west-1")
		if err != nil {
			t.Fatal(err)
		}
		return []*template.Stack{s}
	}
	const name = "acme-data-111122223333-eu-west-1"
	for _, tc := range []struct {
		after string
		kept  bool
	}{
		{`"BucketName": "` + name + `-an", "BucketNamespace": "account-regional"`, true},
		{`"BucketName": "other-111122223333-eu-west-1-an", "BucketNamespace": "account-regional"`, false},
	} {
		report := Check(read(tc.after), Options{Before: read(`"BucketName": "` + name + `"`)})
		var got []Finding
		for _, f := range report.Findings {
			if f.Rule == "stateful-replaced" {
				got = append(got, f)
			}
		}
		if len(got) != 1 {
			t.Fatalf("%s: %d findings, want one: %v", tc.after, len(got), got)
		}
		if kept := strings.Contains(got[0].Fix, "bucketNamespace: global"); kept != tc.kept {
			t.Errorf("%s: fix %q; want it to keep the names: %t", tc.after, got[0].Fix, tc.kept)
		}
	}
}
