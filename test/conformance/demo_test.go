//go:build conformance && unix

package conformance

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unicode/utf8"
)

// demonstration is `s3seal demo` of this checkout, as make builds it.
type demonstration struct {
	*exec.Cmd
	temporary string

	mu   sync.Mutex
	said []string // lines of both outputs
}

// play starts the demonstration, which gets an interrupt, or loses the reader of
// its scenes, at the line that has a text.
func play(t *testing.T, at string, stop func(*demonstration), arguments ...string) *demonstration {
	t.Helper()
	program, err := filepath.Abs("../../bin/s3seal")
	if err != nil {
		t.Fatal(err)
	}
	d := &demonstration{temporary: t.TempDir(), Cmd: exec.CommandContext(t.Context(), program, append([]string{"demo"}, arguments...)...)}
	d.Dir, d.Env = "../..", append(os.Environ(), "TMPDIR="+d.temporary)
	scenes, err := d.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	progress, err := d.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Start(); err != nil {
		t.Fatalf("%v: run make synth, which builds it", err)
	}
	var readers sync.WaitGroup
	for _, r := range []io.ReadCloser{scenes, progress} {
		readers.Go(func() {
			for lines := bufio.NewScanner(r); lines.Scan(); {
				d.mu.Lock()
				d.said = append(d.said, lines.Text())
				d.mu.Unlock()
				if at == "" || !strings.Contains(lines.Text(), at) {
					continue
				}
				if stop != nil {
					stop(d)
				} else {
					r.Close()
				}
			}
		})
	}
	readers.Wait()
	if err := d.Wait(); err != nil {
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
			t.Fatal(err)
		}
	}
	return d
}

func interrupt(d *demonstration) { _ = d.Process.Signal(os.Interrupt) }

// nothingIsLeft looks for files, and for processes that would write them.
func (d *demonstration) nothingIsLeft(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(d.temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
	environments, _ := filepath.Glob("/proc/[0-9]*/environ") // none where there is no /proc
	for _, file := range environments {
		if e, err := os.ReadFile(file); err == nil && strings.Contains(string(e), "TMPDIR="+d.temporary) {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
			t.Errorf("a process is left: %s: %s", file, strings.ReplaceAll(string(command), "\x00", " "))
		}
	}
}

// Whoever keeps the local AWS finds the Region of each account in what to source.
func TestDemoFitsATerminalAndLeavesNothing(t *testing.T) {
	var config string
	d := play(t, "npx cdk diff", func(d *demonstration) {
		files, _ := filepath.Glob(filepath.Join(d.temporary, "s3seal-demo-*", "aws", "env"))
		for _, file := range files {
			out, err := exec.Command("sh", "-c", `. "$1"; echo $AWS_PROFILE; cat $AWS_CONFIG_FILE`, "sh", file).Output()
			if err != nil {
				t.Error(err)
			}
			config += string(out)
		}
		interrupt(d)
	}, "--keep")
	if got := d.ProcessState.ExitCode(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	contains(t, config, []string{"source\n", "[profile source]\nregion = us-east-1\n", "[profile replica]\nregion = eu-west-1\n"})
	text := strings.Join(d.said, "\n")
	contains(t, text, []string{"What the scenes made is removed again", "all as promised."})
	_, sample, _ := strings.Cut(read(t, "../../README.md"), "```text\n")
	sample, _, _ = strings.Cut(sample, "```")
	if sample == "" || !strings.Contains(text, sample) {
		t.Errorf("README.md shows what the demonstration doesn't:\n%s", sample)
	}
	for _, line := range d.said {
		// A path to copy is as long as the temporary folder's.
		if n := utf8.RuneCountInString(line); n > 80 && !strings.Contains(line, d.temporary) {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.ContainsRune(text, '\x1b') {
		t.Error("colours, and no terminal")
	}
	d.nothingIsLeft(t)
}

func TestDemoEndsWhenItIsTold(t *testing.T) {
	for _, x := range []struct {
		name, at string
		stop     func(*demonstration)
	}{
		{"in the bootstrap", "cdk bootstrap", interrupt},
		{"in the deployment", "deploying demo-replica", interrupt},
		{"by a signal of a service manager", "cdk deploy", func(d *demonstration) { _ = d.Process.Signal(syscall.SIGTERM) }},
		{"in the scenes, whose reader goes away", " 1. ", nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			d := play(t, x.at, x.stop)
			if got := d.ProcessState.ExitCode(); got != 130 {
				t.Errorf("exit status %d", got)
			}
			if last := d.said[len(d.said)-1]; last != "interrupted: the local AWS and all that was in it are gone" {
				t.Errorf("the last line: %s", last)
			}
			for _, line := range d.said {
				for _, noise := range []string{"goroutine", "signal:", "✗"} {
					if strings.Contains(line, noise) {
						t.Errorf("%s: %s", noise, line)
					}
				}
			}
			d.nothingIsLeft(t)
		})
	}
}
