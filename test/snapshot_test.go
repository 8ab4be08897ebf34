package test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A snapshot is a cloud assembly that people read: templates, sorted and
// indented, and a manifest of what deploys where.
//
// A changed template must be seen in a pull request before it is deployed, and
// a snapshot of a stack that is gone would hide that it is.
func TestTemplatesAreAsTheSnapshotsSay(t *testing.T) {
	compareSnapshot(t, "snapshots", snapshotOf(t, synth(t, loadStages(t, "../stages.yaml"))))
}

// The access tests read a snapshot too, since they do not synthesize.
func TestExampleTemplatesAreAsTheAccessTestsReadThem(t *testing.T) {
	compareSnapshot(t, "../internal/access/testdata/assembly", snapshotOf(t, exampleAssembly(t)))
}

// compareSnapshot compares the snapshot in a folder with what it should be, or
// with -update rewrites it.
func compareSnapshot(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if *update {
		writeSnapshot(t, dir, want)
		return
	}
	got := readDir(t, dir)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if _, ok := got[name]; !ok {
			t.Errorf("%s/%s is missing: run `make snapshots` and look at the difference", dir, name)
			continue
		}
		if d := cmp.Diff(got[name], want[name]); d != "" {
			t.Errorf("%s/%s is not what the stages give (- snapshot, + now); if the change is meant, run `make snapshots`:\n%s",
				dir, name, d)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s/%s is of a stack that there is no more: run `make snapshots`", dir, name)
		}
	}
}

// snapshotOf gives the snapshot files of an assembly, by name.
func snapshotOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	var manifest struct {
		Version   string
		Artifacts map[string]struct {
			Type, Environment string
			Properties        struct{ TemplateFile string }
			Dependencies      []string
		}
	}
	unmarshal(t, filepath.Join(dir, "manifest.json"), &manifest)
	files := map[string]string{}
	artifacts := map[string]any{}
	for id, a := range manifest.Artifacts {
		if a.Type != "aws:cloudformation:stack" {
			continue
		}
		files[a.Properties.TemplateFile] = snapshotTemplate(t, dir, id, a.Properties.TemplateFile)
		dependencies := slices.DeleteFunc(a.Dependencies, func(d string) bool { return strings.HasSuffix(d, ".assets") })
		artifacts[id] = map[string]any{
			"type":         a.Type,
			"environment":  a.Environment,
			"properties":   map[string]any{"templateFile": a.Properties.TemplateFile},
			"dependencies": dependencies,
		}
	}
	files["manifest.json"] = indent(t, map[string]any{"version": manifest.Version, "artifacts": artifacts})
	return files
}

// snapshotTemplate is a template with the archives named for what is in them,
// and not for their hash, which the compiler decides; and without the version
// check of the bootstrap stack, which is the CDK's own.
func snapshotTemplate(t *testing.T, dir, id, file string) string {
	t.Helper()
	var template map[string]any
	unmarshal(t, filepath.Join(dir, file), &template)
	delete(template["Parameters"].(map[string]any), "BootstrapVersion")
	if len(template["Parameters"].(map[string]any)) == 0 {
		delete(template, "Parameters")
	}
	delete(template["Rules"].(map[string]any), "CheckBootstrapVersion")
	if len(template["Rules"].(map[string]any)) == 0 {
		delete(template, "Rules")
	}
	text := indent(t, template)
	var assets struct {
		Files map[string]struct{ DisplayName string }
	}
	unmarshal(t, filepath.Join(dir, id+".assets.json"), &assets)
	for hash, a := range assets.Files {
		text = strings.ReplaceAll(text, hash+".zip", archiveName(a.DisplayName))
	}
	return text
}

// archiveName is "Put.zip" for the asset of ".../Put/Code".
func archiveName(displayName string) string {
	parts := strings.Split(strings.TrimSuffix(displayName, "/Code"), "/")
	return parts[len(parts)-1] + ".zip"
}

func writeSnapshot(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readDir(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(fmt.Errorf("%w: run `make snapshots`", err))
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
