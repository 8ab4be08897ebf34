package main

import (
	"bufio"
	"io"
	"os"
	"strings"
)

// noise is what the jsii runtime says at the end of about a quarter of good
// runs: two of its goroutines wait for the same process, and the second is told
// that there is none.
const noise = "Runtime process exited abnormally: waitid: no child processes"

// filterStderr puts a filter in front of os.Stderr that leaves noise out. Close
// writes what is left. It is the last thing that a run does: os.Stderr is not put
// back, since the second goroutine may be told later still.
func filterStderr() io.Closer {
	real := os.Stderr
	r, w, err := os.Pipe()
	if err != nil { // without a filter, then
		return io.NopCloser(nil)
	}
	os.Stderr = w
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewReader(r)
		for {
			line, err := lines.ReadString('\n')
			io.WriteString(real, strings.ReplaceAll(line, noise, ""))
			if err != nil {
				return
			}
		}
	}()
	return filter{w, done}
}

type filter struct {
	w    *os.File
	done chan struct{}
}

func (f filter) Close() error {
	err := f.w.Close()
	<-f.done
	return err
}
