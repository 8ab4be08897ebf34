//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Nobody edits the data by hand, as with that on actions.
func TestSchemasAreWhatTheirSourceGives(t *testing.T) {
	t.Parallel()
	const folder = "../../internal/resourcetype"
	have, err := os.ReadFile(folder + "/schemas.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := exec.CommandContext(t.Context(), "python3", folder+"/generate.py").Output()
	if err != nil {
		t.Fatal("generate.py: ", err)
	}
	if string(have) != string(want) {
		t.Error("schemas.txt is not what generate.py writes (make schemas): ", cmp.Diff(string(want), string(have)))
	}
}
