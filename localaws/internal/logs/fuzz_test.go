package logs

import (
	"strings"
	"testing"
)

// FuzzFilterPattern: a pattern is refused, or its terms are in it, quoted they
// are read as the same, and an event that has them all matches.
func FuzzFilterPattern(f *testing.F) {
	for _, pattern := range []string{"", "ERROR", `"a b" c`, `a"b"`, `""`, "?a", "-a", "{ $.a = 1 }", "[a, b]", "%a%", `"open`, " \t\u00a0"} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		words, err := terms(pattern)
		if err != nil {
			return
		}
		for _, w := range words {
			if w == "" || !strings.Contains(pattern, w) {
				t.Errorf("%q has the term %q", pattern, w)
			}
			if strings.Contains(w, `"`) {
				continue // of a word; a phrase has none
			}
			if again, err := terms(`"` + w + `"`); err != nil || len(again) != 1 || again[0] != w {
				t.Errorf("%q: %q is read as %q, %v", pattern, w, again, err)
			}
		}
		if !hasAll(strings.Join(words, "|"), words) {
			t.Errorf("%q doesn't find its own terms", pattern)
		}
	})
}
