package shard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes files in a folder.
func write(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// part is the assembly of a share with one stack.
func part(t *testing.T, name string, more map[string]string) string {
	dir := write(t, filepath.Join(t.TempDir(), name), map[string]string{
		"manifest.json": "{\n  \"version\": \"54.0.0\",\n  \"artifacts\": {\n    \"" + name + "\": {\n      \"type\": \"aws:cloudformation:stack\"\n    },\n    \"Tree\": {\n      \"type\": \"cdk:tree\"\n    }\n  },\n  \"missing\": [\n    {\n      \"key\": \"zones\"\n    }\n  ]\n}",
		"tree.json":     `{"version":"tree-0.1","tree":{"id":"App","children":{"` + name + `":{"id":"` + name + `"},"Tree":{"id":"Tree"}}}}`,
		"cdk.out":       `{"version":"54.0.0"}`, name + ".template.json": "{}", "asset.1/code": "code",
	})
	return write(t, dir, more)
}

func TestMergePutsAssembliesTogether(t *testing.T) {
	out := write(t, t.TempDir(), map[string]string{
		"a.template.json": "of an earlier synthesis", "asset.1/code": "half of it", "manifest.json": "{}",
	})
	if err := Merge(out, []string{part(t, "a", nil), part(t, "b", nil)}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"manifest.json": "{\n  \"version\": \"54.0.0\",\n  \"artifacts\": {\n    \"a\": {\n      \"type\": \"aws:cloudformation:stack\"\n    },\n    \"b\": {\n      \"type\": \"aws:cloudformation:stack\"\n    },\n    \"Tree\": {\n      \"type\": \"cdk:tree\"\n    }\n  },\n  \"missing\": [\n    {\n      \"key\": \"zones\"\n    }\n  ]\n}",
		"tree.json":     `{"version":"tree-0.1","tree":{"id":"App","children":{"a":{"id":"a"},"b":{"id":"b"},"Tree":{"id":"Tree"}}}}`,
		"cdk.out":       `{"version":"54.0.0"}`, "a.template.json": "{}", "b.template.json": "{}", "asset.1/code": "code",
	} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || string(data) != want {
			t.Errorf("%s is %v\n%s\nwant\n%s", name, err, data, want)
		}
	}
}

// One of two things of the same name would be deployed, and nobody knows which.
func TestMergeRefusesWhatDiffers(t *testing.T) {
	for name, more := range map[string]map[string]string{
		"a file":   {"own.json": "2"},
		"a folder": {"assembly-own/manifest.json": "2"},
		"more":     {"assembly-own/more.json": "1"},
	} {
		one := part(t, "a", map[string]string{"own.json": "1", "assembly-own/manifest.json": "1"})
		out := t.TempDir()
		err := Merge(out, []string{one, part(t, "b", more)})
		if err == nil || !strings.Contains(err.Error(), "-c shards=1") {
			t.Errorf("%s that differs: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(out, "manifest.json")); err == nil {
			t.Errorf("%s that differs: an assembly is there", name)
		}
	}
}
