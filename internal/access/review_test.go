package access

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/resource"
)

// reviewed is the page of the largest reviewed stage.
func reviewed(t *testing.T) string {
	t.Helper()
	stacks := Stacks(readAssembly(t, snapshots), "prod")
	return Markdown("prod", stacks, resource.Read(stacks))
}

// changedLines are the lines that only one of the pages has, as it is and with a
// change.
func changedLines(t *testing.T, before string, c change) []string {
	t.Helper()
	after := c.made(t, "prod")
	lines := lineDifference(before, Markdown("prod", after, resource.Read(after)))
	if len(lines) == 0 {
		t.Fatal("the page is the same")
	}
	return lines[:len(lines)-1]
}

// A reviewer reads what a pull request changes: a new name must not touch the
// lines of others.
func TestRenameChangesOnlyItsOwnLines(t *testing.T) {
	t.Parallel()
	before := reviewed(t)
	for old, changed := range map[string]string{
		"SseS3FunctionsGetRole": "SseS3FunctionsZapRole", // a role of the stacks
		"acme-prod-app":         "acme-prod-web",         // one that policies name
		"SseKmsCmkKey":          "SseKmsCmkRing",         // a key
	} {
		for _, line := range changedLines(t, before, change{stack: inBuckets, make: func(whole tree) { rename(whole, old, changed) }}) {
			if strings.HasPrefix(strings.TrimPrefix(line, "- "), "`arn:") {
				continue // a key's ARN, which has no name in it
			}
			if !strings.Contains(line, old) && !strings.Contains(line, changed) {
				t.Errorf("%s is renamed %s, and this line changes:\n%s", old, changed, line)
			}
		}
	}
}

func rename(t tree, old, changed string) {
	data, err := json.Marshal(t["Resources"])
	if err != nil {
		panic(err)
	}
	t["Resources"] = parsed[tree](strings.ReplaceAll(string(data), old, changed))
}

func TestOneMoreKeyUserChangesAHandfulOfLines(t *testing.T) {
	t.Parallel()
	lines := changedLines(t, reviewed(t), change{stack: inBuckets, make: statement(keyType, "SseKmsCmkKey", "KeyUsers", func(s tree) {
		users := s["Principal"].(tree)
		users["AWS"] = []any{users["AWS"], "arn:aws:iam::444455556666:role/batch"}
	})})
	if len(lines) > 5 {
		t.Errorf("%d lines change:\n%s", len(lines), strings.Join(lines, "\n"))
	}
}

// A line is about one principal, and as wide as code hosts show it.
func TestLinesAreNarrowAndAboutOnePrincipal(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{snapshots, examples} {
		for name, page := range Tables(readAssembly(t, dir), policyfile.Organization{}) {
			set := resource.Read(Stacks(readAssembly(t, dir), strings.TrimSuffix(name, ".md")))
			who := []string{"who", "operation", "---", "everybody", "everybody else", "whoever may", "to"}
			for _, p := range Principals(set) {
				who = append(who, p.Name)
			}
			for line := range strings.Lines(page) {
				line = strings.TrimSuffix(line, "\n")
				if n := utf8.RuneCountInString(line); n > widest {
					t.Errorf("%s: %d characters: %s", name, n, line)
				}
				cells := strings.Split(strings.Trim(line, "| "), " | ")
				if strings.HasPrefix(line, "| ") && !slices.Contains(who, cells[0]) && !slices.Contains(who, cells[len(cells)-1]) {
					t.Errorf("%s: about none of the principals: %s", name, line)
				}
			}
		}
	}
}

// The organization's policies stand in no template, and limit whoever the page
// is about.
func TestOrganizationLimitsThePages(t *testing.T) {
	t.Parallel()
	scp, err := policyfile.NewSCPs(nil, iam.Source{Name: "no-deletes", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Sid: "NoDeletes", Effect: iam.Deny, Action: iam.Strings{"s3:DeleteBucket"}, Resource: iam.Strings{"*"},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	page := Tables(readAssembly(t, snapshots), policyfile.Organization{SCPs: []policyfile.Level{scp}})["dev.md"]
	for _, line := range []string{"\n- SCP no-deletes\n", "\n| delete the bucket | NoDeletes | administrator@111122223333 |\n"} {
		if !strings.Contains(page, line) {
			t.Errorf("the page lacks %q", line)
		}
	}
}
