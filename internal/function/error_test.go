package function

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Who matches failures reads the page.
func TestThePageHasEveryType(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("error.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/functions.md")
	if err != nil {
		t.Fatal(err)
	}
	types := regexp.MustCompile(`Type = "(S3Seal\.[A-Za-z]+)"`).FindAllSubmatch(source, -1)
	if len(types) < 10 {
		t.Errorf("only %d types were found", len(types))
	}
	for _, m := range types {
		if !strings.Contains(string(page), "\n| `"+string(m[1])+"` |") {
			t.Errorf("docs/functions.md lacks %s", m[1])
		}
	}
	if rows := strings.Count(string(page), "\n| `S3Seal."); rows != len(types) {
		t.Errorf("docs/functions.md has %d types, want %d", rows, len(types))
	}
}
