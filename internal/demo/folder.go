package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// CheckFolder says what the current folder lacks of a checkout in which `make
// demo` has set up what the demonstration runs.
func CheckFolder(ctx context.Context) error {
	if _, err := os.Stat("cdk.json"); err != nil {
		return errors.New("cdk.json is not here: run `make demo` in the project's folder")
	}
	arch, err := architecture()
	if err != nil {
		return err
	}
	files := []string{filepath.Join(binaries, "cdk"), filepath.Join("bin", "app")}
	for _, function := range []string{"put", "get", "rotate", "sweep"} { // those of stages.yaml
		files = append(files, filepath.Join("build", "lambda", arch, function, "bootstrap"))
	}
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s is not here: run `make demo`, which makes it", file)
		}
	}
	return checkNode(ctx)
}

// oldest is the oldest Node for which the CDK's CLI and its kernel are meant.
const oldest = 20

// checkNode says whether the Node that runs the CDK, the pinned one or else the
// machine's, is new enough: an older one fails with a stack trace.
func checkNode(ctx context.Context) error {
	node := filepath.Join(binaries, "node")
	if _, err := os.Stat(node); err != nil {
		if node, err = exec.LookPath("node"); err != nil {
			return fmt.Errorf("there is no Node: install version %d or newer", oldest)
		}
	}
	out, err := exec.CommandContext(ctx, node, "--version").Output()
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, parsed := strconv.Atoi(major); err != nil || parsed != nil || n < oldest {
		return fmt.Errorf("%s is no Node of version %d or newer, but says %q: remove node_modules and run `make demo` with a newer Node first on PATH", node, oldest, version)
	}
	return nil
}

// needed is what the demonstration writes below the temporary folder at most,
// with a third to spare.
const needed = 200 << 20

// makeFolder makes the folder of the demonstration, and finds out now whether
// there is room: later a program that has none would say so in its own way.
func makeFolder() (string, error) {
	folder, err := os.MkdirTemp("", "s3seal-demo-")
	if err != nil {
		return "", fmt.Errorf("%w: set TMPDIR to a folder that you can write to", err)
	}
	if err := probe(filepath.Join(folder, "probe"), needed); err != nil {
		os.RemoveAll(folder)
		return "", err
	}
	return folder, nil
}

// probe writes a file of a size and removes it.
func probe(name string, size int) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for zeros := make([]byte, 1<<20); size > 0 && err == nil; size -= len(zeros) {
		_, err = f.Write(zeros)
	}
	return errors.Join(err, f.Close(), os.Remove(name))
}
