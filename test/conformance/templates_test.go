package conformance

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// A changed template must be seen in a pull request before it is deployed, and
// a snapshot of a stack that is gone would hide that it is. The snapshots are of
// the app, with whatever stacks it has, and not of the stages alone.
func TestTemplatesAreAsTheSnapshotsSay(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and runs the app")
	}
	const root, snapshots = "../..", "../snapshots"
	seeSources(t, root)
	build := exec.Command("make", "-s", "build")
	build.Dir, build.Stderr = root, os.Stderr
	if err := build.Run(); err != nil {
		t.Fatal(err)
	}
	app, err := snapshot.ReadApp(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := app.Synthesize(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	stages, err := stage.Load(root + "/stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := snapshot.Reduce(dir)
	if err != nil {
		t.Fatal(err)
	}
	want, err := whole.Fold(stages.Stages)
	if err != nil {
		t.Fatal(err)
	}
	got, err := snapshot.Read(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range snapshot.Compare(got, want) {
		t.Errorf("test/snapshots/%s is not what the app makes (- snapshot, + now); run `make snapshots` and look at the difference:\n%s",
			c.Name, cmp.Diff(got[c.Name], want[c.Name]))
	}

	// What stages.yaml acknowledges must be a change that the snapshots took.
	log, err := snapshot.ReadLog(snapshots)
	if err != nil {
		t.Fatal(err)
	}
	assembly := func(dir string) []*template.Stack {
		a, err := template.ReadAssembly(dir)
		if err != nil {
			t.Fatal(err)
		}
		return a.Stacks
	}
	report := rule.Check(assembly(dir), rule.Options{Before: assembly(snapshots), Acknowledge: stages.Acknowledge, Taken: log})
	for _, f := range report.OfChanges().Findings {
		t.Errorf("%s %s: %s", f.Rule, f.Resource(), f.Message)
	}
}

// seeSources looks at every file that the app is built from. Go's test cache
// knows what this process looks at, and not what make reads: after a change of a
// construct the tests would pass from the cache.
func seeSources(t *testing.T, root string) {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", `{{if .Module}}{{if .Module.Main}}{{.Dir}}{{range .GoFiles}}{{"\n"}}{{$.Dir}}/{{.}}{{end}}{{end}}{{end}}`, ".")
	list.Dir = root
	files, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for file := range strings.Lines(string(files)) {
		if _, err := os.Stat(strings.TrimSpace(file)); err != nil {
			t.Fatal(err)
		}
	}
}
