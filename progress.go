package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
)

// progress says how far a long run is: at a terminal in one line that changes,
// and else in a line now and then, each twice as late as the one before.
type progress struct {
	mu       sync.Mutex
	out      *os.File
	of, done int
	shown    bool
	stop     chan struct{}
}

const (
	patience = 2 * time.Second        // before the first word
	pace     = 200 * time.Millisecond // between one and the next at a terminal
)

func newProgress(out *os.File, of int) *progress {
	p := &progress{out: out, of: of, stop: make(chan struct{})}
	go p.show(p.stop)
	return p
}

// add counts stages that are made.
func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
}

func (p *progress) show(stop <-chan struct{}) {
	terminal := isatty.IsTerminal(p.out.Fd())
	for wait := patience; ; {
		select {
		case <-stop:
			return
		case <-time.After(wait):
		}
		p.mu.Lock()
		switch {
		case p.stop == nil: // nothing is written behind what follows
		case terminal:
			fmt.Fprintf(p.out, "\r\x1b[K%d of %d stages", p.done, p.of)
			p.shown, wait = true, pace
		default:
			fmt.Fprintf(p.out, "%d of %d stages\n", p.done, p.of)
			wait *= 2
		}
		p.mu.Unlock()
	}
}

// end clears the line; it may be called again.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		return
	}
	close(p.stop)
	p.stop = nil
	if p.shown {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
