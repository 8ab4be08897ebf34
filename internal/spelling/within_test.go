package spelling

import "testing"

func TestWithin(t *testing.T) {
	t.Parallel()
	known := []string{"s3:GetObject", "s3:GetObjectAcl", "s3:PutObject"}
	for _, c := range []struct {
		word  string
		edits int
		want  string
	}{
		{"s3:getobjects", 2, "s3:GetObject"},
		{"s3:GetObjekt", 1, "s3:GetObject"},
		{"s3:GetObjectAcll", 2, "s3:GetObjectAcl"},
		{"s3:GetObjct", 0, ""},
		{"s3:FoldPaper", 2, ""},
		{"", 2, ""},
	} {
		if got := Within(c.word, known, c.edits); got != c.want {
			t.Errorf("%q: %q, want %q", c.word, got, c.want)
		}
	}
}
