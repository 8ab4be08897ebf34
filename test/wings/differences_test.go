package wings

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// difference is something that one wing refuses and the other doesn't.
type difference struct {
	fixture, place string
	aspect         aspect
	wing           string // the one that refuses: "rules" or "local"; "both" where they read different things
	text           string // what it says
}

func (d difference) String() string {
	return fmt.Sprintf("%s %s %q %s %q", d.fixture, d.place, d.aspect, d.wing, d.text)
}

// known is a line of testdata/differences: fixture, place, aspect and wing of
// differences, with an excerpt of what the wing says, and the reason why the
// other is right not to, or what is to be mended. Fixture and place may have
// wildcards.
type known struct {
	difference
	reason string
	used   bool
}

var knownLine = regexp.MustCompile(`^(\S+) (\S+) "([^"]*)" (rules|local|both) "([^"]+)": (\S.*)$`)

// knownDifferences are those of a file, and are told of each that there is.
type knownDifferences struct {
	mu   sync.Mutex
	list []*known
}

// readDifferences reads those of the templates that are about reading, or of
// the fixtures.
func readDifferences(t *testing.T, reading bool) *knownDifferences {
	t.Helper()
	text, err := os.ReadFile("testdata/differences")
	if err != nil {
		t.Fatal(err)
	}
	k := &knownDifferences{}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := knownLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf(`testdata/differences:%d: want: fixture place "aspect" wing "what it says": reason`, i+1)
		}
		if strings.HasPrefix(m[1], "reading/") == reading {
			k.list = append(k.list, &known{difference: difference{m[1], m[2], aspect(m[3]), m[4], m[5]}, reason: m[6]})
		}
	}
	return k
}

// has says whether a difference is known, and notes that it is there.
func (k *knownDifferences) has(d difference) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.IndexFunc(k.list, func(line *known) bool {
		fixture, _ := path.Match(line.fixture, d.fixture)
		place, _ := path.Match(line.place, d.place)
		return fixture && place && line.aspect == d.aspect && line.wing == d.wing && strings.Contains(d.text, line.text)
	})
	if i >= 0 {
		k.list[i].used = true
	}
	return i >= 0
}

// stale fails for the lines that no difference needed.
func (k *knownDifferences) stale(t *testing.T) {
	t.Helper()
	for _, line := range k.list {
		if !line.used {
			t.Errorf("testdata/differences: the wings don't differ so any more; remove the line: %s", line.difference)
		}
	}
}
