package function

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
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

func TestAnErrorQuotesNoMegabytes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 1<<20)
	for _, e := range []*Error{Errorf(BadRequest, nil, "%q is %s: want less", "name", "x"+long), Errorf(BadRequest, nil, "%q is %s: want less", "name", long)} {
		if len(e.Text) > 2*maxQuoted || !utf8.ValidString(e.Text) || !strings.HasSuffix(e.Text, "é…: want less") {
			t.Errorf("%d bytes: %.100s", len(e.Text), e.Text)
		}
	}
}
