//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestContributingPage does what each "Add ..." of CONTRIBUTING.md says, word
// for word, in a copy of this checkout: it writes the blocks into the files that
// the lines above them name, runs the commands, and wants what the page says that
// they print.
//
// The copy is always in the same folder, so that Go's build cache knows it from
// the run before.
func TestContributingPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and tests copies of the project")
	}
	folder := copyCheckout(t)
	var titles []string
	for _, section := range strings.Split(read(t, contributingPage), "\n## ") {
		title, text, _ := strings.Cut(section, "\n")
		if !strings.HasPrefix(title, "Add ") {
			continue
		}
		titles = append(titles, title)
		t.Run(title, func(t *testing.T) {
			inCopy(t, folder, "git checkout -q . && git clean -fdq")
			follow(t, folder, text)
		})
	}
	if want := []string{"Add a rule", "Add a log source", "Add an operation of the local AWS", "Add a command", "Add a verb of the functions", "Add a pattern"}; !slices.Equal(titles, want) {
		t.Errorf("%s has the sections %q, want %q", contributingPage, titles, want)
	}
}

// copyCheckout gives a folder with the files that git knows, as a repository of
// its own with nothing to commit.
func copyCheckout(t *testing.T) string {
	t.Helper()
	folder, err := filepath.Abs("../../build/contributing")
	if err == nil {
		err = os.RemoveAll(folder)
	}
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	inCopy(t, folder, `git -C ../.. ls-files -z | (cd ../.. && tar -c --null -T -) | tar -x &&
		git init -q && git add -A && git -c user.name=x -c user.email=x@example.com commit -q -m copy`)
	return folder
}

// inCopy runs a command of the shell, with the Node of this checkout.
func inCopy(t *testing.T, folder, command string) string {
	t.Helper()
	out, err := inShell(t, folder, command)
	if err != nil {
		t.Fatalf("$ %s\n%v\n%s", command, err, out)
	}
	return out
}

func inShell(t *testing.T, folder, command string) (string, error) {
	node, err := filepath.Abs("../../node_modules/.bin")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-eo", "pipefail", "-c", command)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PATH="+node+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	t.Logf("CPU %v: %s", cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime(), command)
	return string(out), err
}

// follow does what a section says, block by block. Those in "console" are
// commands and what they print; each other one is to be written into files.
func follow(t *testing.T, folder, text string) {
	t.Helper()
	status := false
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		before := strings.TrimSpace(text[:m[0]])
		paragraph := strings.Join(strings.Fields(before[strings.LastIndex(before, "\n\n")+1:]), " ")
		language, block := text[m[2]:m[3]], text[m[4]:m[5]]
		if language != "console" {
			place(t, folder, paragraph, block)
			continue
		}
		for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
			command, said, _ := strings.Cut(part, "\n")
			status = command == "git status --short"
			prints(t, folder, command, strings.Split(strings.TrimSpace(said), "\n"))
		}
	}
	if !status {
		t.Error("the section doesn't end in git status --short")
	}
}

var where = regexp.MustCompile("In ((?:`[^`]+`(?:, | and )?)+), (?:(new)|(at the end)|(before|after) `([^`]+)`):$")

// place changes the files that a paragraph ends by naming.
func place(t *testing.T, folder, paragraph, block string) {
	t.Helper()
	m := where.FindStringSubmatch(paragraph)
	if m == nil {
		t.Fatalf("above a block: %q, want: In `file`, new: or at the end: or before `line`: or after `line`:", paragraph)
	}
	for _, name := range inCode.FindAllString(m[1], -1) {
		name = strings.Trim(name, "`")
		file := filepath.Join(folder, name)
		if m[2] == "new" {
			if _, err := os.Stat(file); err == nil {
				t.Fatalf("%s is there already", name)
			}
			writeFile(t, file, block)
			continue
		}
		lines := strings.SplitAfter(read(t, file), "\n")
		i := len(lines)
		if m[4] != "" {
			has := func(line string) bool { return strings.Contains(line, m[5]) }
			i = slices.IndexFunc(lines, has)
			if i < 0 || slices.ContainsFunc(lines[i+1:], has) {
				t.Fatalf("%s must have one line with %q", name, m[5])
			}
			if m[4] == "after" {
				i++
			}
		}
		writeFile(t, file, strings.Join(slices.Insert(lines, i, block), ""))
	}
}

func writeFile(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// prints runs a command, which must print all the lines, in which "…" is any
// text. It must fail if a line is FAIL. What git status prints is compared whole.
func prints(t *testing.T, folder, command string, lines []string) {
	t.Helper()
	out, err := inShell(t, folder, command)
	t.Logf("$ %s\n%s", command, out)
	if fails := slices.Contains(lines, "FAIL"); fails != (err != nil) {
		t.Fatalf("$ %s\n%v, and the page says that it fails: %v\n%s", command, err, fails, out)
	}
	if command == "git status --short" {
		if got := strings.TrimSpace(out); got != strings.Join(lines, "\n") {
			t.Errorf("$ %s\n%s\nand the page says:\n%s", command, got, strings.Join(lines, "\n"))
		}
		return
	}
	for _, line := range lines {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(line)), "…", ".*")
		if !regexp.MustCompile(pattern).MatchString(out) {
			t.Errorf("$ %s\ndoesn't print %q:\n%s", command, line, out)
		}
	}
}
