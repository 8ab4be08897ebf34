package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
)

// wait tells who waits at a terminal what a long run is doing. A short run, and
// one whose output a file or a build server keeps, says nothing.
type wait struct {
	mu    sync.Mutex
	out   io.Writer
	text  string
	shown bool
	stop  chan struct{}
	ended sync.Once
}

const (
	patience = 2 * time.Second        // before the first word
	pace     = 200 * time.Millisecond // between one and the next
)

// waitOnTerminal says nothing where the file is no terminal.
func waitOnTerminal(f *os.File) *wait {
	if !isatty.IsTerminal(f.Fd()) {
		return newWait(nil, 0, 0)
	}
	return newWait(f, patience, pace)
}

// newWait writes to out; to nowhere if that is nil.
func newWait(out io.Writer, patience, pace time.Duration) *wait {
	w := &wait{out: out, stop: make(chan struct{})}
	if out != nil {
		go w.show(patience, pace)
	}
	return w
}

// say is what the run does from here on.
func (w *wait) say(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = fmt.Sprintf(format, args...)
}

func (w *wait) show(patience, pace time.Duration) {
	next := time.After(patience)
	for {
		select {
		case <-w.stop:
			return
		case <-next:
		}
		w.mu.Lock()
		select {
		case <-w.stop: // nothing is written behind the report
		default:
			fmt.Fprintf(w.out, clearLine+"%.76s", w.text)
			w.shown = true
		}
		w.mu.Unlock()
		next = time.After(pace)
	}
}

// above is a writer of whole lines, of a run that goes on: they push down the
// line that says what it does.
func (w *wait) above(to io.Writer) io.Writer { return above{w, to} }

type above struct {
	*wait
	to io.Writer
}

func (a above) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.shown {
		fmt.Fprint(a.out, clearLine)
		a.shown = false
	}
	return a.to.Write(p)
}

const clearLine = "\r\x1b[K"

// end clears the line; it may be called again.
func (w *wait) end() {
	w.ended.Do(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		close(w.stop)
		if w.shown {
			fmt.Fprint(w.out, clearLine)
		}
	})
}
