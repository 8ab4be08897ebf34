//go:build unix

package main

import (
	"context"
	"os"
	"syscall"
	"testing"
)

func TestOnlyAReaderThatHasGoneAwayEndsARun(t *testing.T) {
	defer outlive()()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	to := heard{w, cancel}
	if err := syscall.Kill(os.Getpid(), syscall.SIGPIPE); err != nil { // as for a connection
		t.Fatal(err)
	}
	if _, err := to.Write([]byte("text")); err != nil || ctx.Err() != nil {
		t.Errorf("while it is read: %v, %v", err, ctx.Err())
	}
	r.Close()
	if _, err := to.Write([]byte("text")); err == nil || ctx.Err() == nil {
		t.Errorf("after that: %v, %v", err, ctx.Err())
	}
}
