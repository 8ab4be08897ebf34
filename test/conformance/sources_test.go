//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Nobody edits the data by hand: what AWS doesn't say would look as if it did.
func TestDataIsWhatItsSourceGives(t *testing.T) {
	t.Parallel()
	const root = "../.."
	for _, data := range []struct{ file, interpreter, generator, target string }{
		{"iam/authorization/reference.txt", "node", "iam/authorization/generate/generate.mjs", "authorization"},
		{"internal/resourcetype/schemas.txt", "python3", "internal/resourcetype/generate.py", "schemas"},
	} {
		t.Run(data.target, func(t *testing.T) {
			t.Parallel()
			have, err := os.ReadFile(filepath.Join(root, data.file))
			if err != nil {
				t.Fatal(err)
			}
			generate := exec.CommandContext(t.Context(), data.interpreter, data.generator)
			generate.Dir = root
			want, err := generate.Output()
			if err != nil {
				t.Fatal(data.generator, ": ", err)
			}
			if string(have) != string(want) {
				t.Errorf("%s is not what its generator writes (make %s): %s", data.file, data.target, cmp.Diff(string(want), string(have)))
			}
		})
	}
}
