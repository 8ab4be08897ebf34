package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFileThatIsThereStaysAsItIs(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "manifest.csv.json")
	if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := makeFile(name); err == nil {
		t.Error("no error")
	}
	if text, err := os.ReadFile(name); string(text) != "mine" {
		t.Errorf("now it has %q, %v", text, err)
	}
}
