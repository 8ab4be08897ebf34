package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Somebody else's module sees what is not internal, and nothing more: the one in
// test/outside makes a stack of the constructs, and tests a policy and against
// the local AWS. Its go.mod follows this one's; `go mod tidy` there mends it.
func TestAnotherModuleBuildsAndTests(t *testing.T) {
	node, err := filepath.Abs("../../node_modules/.bin")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"vet", "./..."}, {"test", "-count=1", "./..."}} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = "../outside"
		cmd.Env = append(os.Environ(), "CDK_VALIDATION=false", "PATH="+node+string(os.PathListSeparator)+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("go %v: %v\n%s", args, err, out)
		}
	}
}
