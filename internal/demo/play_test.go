//go:build unix

package demo

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkout is a folder with an app and a CLI that are shell scripts. It is the
// current folder of the test, and so is its temporary one, which it returns.
func checkout(t *testing.T, app, cli string) (temporary string) {
	t.Helper()
	folder := t.TempDir()
	t.Chdir(folder)
	for file, text := range map[string]string{
		"cdk.json": `{"app": "bin/app"}`, "bin/app": "#!/bin/sh\n" + app, filepath.Join(binaries, "cdk"): "#!/bin/sh\n" + cli,
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	temporary = t.TempDir()
	t.Setenv("TMPDIR", temporary)
	return temporary
}

// left are the names of what is in a folder, of a log its beginning.
func left(t *testing.T, folder string) string {
	t.Helper()
	var names []string
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name, _, _ := strings.Cut(e.Name(), "-demo-")
		names = append(names, name+filepath.Ext(e.Name()))
	}
	return strings.Join(names, " ")
}

func TestRunSaysInALineWhatStoppedIt(t *testing.T) {
	const forever = "exec sleep 60\n"
	for _, x := range []struct{ name, app, cli, says, left string }{
		{"the app", "echo stages.yaml:3:5: no such field: prefx; exit 1", forever,
			"bin/app: stages.yaml:3:5: no such field: prefx", ""},
		{"the CLI", forever, "echo creating; echo ' ❌  It failed: no role'; echo '    at a (b:1:2)'; exit 1",
			"cdk bootstrap: It failed: no role\nAll that it said is in FILE", "s3seal.log"},
		{"a full disk", "echo 'panic: no space left on device'; echo; echo goroutine 1; exit 2", forever,
			"TMPDIR is full: make room there, or set TMPDIR to a folder with 200 MB to spare", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			temporary := checkout(t, x.app, x.cli)
			err := Run(t.Context(), Options{Out: io.Discard, Progress: io.Discard})
			if err == nil {
				t.Fatal("no error")
			}
			got := err.Error()
			if _, file, found := strings.Cut(got, " is in "); found {
				got = strings.ReplaceAll(got, file, "FILE")
			}
			if got = strings.ReplaceAll(got, temporary, "TMPDIR"); got != x.says {
				t.Errorf("got  %s\nwant %s", got, x.says)
			}
			if got := left(t, temporary); got != x.left {
				t.Errorf("left: %s, want %s", got, x.left)
			}
		})
	}
}

// stopper ends a context at a text.
type stopper struct {
	at   string
	stop func()
}

func (s stopper) Write(p []byte) (int, error) {
	if strings.Contains(string(p), s.at) {
		s.stop()
	}
	return len(p), nil
}

func TestRunEndsWithItsContextAndLeavesNothing(t *testing.T) {
	temporary := checkout(t, "sleep 60", "sleep 60; echo")
	ctx, cancel := context.WithCancel(t.Context())
	err := Run(ctx, Options{Out: io.Discard, Progress: stopper{"cdk bootstrap", cancel}})
	if !errors.Is(err, ErrInterrupted) {
		t.Errorf("got %v", err)
	}
	if got := left(t, temporary); got != "" {
		t.Errorf("left: %s", got)
	}
}
