package rule

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/s3seal/s3seal/internal/template"
)

func TestCheckSaysTheSameFromAnyNumberOfGoroutines(t *testing.T) {
	t.Parallel()
	for _, f := range readFixtures(t, "projects/*.txtar") {
		reports := make([]Report, 4)
		var all sync.WaitGroup
		for i := range reports {
			all.Go(func() { reports[i] = Check(f.stacks, Options{Before: f.stacks}) })
		}
		all.Wait()
		for _, r := range reports[1:] {
			if diff := cmp.Diff(reports[0], r); diff != "" {
				t.Errorf("%s:\n%s", f.file, diff)
			}
		}
	}
}

func TestFindingsNameTheirTemplate(t *testing.T) {
	t.Parallel()
	findings := readFixtures(t, "projects/published-article.txtar")[0].report.Findings
	for _, f := range findings {
		if filepath.Base(f.Template)[:len(f.Stack)] != f.Stack {
			t.Errorf("%s of stack %s is with template %s", f.Rule, f.Stack, f.Template)
		}
	}
	if len(findings) == 0 {
		t.Error("no findings")
	}
}

// Whatever is a template, however wrong, is checked to the end.
func FuzzCheck(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range archive.Files {
			if filepath.Ext(part.Name) == ".yaml" {
				f.Add(part.Data, part.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, now, before []byte) {
		read := func(name string, data []byte) []*template.Stack {
			file := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := template.ReadTemplate(file, "111122223333", "eu-west-1")
			if err != nil {
				return nil
			}
			return []*template.Stack{s}
		}
		Check(read("app.yaml", now), Options{Before: read("app.yaml", before)})
	})
}
