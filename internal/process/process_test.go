//go:build unix

package process

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The child outlives a shell that is ended alone.
func TestCommandEndsWithItsChildren(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	c := Command(ctx, "sh", "-c", "sleep 60 & echo $! > "+file+".new; mv "+file+".new "+file+"; wait")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	child := 0
	for child == 0 {
		if text, err := os.ReadFile(file); err == nil {
			child, _ = strconv.Atoi(strings.TrimSpace(string(text)))
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := c.Wait(); err == nil {
		t.Error("the shell succeeded")
	}
	for end := time.Now().Add(10 * time.Second); !ended(child); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d goes on", child)
		}
	}
}

// ended says whether a process is gone, or only waits for whoever inherited it.
func ended(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(status), ") Z ")
}
