package test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/snapshot"
)

// The access tests read a snapshot too, since they do not synthesize.
func TestExampleTemplatesAreAsTheAccessTestsReadThem(t *testing.T) {
	const dir = "../internal/access/testdata/assembly"
	files := snapshotOf(t, exampleAssembly(t))
	if golden.Updating() {
		if err := snapshot.Write(dir, files); err != nil {
			t.Fatal(err)
		}
	}
	got, err := snapshot.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range snapshot.Compare(got, files) {
		t.Errorf("%s/%s is not what the constructs make (- snapshot, + now); run `make snapshots` and look at the difference:\n%s",
			dir, c.Name, cmp.Diff(got[c.Name], files[c.Name]))
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
