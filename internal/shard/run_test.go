package shard

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/process"
)

// options are those of shares that run a script each; $1 is the share's folder.
func options(t *testing.T, out string, scripts ...string) Options {
	return Options{
		Out: out, Shares: Split(len(scripts), len(scripts)), Done: func(int) {}, Stderr: &bytes.Buffer{},
		Command: func(ctx context.Context, s Share, dir string) *exec.Cmd {
			return process.Command(ctx, "sh", "-c", scripts[s.From], "sh", dir)
		},
	}
}

func TestMakeRunsEveryShare(t *testing.T) {
	o := options(t, t.TempDir(), "echo each >&2; mkdir $1; printf 12 >&3", "echo other; echo each >&2; mkdir $1; printf 3 >&3")
	var done atomic.Int32
	o.Done = func(n int) { done.Add(int32(n)) }
	dirs, remove, err := Make(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
	if said := o.Stderr.(*bytes.Buffer).String(); said != "each\nother\n" {
		t.Errorf("the processes said %q", said)
	}
	if done.Load() != 3 {
		t.Errorf("%d stages were counted, want 3", done.Load())
	}
	remove()
	empty(t, o.Out)
}

// A minute of a process whose work is lost is a minute of a person's.
func TestMakeEndsTheOthersWhenOneFails(t *testing.T) {
	o := options(t, t.TempDir(), "echo error: it is so >&2; exit 1", "sleep 60", "sleep 60")
	start := time.Now()
	_, _, err := Make(t.Context(), o)
	if err == nil || err.Error() != "it is so" {
		t.Errorf("the error is %v", err)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	empty(t, o.Out)
}

func TestMakeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := options(t, t.TempDir(), "touch $TMPDIR/left; printf 1 >&3; sleep 60", "printf 1 >&3; sleep 60")
	o.Done = func(int) { cancel() }
	if _, _, err := Make(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	empty(t, o.Out)
}

func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left: %v", left, err)
	}
}
