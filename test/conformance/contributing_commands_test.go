package conformance

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const contributingPage = "../../CONTRIBUTING.md"

// TestContributingPageNamesWhatIsThere: a command for a package that has moved,
// or a file that nothing makes any more, would be found out by a newcomer. What
// is said below the first "Add ..." is done by TestContributingPage.
func TestContributingPageNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	makefile := read(t, "../../Makefile")
	text, _, _ := strings.Cut(read(t, contributingPage), "\n## Add ")
	targets, paths := 0, 0
	for _, code := range inCode.FindAllString(fence.ReplaceAllString(text, ""), -1) {
		words := strings.Fields(strings.Trim(code, "`"))
		for i, word := range words {
			switch {
			case i > 0 && words[i-1] == "make":
				targets++
				if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(word) + `:.*## `).MatchString(makefile) {
					t.Errorf("%s: the Makefile has no such target", code)
				}
			case strings.HasPrefix(word, "@"): // a package of npm, with its scope
			case strings.HasPrefix(word, "./") || len(words) == 1 && strings.Contains(word, "/"):
				paths++
				if _, err := os.Stat("../../" + strings.TrimSuffix(word, "/...")); err != nil {
					t.Errorf("%s: %v", code, err)
				}
			}
		}
	}
	if targets < 6 || paths < 20 {
		t.Errorf("%d targets of make and %d paths are named, want those of all rooms", targets, paths)
	}
}
