package wings

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/s3seal/s3seal/internal/template"
)

// fixture is a set of templates that are deployed together.
type fixture struct {
	name   string // "rules/bucket-acls-enabled"
	stacks []*template.Stack

	bootstrapped bool // made with the roles of the CDK's bootstrap
}

// Where a fixture doesn't say it.
const (
	homeAccount = "111122223333"
	homeRegion  = "eu-west-1"
)

// readAssemblies reads the stages of the access tables, whole.
func readAssemblies(t *testing.T) []fixture {
	t.Helper()
	var list []fixture
	for name, folder := range map[string]string{"access": "../../internal/access/testdata/assembly", "snapshots": "../snapshots"} {
		assembly, err := template.ReadAssembly(folder)
		if err != nil {
			t.Fatal(err)
		}
		stages := map[string][]*template.Stack{}
		for _, s := range assembly.Stacks {
			stage := s.OfStage()
			stages[stage] = append(stages[stage], s)
		}
		for stage, stacks := range stages {
			list = append(list, fixture{name: name + "/" + stage, stacks: template.NewAssembly(stacks...).Stacks, bootstrapped: true})
		}
	}
	return list
}

// readFixtures reads those of package rule, as its own test does, without what
// was deployed before, and those of this package.
func readFixtures(t *testing.T) []fixture {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../../internal/rule/testdata/*/*.txtar", "testdata/fixtures/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no fixtures %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	var list []fixture
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := fixture{name: filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")}
		dir := t.TempDir()
		for _, part := range archive.Files {
			stack, isTemplate := strings.CutSuffix(part.Name, ".yaml")
			if !isTemplate || strings.HasPrefix(part.Name, "before/") || part.Name == "stages.yaml" {
				continue
			}
			where := strings.Split(stack, "@")
			if len(where) < 3 {
				where = []string{where[0], homeAccount, homeRegion}
			}
			path := filepath.Join(dir, part.Name)
			if err := os.WriteFile(path, part.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := template.ReadTemplate(path, where[1], where[2])
			if err != nil {
				t.Fatalf("%s: %v", f.name, err)
			}
			s.Name = where[0]
			f.stacks = append(f.stacks, s)
		}
		f.stacks = template.NewAssembly(f.stacks...).Stacks
		list = append(list, f)
	}
	return list
}

var accountID = regexp.MustCompile(`\b\d{12}\b`)

// accounts are all that the fixture's templates are of or name.
func (f fixture) accounts(t *testing.T) []string {
	t.Helper()
	var list []string
	for _, s := range f.stacks {
		text, err := os.ReadFile(s.File)
		if err != nil {
			t.Fatal(err)
		}
		list = append(append(list, s.Account), accountID.FindAllString(string(text), -1)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (f fixture) regions() []string {
	var list []string
	for _, s := range f.stacks {
		list = append(list, s.Region)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
