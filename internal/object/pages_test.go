package object

import (
	"os"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/policy"
)

// A stage may turn on each verb: it has a program, and people can read what it does.
func TestEveryVerbHasAProgramAndItsPages(t *testing.T) {
	t.Parallel()
	has := func(verb policy.Verb, file, text string) {
		t.Helper()
		page, err := os.ReadFile("../../" + file)
		if err != nil || !strings.Contains(string(page), text) {
			t.Errorf("%s: %s has no %q", verb, file, strings.TrimSpace(text))
		}
	}
	for _, v := range policy.Verbs() {
		has(v, "lambda/"+string(v)+"/main.go", "package main")
		has(v, "docs/functions.md", "\n| `"+string(v)+"` |")
		has(v, "docs/functions-verbs.md", "\n## "+string(v)+"\n")
	}
}
