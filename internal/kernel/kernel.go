// Package kernel starts the CDK's kernel with less work than jsii's own launcher
// does. The kernel itself is jsii's, of the version that the app is built with.
package kernel

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// runtimeVariable names the command that jsii's runtime for Go starts the kernel
// by, and nodeVariable the Node that it else would.
const runtimeVariable, nodeVariable = "JSII_RUNTIME", "JSII_NODE"

// Use makes jsii start the kernel that `make build` has put into a folder, if it is
// there and nobody has said otherwise. It reports whether: jsii has read the
// environment when the app began, and must be closed to read it again.
func Use(dir string) bool {
	shim, program := filepath.Join(dir, "kernel.cjs"), filepath.Join(dir, "program.js")
	for _, file := range []string{shim, program} {
		if _, err := os.Stat(file); err != nil {
			return false
		}
	}
	if _, err := exec.LookPath("node"); err != nil {
		return false // which jsii says more clearly than a shell
	}
	// The command is a shell's, and Windows' has other words.
	if os.Getenv(runtimeVariable) != "" || os.Getenv(nodeVariable) != "" || runtime.GOOS == "windows" {
		return false
	}
	// V8 else forgets what it has compiled and not run for a while, and a first run
	// that is long would keep little of it for the next.
	return os.Setenv(runtimeVariable, "exec node --no-flush-bytecode --preserve-symlinks --require "+quoted(shim)+" "+quoted(program)) == nil
}

// quoted is a path as the shell has it. Node takes a relative one of --require for
// a package, but for a dot before it.
func quoted(path string) string {
	if !filepath.IsAbs(path) {
		path = "./" + path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
