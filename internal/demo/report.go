package demo

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// report shows scenes as they are played, and counts what differs.
type report struct {
	out   io.Writer
	color bool
	names
	decided func(got string) string // why the answer is a refusal; "" if it is none by a policy
	stopped func() bool             // nobody waits for the rest

	scenes int
	steps  int
	failed []string
}

// scene begins a scene: its promise, and what is at stake.
func (r *report) scene(title, stake string) {
	if r.stopped() {
		return
	}
	r.scenes++
	fmt.Fprintln(r.out)
	number := fmt.Sprintf("%2d. ", r.scenes)
	r.write("1", number, "    ", title)
	r.write("", "    ", "    ", stake)
	fmt.Fprintln(r.out)
}

// step shows what was asked and what came back. It is as promised if got begins
// with want, or, where want holds " … ", with its first part and contains the
// others.
func (r *report) step(call, got, want string) {
	decided := r.decided(got)
	if r.stopped() {
		return // the answer is that of a request that was broken off
	}
	r.steps++
	r.write("", "    $ ", "        ", r.shorten(call))
	if !matches(got, want) {
		r.failed = append(r.failed, fmt.Sprintf("scene %d: %s", r.scenes, call))
		r.write("31", "    ✗ ", "      ", got)
		r.write("", "      promised: ", "      ", want)
	} else {
		r.write("32", "    ✓ ", "      ", r.shorten(got))
	}
	if decided != "" {
		r.write("2", "      why: ", "           ", r.shorten(decided))
	}
}

func matches(got, want string) bool {
	parts := strings.Split(want, " … ")
	if !strings.HasPrefix(got, parts[0]) {
		return false
	}
	for _, p := range parts[1:] {
		if !strings.Contains(got, p) {
			return false
		}
	}
	return true
}

// ErrBroken is that the demonstration was played, and a promise didn't hold.
var ErrBroken = errors.New("steps were not as promised")

// summary ends the report; its error says how many steps differed.
func (r *report) summary() error {
	count := fmt.Sprintf("%d scenes, %d steps: ", r.scenes, r.steps)
	if len(r.failed) == 0 {
		r.write("32", "", "", count+"all as promised.")
		return nil
	}
	r.write("31", "", "", fmt.Sprintf("%s%d not as promised:", count, len(r.failed)))
	for _, f := range r.failed {
		r.write("", "  ", "    ", f)
	}
	return fmt.Errorf("%d of %d %w", len(r.failed), r.steps, ErrBroken)
}

// write writes a paragraph in a colour, "" for none.
func (r *report) write(color, first, rest, text string) {
	for _, line := range wrap(first, rest, text) {
		if r.color && color != "" {
			line = "\x1b[" + color + "m" + line + "\x1b[0m"
		}
		fmt.Fprintln(r.out, line)
	}
}
