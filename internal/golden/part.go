package golden

import (
	"os"
	"strings"
	"sync"
	"testing"
)

// pages is held while a part of a page is written: tests of one page run in
// parallel.
var pages sync.Mutex

// Part compares a part of a page with what it should be. The part stands between
// the line mark, a comment that says how it is made, and the comment "End.".
func Part(t testing.TB, page, mark, want string) {
	t.Helper()
	pages.Lock()
	defer pages.Unlock()
	const end = "<!-- End. -->"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), mark+"\n")
	_, after, found := strings.Cut(rest, end)
	if !found {
		t.Fatalf("%s lacks the line %s, or %s behind it", page, mark, end)
	}
	File(t, page, before+mark+"\n"+want+end+after)
}
