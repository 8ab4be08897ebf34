// Package golden compares what the tests make with the files that people
// review: `go test PACKAGE -update` writes them anew.
package golden

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the files anew that the tests compare with")

// Updating says whether the files are written anew. A test needs it only if what
// it reads may be missing until then.
func Updating() bool { return *update }

// File compares a file with what it should be.
func File(t testing.TB, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(data), "\n"), strings.Split(want, "\n")); d != "" {
		t.Errorf("%s is not what the code makes (- file, + made); -update writes it:\n%s", name, d)
	}
}
