package demo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestZipsAreKeptForTheNextTime(t *testing.T) {
	t.Chdir(t.TempDir())
	for range 2 { // the second demonstration finds the folder
		assembly := t.TempDir()
		if err := os.Mkdir(filepath.Join(assembly, "asset.used"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := keepZips(assembly); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"used.zip", "stale.zip"} { // as the CLI does
			if err := os.WriteFile(filepath.Join(assembly, ".cache", name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	assembly := t.TempDir()
	if err := os.Mkdir(filepath.Join(assembly, "asset.used"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := keepZips(assembly); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadDir(filepath.Join("build", "zips"))
	if err != nil || len(kept) != 1 || kept[0].Name() != "used.zip" {
		t.Errorf("kept: %v, %v; want used.zip", kept, err)
	}
}
