package demo

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// report shows scenes as they are played, and counts what differs.
type report struct {
	out    io.Writer
	color  bool
	scenes int
	steps  int
	failed []string
}

// scene begins a scene.
func (r *report) scene(title string) {
	r.scenes++
	fmt.Fprintf(r.out, "\n%s\n", r.paint("1", fmt.Sprintf("%2d. %s", r.scenes, title)))
}

// step shows what was called and what came back. It is as expected if got
// begins with want, or, where want holds " … ", with its first part and
// contains the others.
func (r *report) step(call, got, want string) {
	r.steps++
	fmt.Fprintf(r.out, "    $ %s\n", call)
	if matches(got, want) {
		fmt.Fprintf(r.out, "      %s %s\n", r.paint("32", "as expected:"), got)
		return
	}
	r.failed = append(r.failed, fmt.Sprintf("scene %d: %s", r.scenes, call))
	fmt.Fprintf(r.out, "      %s %s\n      expected:    %s\n", r.paint("31", "DIFFERENT:  "), got, want)
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
var ErrBroken = errors.New("steps were not as expected")

// summary ends the report; its error says how many steps differed.
func (r *report) summary() error {
	fmt.Fprintf(r.out, "\n%d scenes, %d steps: ", r.scenes, r.steps)
	if len(r.failed) == 0 {
		fmt.Fprintln(r.out, r.paint("32", "all as expected."))
		return nil
	}
	fmt.Fprintln(r.out, r.paint("31", fmt.Sprintf("%d differ.", len(r.failed))))
	for _, f := range r.failed {
		fmt.Fprintln(r.out, "  "+f)
	}
	return fmt.Errorf("%d of %d %w", len(r.failed), r.steps, ErrBroken)
}

func (r *report) paint(code, text string) string {
	if !r.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
