package test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
)

// A changed template must be seen in a pull request before it is deployed, and
// a snapshot of a stack that is gone would hide that it is. The snapshots are of
// the app, with whatever stacks it has, and not of the stages alone.
func TestTemplatesAreAsTheSnapshotsSay(t *testing.T) {
	dir := synthesizeApp(t, "..")
	compareSnapshot(t, "snapshots", snapshotOf(t, dir))
	// What stages.yaml acknowledges must be a change that the snapshots took.
	log, err := snapshot.ReadLog("snapshots")
	if err != nil {
		t.Fatal(err)
	}
	report := rule.Check(read(t, dir).Stacks, rule.Options{
		Before: read(t, "snapshots").Stacks, Acknowledge: loadStages(t, "../stages.yaml").Acknowledge, Taken: log,
	})
	for _, f := range report.OfChanges().Findings {
		t.Errorf("%s %s: %s", f.Rule, f.Resource(), f.Message)
	}
}

// The access tests read a snapshot too, since they do not synthesize.
func TestExampleTemplatesAreAsTheAccessTestsReadThem(t *testing.T) {
	const dir = "../internal/access/testdata/assembly"
	files := snapshotOf(t, exampleAssembly(t))
	if *update {
		if err := snapshot.Write(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	compareSnapshot(t, dir, files)
}

// synthesizeApp builds the app of a folder and runs it as the CDK's CLI would.
func synthesizeApp(t *testing.T, root string) string {
	t.Helper()
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
	return dir
}

// compareSnapshot compares the snapshot in a folder with what it should be.
func compareSnapshot(t *testing.T, dir string, want snapshot.Files) {
	t.Helper()
	got, err := snapshot.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range snapshot.Compare(got, want) {
		t.Errorf("%s/%s is not what the app makes (- snapshot, + now); run `make snapshots` and look at the difference:\n%s",
			dir, c.Name, cmp.Diff(got[c.Name], want[c.Name]))
	}
}

// snapshotOf gives the snapshot of an assembly.
func snapshotOf(t *testing.T, dir string) snapshot.Files {
	t.Helper()
	files, err := snapshot.Reduce(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func unmarshal(t *testing.T, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func indent(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
