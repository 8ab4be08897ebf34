package demo

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"syscall"
)

// ErrInterrupted is that the context ended before the demonstration did.
var ErrInterrupted = errors.New("interrupted: the local AWS and all that was in it are gone")

// toolError is that a program failed.
type toolError struct {
	what string // it did
	exit error
	said string // all of it
}

func (e *toolError) Unwrap() error { return e.exit }
func (e *toolError) Error() string { return e.what + ": " + telling(e.said, e.exit) }

var errorLine = regexp.MustCompile(`❌|^(\w*Error|error|panic)\b`)

// telling is the one line of what a program said before it failed that says what
// is wrong: the first that looks like an error, else the last.
func telling(said string, exit error) string {
	last := exit.Error()
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if errorLine.MatchString(line) {
			return strings.TrimSpace(strings.ReplaceAll(line, "❌", ""))
		}
		if line != "" {
			last = line
		}
	}
	return last
}

// fault is what stopped the demonstration, in a sentence. All that a program
// said before it failed is kept in a file, unless it was shown.
func fault(err error, shown bool) error {
	var tool *toolError
	said := err.Error()
	if errors.As(err, &tool) {
		said = tool.said
	}
	if noRoom(err, said) {
		return fmt.Errorf("%s is full: make room there, or set TMPDIR to a folder with %d MB to spare", os.TempDir(), needed>>20)
	}
	if tool == nil || shown || !strings.Contains(strings.TrimSpace(said), "\n") {
		return err
	}
	file, failed := keepLog(tool.said)
	if failed != nil {
		return err
	}
	return fmt.Errorf("%w\nAll that it said is in %s", err, file)
}

// noRoom says whether a disk was full, for this process or for one that it ran.
func noRoom(err error, said string) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(said, "ENOSPC") || strings.Contains(said, syscall.ENOSPC.Error())
}

func keepLog(text string) (file string, err error) {
	f, err := os.CreateTemp("", "s3seal-demo-*.log")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}
