package main

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// outlive has the program survive a write to somebody who has gone away, until
// stop is called. The signal doesn't say who that was: it is also sent for each
// connection that a client, such as a function that is ended, has broken off.
func outlive() (stop func()) {
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE)
	return func() { signal.Stop(unread) }
}

// heard is a writer that calls gone when nobody reads what it writes.
type heard struct {
	io.Writer
	gone func()
}

func (h heard) Write(p []byte) (int, error) {
	n, err := h.Writer.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		h.gone()
	}
	return n, err
}
