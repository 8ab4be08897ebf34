package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// shared is what a run writes while a test reads it.
type shared struct {
	sync.Mutex
	strings.Builder
}

func (s *shared) Write(p []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.Builder.Write(p)
}

func (s *shared) text() string {
	s.Lock()
	defer s.Unlock()
	return s.String()
}

func TestALongRunSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out shared
		w := newWait(&out, patience, pace)
		w.say("reading %s", "a")
		time.Sleep(patience - time.Millisecond)
		if got := out.text(); got != "" {
			t.Errorf("a short run says %q", got)
		}
		w.say("reading %s", strings.Repeat("b", 100))
		time.Sleep(2 * time.Millisecond)
		if got := out.text(); got != clearLine+"reading "+strings.Repeat("b", 68) {
			t.Errorf("it says %q", got)
		}
		w.end()
		w.end()
		said := out.text()
		time.Sleep(time.Minute)
		if got := out.text(); got != said || !strings.HasSuffix(got, clearLine) {
			t.Errorf("it ends with %q", got)
		}
	})
}

func TestNobodyWaitsAtAFile(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := waitOnTerminal(file)
	w.say("reading")
	if w.out != nil {
		t.Error("progress goes to a file")
	}
	w.end()
}

// What a run says as it goes on stands above what it does, and not within it.
func TestLinesStandAboveWhatARunDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out, lines shared
		w := newWait(&out, patience, pace)
		defer w.end()
		w.say("reading")
		io.WriteString(w.above(&lines), "a\n")
		if got := out.text(); got != "" {
			t.Errorf("nothing was shown, and cleared by %q", got)
		}
		time.Sleep(patience + time.Millisecond)
		io.WriteString(w.above(&lines), "b\n")
		io.WriteString(w.above(&lines), "c\n")
		if got := out.text(); got != clearLine+"reading"+clearLine || lines.text() != "a\nb\nc\n" {
			t.Errorf("got %q, and the lines %q", got, lines.text())
		}
	})
}
