package awsclient

import "testing"

func TestCopySource(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"a/ü +%", "", "bucket/a%2F%C3%BC%20%2B%25"},
		{"a", "null", "bucket/a"},
		{"a", "v+1", "bucket/a?versionId=v%2B1"},
	} {
		if got := *CopySource("bucket", c[0], c[1]); got != c[2] {
			t.Errorf("%q of %q: %s, want %s", c[1], c[0], got, c[2])
		}
	}
}
