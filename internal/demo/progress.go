package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// progress tells how far the deployment is: each line with the seconds since the
// beginning, and whom it is about. What is under way is also given to say, which
// may show it for as long as it lasts.
type progress struct {
	mu      sync.Mutex
	out     io.Writer
	say     func(format string, arguments ...any)
	begun   time.Time
	pending []string
}

func (p *progress) line(who, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.write(who, text)
}

func (p *progress) write(who, text string) {
	const column = 17
	first := fmt.Sprintf("%4.0f s  %-9s", time.Since(p.begun).Seconds(), who+":")
	for _, line := range wrap(first+" ", strings.Repeat(" ", column), text) {
		fmt.Fprintln(p.out, line)
	}
}

// raw is a line of a program's own, as it is.
func (p *progress) raw(who, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, "%s: %s\n", who, line)
}

// begin tells that something begins, until done is called.
func (p *progress) begin(who, what string) (done func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.write(who, what)
	entry := who + ": " + what
	p.pending = append(p.pending, entry)
	p.say("%s", strings.Join(p.pending, " | "))
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if i := slices.Index(p.pending, entry); i >= 0 {
			p.pending = slices.Delete(p.pending, i, i+1)
		}
		p.say("%s", strings.Join(p.pending, " | "))
	}
}
