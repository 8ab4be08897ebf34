package access

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

const (
	snapshots = "../../test/snapshots" // of the stages of stages.yaml
	tables    = "../../test/access"
	examples  = "testdata/assembly" // of the stages of test/testdata/stages.yaml
)

func readAssembly(t testing.TB, dir string) *template.Assembly {
	t.Helper()
	a, err := template.ReadAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func stageNames(a *template.Assembly) []string {
	var names []string
	for _, s := range a.Stacks {
		if !slices.Contains(names, StageOf(s)) {
			names = append(names, StageOf(s))
		}
	}
	return names
}

// readStage is the resources of a stage, which must all be
// known: a policy that cannot be read is one that nobody reviews.
func readStage(t testing.TB, a *template.Assembly, stage string) *resource.Set {
	t.Helper()
	set := resource.Read(Stacks(a, stage))
	for _, u := range set.Unread {
		t.Errorf("%s of %s: %v", u.LogicalID, u.Stack().Name, u.Err)
	}
	return set
}

// A change that lets somebody in, or shuts somebody out, must show in review.
func TestAccessIsAsTheTablesSay(t *testing.T) {
	a := readAssembly(t, snapshots)
	file, err := stage.Load("../../stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := Tables(a, file.Organization.Policies())
	for _, name := range stageNames(a) {
		if Stacks(a, name)[0].OfStage() != "" {
			readStage(t, a, name)
		}
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(tables, name))
		if err != nil {
			t.Fatalf("%v: run `make snapshots`", err)
		}
		if d := cmp.Diff(strings.Split(string(got), "\n"), strings.Split(text, "\n")); d != "" {
			t.Errorf("test/access/%s differs (- table, + now); if the change is meant, run `make snapshots`:\n%s", name, d)
		}
	}
	files, err := os.ReadDir(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := want[f.Name()]; !ok {
			t.Errorf("test/access/%s is of a stage that there is no more: run `make snapshots`", f.Name())
		}
	}
}
