package model

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/internal/golden"
)

var (
	states = flag.Int("model.states", 1_000_000, "how many states of each protocol are looked at, at most")
	more   = flag.Uint("model.more", 0, "how many more rotations and retirements there are")
)

// Each way that loses an object does so by the shortest way, which is in
// testdata for people to read.
func TestEveryBrokenProtocolIsFound(t *testing.T) {
	t.Parallel()
	for _, p := range Broken() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := Check(p, *states)
			if r.Broken != p.Want {
				t.Fatalf("%s; %q is broken, and it should be %q", r, r.Broken, p.Want)
			}
			golden.File(t, filepath.Join("testdata", p.Name+".txt"), p.Title+"\n\n"+strings.Join(numbered(r.Trace), "\n")+"\n")
		})
	}
}

// numbered puts a number before each step; the last line is none.
func numbered(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		if out[i] = fmt.Sprintf("%2d  %s", i+1, line); i == len(lines)-1 {
			out[i] = "    " + line
		}
	}
	return out
}

func TestTheRecommendedProtocolKeepsAll(t *testing.T) {
	t.Parallel()
	for _, p := range Recommended(uint8(*more)) {
		t.Run(p.Name, func(t *testing.T) {
			began := time.Now()
			r := Check(p, *states)
			t.Logf("%s %s (%s)", p.Title, r, time.Since(began).Round(time.Millisecond))
			if r.Broken != "" {
				t.Errorf("%q is broken:\n%s", r.Broken, strings.Join(r.Trace, "\n"))
			}
			if r.Truncated && *more == 0 {
				t.Error("a search that is truncated proves nothing")
			}
		})
	}
}

// What is left out of a state must not matter: with it, each violation is as far
// away.
func TestCanonicalStatesFindTheSame(t *testing.T) {
	t.Parallel()
	for _, p := range Broken() {
		want := Check(p, *states)
		if want.States > 10_000 {
			continue // takes too long the plain way
		}
		plain := *p
		plain.plain = true
		if got := Check(&plain, *states); got.Depth != want.Depth || got.Broken != want.Broken {
			t.Errorf("%s: %s, and without canonical states %s", p.Name, want, got)
		} else if got.States < want.States {
			t.Errorf("%s: %d canonical states of %d", p.Name, want.States, got.States)
		}
	}
}

func TestATruncatedSearchSaysSo(t *testing.T) {
	t.Parallel()
	if r := Check(Recommended(0)[0], 1000); !r.Truncated || r.States != 1000 || !strings.Contains(r.String(), "no proof") {
		t.Error(r)
	}
}
