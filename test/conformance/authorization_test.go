//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Nobody edits the data by hand: what AWS doesn't say would look as if it did.
func TestAuthorizationDataIsWhatItsSourceGives(t *testing.T) {
	t.Parallel()
	const folder = "../../iam/authorization"
	have, err := os.ReadFile(folder + "/reference.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := exec.CommandContext(t.Context(), "node", folder+"/generate/generate.mjs").Output()
	if err != nil {
		t.Fatal("generate.mjs: ", err)
	}
	if string(have) != string(want) {
		t.Error("reference.txt is not what generate.mjs writes (make authorization): ", cmp.Diff(string(want), string(have)))
	}
}
