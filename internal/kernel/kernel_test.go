package kernel

import (
	"os"
	"os/exec"
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

// The kernel reads jsii's calls from file 3, which the shim makes file 0: a file that
// something opens later must not get that number.
func TestNoFileGetsTheNumberOfCalls(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	shim, err := os.ReadFile("kernel.cjs")
	if err != nil {
		t.Fatal(err)
	}
	// Node itself has number 3, or another that it gives back: the worst is a free one.
	files := map[string]string{
		"kernel.cjs": string(shim), "free.cjs": "try { require('fs').closeSync(3) } catch {}", "text": "of the file",
		"read.cjs": `
			const fs = require('fs')
			const file = fs.openSync('text'), text = Buffer.alloc(11)
			fs.readSync(file, text)
			fs.writeSync(1, text)
			process.reallyExit(0)`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(node, "--require", "./free.cjs", "--require", "./kernel.cjs", "read.cjs")
	c.Dir, c.Stdin = dir, strings.NewReader("of jsii's calls")
	out, _ := c.CombinedOutput() // Node ends badly, without its own file
	if string(out) != "of the file" {
		t.Errorf("a file of the kernel's reads %q", out)
	}
}
