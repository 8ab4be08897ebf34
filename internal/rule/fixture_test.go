package rule

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// fixture is a file of testdata: templates with what a rule says about them. Its
// name is the rule's id, with "_" and a case where there are several. The
// templates are called stack@account@region.yaml, or with @stage behind that;
// those under before/ were deployed last. A resource whose logical id begins with
// Good must be free of findings, and known.
type fixture struct {
	file    string
	rule    string
	archive *txtar.Archive
	report  Report
	stacks  []*template.Stack
}

func readFixtures(t *testing.T, pattern string) []fixture {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures %s: %v", pattern, err)
	}
	var list []fixture
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		id, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txtar"), "_")
		f := fixture{file: file, rule: id, archive: archive}
		f.check(t)
		list = append(list, f)
	}
	return list
}

func (f *fixture) check(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	var options Options
	for _, part := range f.archive.Files {
		name := filepath.Base(part.Name)
		if part.Name == "accounts" {
			options.Accounts = strings.Fields(string(part.Data))
			continue
		}
		switch name {
		case "limited": // to these stages
			options.Stages = strings.Fields(string(part.Data))
		case "taken": // lines of change, resource and reason
			for line := range strings.Lines(string(part.Data)) {
				w := strings.SplitN(strings.TrimSpace(line), " ", 3)
				options.Taken = append(options.Taken, Change{Change: w[0], Resource: w[1], Reason: w[2]})
			}
		case "stages.yaml":
			file, err := stage.Parse(name, part.Data)
			if err != nil {
				t.Fatalf("%s: %v", f.file, err)
			}
			options.Acknowledge = file.Acknowledge
			continue
		}
		if filepath.Ext(name) != ".yaml" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, part.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		where := append(strings.Split(strings.TrimSuffix(name, ".yaml"), "@"), "", "", "")
		s, err := template.ReadTemplate(path, where[1], where[2])
		if err != nil {
			t.Fatalf("%s: %v", f.file, err)
		}
		s.Name = where[0]
		s.Tags = map[string]string{}
		if where[3] != "" {
			s.Tags["s3seal:stage"] = where[3]
		}
		if strings.HasPrefix(part.Name, "before/") {
			options.Before = append(options.Before, s)
			continue
		}
		f.stacks = append(f.stacks, s)
	}
	template.NewAssembly(options.Before...)
	f.report = Check(template.NewAssembly(f.stacks...).Stacks, options)
}

// text is what the fixture's rule, or with all every one, says.
func (f *fixture) text(all bool) string {
	var b strings.Builder
	for _, x := range f.report.Findings {
		if all || x.Rule == f.rule {
			fmt.Fprintf(&b, "%s %s %s %s: %s\n", x.Severity, x.Rule, x.Place(), x.PropertyPath, x.Text())
		}
	}
	for _, x := range f.report.Acknowledged {
		if all || x.Rule == f.rule {
			fmt.Fprintf(&b, "acknowledged %s %s: %s\n", x.Rule, x.Place(), x.Because)
		}
	}
	if all {
		for _, c := range f.report.Causes() {
			fmt.Fprintf(&b, "unknown %s: %s: %s\n", strings.Join(c.Places, ", "), c.Why, strings.Join(c.Rules, ", "))
		}
		for _, n := range f.report.Notes {
			fmt.Fprintf(&b, "note %s\n", n)
		}
		return b.String()
	}
	for _, x := range f.report.Unknown {
		if x.Rule == f.rule {
			fmt.Fprintf(&b, "unknown %s %s/%s: %s\n", x.Rule, x.Stack, x.LogicalID, x.Why)
		}
	}
	return b.String()
}

func (f *fixture) compare(t *testing.T, got string) {
	t.Helper()
	i := slices.IndexFunc(f.archive.Files, func(part txtar.File) bool { return part.Name == "want" })
	if i < 0 && got == "" {
		return
	}
	if i < 0 {
		i = len(f.archive.Files)
		f.archive.Files = append(f.archive.Files, txtar.File{Name: "want"})
	}
	f.archive.Files[i].Data = []byte(got)
	golden.File(t, f.file, string(txtar.Format(f.archive)))
}

func TestRulesFindWhatTheirFixturesShow(t *testing.T) {
	t.Parallel()
	fixtures := readFixtures(t, "rules/*.txtar")
	for _, f := range fixtures {
		f.compare(t, f.text(false))
		for _, x := range f.report.Findings {
			if x.Rule == f.rule && strings.HasPrefix(x.LogicalID, "Good") {
				t.Errorf("%s: %s is accused: %s", f.file, x.LogicalID, x.Message)
			}
		}
		for _, x := range f.report.Unknown {
			if x.Rule == f.rule && strings.HasPrefix(x.LogicalID, "Good") {
				t.Errorf("%s: %s isn't known: %s", f.file, x.LogicalID, x.Why)
			}
		}
	}
	for _, r := range All() {
		found, good := false, false
		for _, f := range fixtures {
			if f.rule != r.ID {
				continue
			}
			found = found || slices.ContainsFunc(f.report.Findings, func(x Finding) bool { return x.Rule == r.ID })
			for _, s := range f.stacks {
				good = good || slices.ContainsFunc(s.Resources(), func(x *template.Resource) bool { return strings.HasPrefix(x.LogicalID, "Good") })
			}
		}
		if !found || !good {
			t.Errorf("rule %s: fixture with a finding: %v, with a Good resource: %v", r.ID, found, good)
		}
	}
}

// Templates in the manner of other projects, whole: what they are told, and what
// is left open.
func TestTemplatesOfOtherProjects(t *testing.T) {
	t.Parallel()
	for _, f := range readFixtures(t, "projects/*.txtar") {
		f.compare(t, f.text(true))
	}
}
