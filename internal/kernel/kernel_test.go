package kernel

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUse(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(nodeVariable, "")
	t.Setenv(runtimeVariable, "")
	if Use(dir) || os.Getenv(runtimeVariable) != "" {
		t.Error("a kernel that isn't there is used")
	}
	for _, name := range []string{"kernel.cjs", "program.js"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !Use(dir) || !strings.HasSuffix(os.Getenv(runtimeVariable), "'"+dir+"/program.js'") {
		t.Errorf("the kernel isn't used: %q", os.Getenv(runtimeVariable))
	}
	t.Setenv(runtimeVariable, "mine")
	if Use(dir) || os.Getenv(runtimeVariable) != "mine" {
		t.Error("what somebody has set is lost")
	}
	t.Setenv(runtimeVariable, "")
	t.Setenv(nodeVariable, "node20")
	if Use(dir) {
		t.Error("another Node than somebody has set is used")
	}
}
