package conformance

import (
	"bufio"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// rows are the cells of the table below a heading of docs/local-aws.md.
func rows(t *testing.T, heading string) [][]string {
	t.Helper()
	f, err := os.Open("../../docs/local-aws.md")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var found [][]string
	below := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			below = strings.TrimLeft(line, "# ") == heading
		}
		if below && strings.HasPrefix(line, "| ") {
			var cells []string
			for _, c := range strings.Split(strings.Trim(line, "| "), "|") {
				cells = append(cells, strings.TrimSpace(c))
			}
			found = append(found, cells)
		}
	}
	if len(found) < 2 {
		t.Fatalf("docs/local-aws.md has no table below %q", heading)
	}
	return found[1:] // without the head; the rule begins with "|-"
}

// codes are the words in backquotes.
func codes(text string) []string {
	var found []string
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			found = append(found, part)
		}
	}
	return found
}

// TestDocumentedOperations: the page names every operation, and no other.
func TestDocumentedOperations(t *testing.T) {
	t.Parallel()
	table := "| Service | Operations |\n|---|---|\n"
	there := start(t).Operations()
	for _, service := range slices.Sorted(maps.Keys(there)) {
		slices.Sort(there[service])
		table += "| `" + service + "` | `" + strings.Join(there[service], "`, `") + "` |\n"
	}
	isMade(t, "local-aws.md", "operations", table)
}

// TestDocumentedTypes: the page names every CloudFormation type.
func TestDocumentedTypes(t *testing.T) {
	t.Parallel()
	var made, recorded []string
	for _, row := range rows(t, "CloudFormation types") {
		switch row[1] {
		case "carried out":
			made = append(made, codes(row[0])...)
		case "recorded":
			recorded = append(recorded, codes(row[0])...)
		default:
			t.Errorf("%s is %q, want carried out or recorded", row[0], row[1])
		}
	}
	carriedOut, only := start(t).ResourceTypes()
	compare(t, "types that are carried out", made, carriedOut)
	compare(t, "types that are recorded", recorded, only)
}

// TestDocumentedImports: the page names every type that can be imported, and how.
func TestDocumentedImports(t *testing.T) {
	t.Parallel()
	var documented, there []string
	for _, row := range rows(t, "Imports") {
		documented = append(documented, codes(row[0])[0]+" by "+codes(row[1])[0])
	}
	for typ, identifier := range start(t).Imports() {
		there = append(there, typ+" by "+identifier)
	}
	compare(t, "imports", documented, there)
}

func compare(t *testing.T, what string, documented, there []string) {
	t.Helper()
	for _, name := range there {
		if !slices.Contains(documented, name) {
			t.Errorf("%s: docs/local-aws.md lacks %s", what, name)
		}
	}
	for _, name := range documented {
		if !slices.Contains(there, name) {
			t.Errorf("%s: docs/local-aws.md has %s, which isn't there", what, name)
		}
	}
	if !slices.IsSorted(documented) {
		t.Errorf("%s: not in alphabetical order: %q", what, documented)
	}
}
