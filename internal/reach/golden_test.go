package reach

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// A change by which somebody comes to an object, or doesn't any more, must show
// in review.
func TestTheReviewedPagesAreTrue(t *testing.T) {
	t.Parallel()
	const dir = "../../test/reach"
	a, err := template.ReadAssembly("../../test/snapshots")
	if err != nil {
		t.Fatal(err)
	}
	file, err := stage.Load("../../stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		want[f.Name()] = string(text)
	}
	have := Tables(a, file.Organization.Policies())
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("test/reach differs (- page, + now); if the change is meant, run `make snapshots`:\n%s", d)
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		for line := range strings.Lines(have[name]) {
			if len(line) > 161 {
				t.Errorf("%s: a line of %d characters: %s", name, len(line), line)
			}
		}
	}
}
