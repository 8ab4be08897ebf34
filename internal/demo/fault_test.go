package demo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What a program said is in a file, and not between the reader and the reason.
func TestFaultIsASentenceAndTheRestAFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	said := "demo-logs: deploying... [1/3]\n\n ❌  demo-logs failed: ToolkitError: ROLLBACK_COMPLETE: no bucket\n    at Object.<anonymous> (/index.js:1:2)\n"
	err := fault(&toolError{what: "cdk deploy in account 111122223333", exit: errors.New("exit status 1"), said: said}, false)
	text, file, found := strings.Cut(err.Error(), "\nAll that it said is in ")
	if text != "cdk deploy in account 111122223333: demo-logs failed: ToolkitError: ROLLBACK_COMPLETE: no bucket" || !found {
		t.Errorf("got %v", err)
	}
	if kept, err := os.ReadFile(file); string(kept) != said || err != nil {
		t.Errorf("kept %q, %v", kept, err)
	}
	if err := fault(&toolError{what: "cdk", exit: errors.New("exit status 1"), said: said}, true); strings.Contains(err.Error(), "\n") {
		t.Errorf("what was shown is kept too: %v", err)
	}
}

func TestTelling(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"":                                   "exit status 1",
		"stages.yaml:3:5: no such field\n\n": "stages.yaml:3:5: no such field",
		"bin/app: exit status 1\nerror: no key\n":                              "error: no key",
		"a\npanic: mkdir x\n\ngoroutine 1 [running]:\nmain.main()\n":           "panic: mkdir x",
		"CDKToolkit: creating\nError: Need to perform AWS calls\n    at x:1:2": "Error: Need to perform AWS calls",
	} {
		if got := telling(said, errors.New("exit status 1")); got != want {
			t.Errorf("%q: got %q, want %q", said, got, want)
		}
	}
}

// A full disk is met by this process, by the app, which ends in a goroutine dump,
// or by Node.
func TestAFullTemporaryFolderIsNamed(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for _, err := range []error{
		fmt.Errorf("local AWS: %w", &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}),
		&toolError{exit: errors.New("exit status 2"), said: "panic: write /tmp/jsii: no space left on device\n\ngoroutine 1 [running]:\n"},
		&toolError{exit: errors.New("exit status 1"), said: "Error: ENOSPC: no space left on device, write\n    at x"},
	} {
		want := os.TempDir() + " is full: make room there, or set TMPDIR to a folder with 200 MB to spare"
		if got := fault(err, false); got.Error() != want {
			t.Errorf("got  %v\nwant %s", got, want)
		}
	}
}

func TestATemporaryFolderThatCannotBeWrittenTo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "none")} {
		t.Setenv("TMPDIR", folder)
		if _, err := makeFolder(); err == nil || !strings.HasSuffix(err.Error(), ": set TMPDIR to a folder that you can write to") {
			t.Errorf("%s: %v", folder, err)
		}
	}
	t.Setenv("TMPDIR", t.TempDir())
	folder, err := makeFolder()
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); len(left) > 0 || err != nil {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestCheckFolderNamesWhatIsMissing(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	t.Setenv("PATH", folder)
	arch, err := architecture()
	if err != nil {
		t.Skip(err)
	}
	functions := "build/lambda/" + arch
	for _, x := range []struct{ file, content, lacks string }{
		{"README.md", "", "cdk.json is not here: run `make demo` in the project's folder"},
		{"cdk.json", "{}", "node_modules/.bin/cdk is not here: run `make demo`, which makes it"},
		{"node_modules/.bin/cdk", "", "bin/app is not here: run `make demo`, which makes it"},
		{"bin/app", "", functions + "/put/bootstrap is not here: run `make demo`, which makes it"},
		{functions + "/put/bootstrap", "", functions + "/get/bootstrap is not here: run `make demo`, which makes it"},
		{functions + "/get/bootstrap", "", functions + "/rotate/bootstrap is not here: run `make demo`, which makes it"},
		{functions + "/rotate/bootstrap", "", functions + "/sweep/bootstrap is not here: run `make demo`, which makes it"},
		{functions + "/sweep/bootstrap", "", "there is no Node: install version 20 or newer"},
		{"node", "#!/bin/sh\necho v16.20.2\n", filepath.Join(folder, "node") + " is no Node of version 20 or newer, but says \"v16.20.2\": remove node_modules and run `make demo` with a newer Node first on PATH"},
		{"node_modules/.bin/node", "#!/bin/sh\necho v24.21.0\n", ""},
	} {
		if err := os.MkdirAll(filepath.Dir(x.file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(x.file, []byte(x.content), 0o700); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := CheckFolder(t.Context()); err != nil {
			got = err.Error()
		}
		if got != x.lacks {
			t.Errorf("with %s:\n got %s\nwant %s", x.file, got, x.lacks)
		}
	}
}
