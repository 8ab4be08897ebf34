package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/golden"
)

const module = "github.com/s3seal/s3seal"

// theCDK is how the table names the packages that need the CDK's kernel.
const theCDK = "the CDK"

var cdkModules = []string{
	"github.com/aws/aws-cdk-go/", "github.com/aws/constructs-go/", "github.com/aws/jsii-runtime-go", "github.com/cdklabs/",
}

type goPackage struct {
	Dir        string
	ImportPath string
	GoFiles    []string
	Imports    []string
	Deps       []string
	Export     string // with -export: the file of its export data
}

func goList(t *testing.T, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=Dir,ImportPath,GoFiles,Imports,Deps,Export"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []goPackage
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p goPackage
		if err := d.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
		// Go's test cache knows what this process looks at, not what go list reads.
		for _, name := range append(p.GoFiles, ".", "..") {
			if _, err := os.Stat(filepath.Join(p.Dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func isCDK(path string) bool {
	return slices.ContainsFunc(cdkModules, func(m string) bool { return strings.HasPrefix(path, m) })
}

// short is a package's path as the table has it.
func short(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// The page tells a newcomer what may import what; an arrow that points the
// other way would let the CDK into packages that must stay quick to test.
func TestImportsAreAsTheArchitectureSays(t *testing.T) {
	said := map[string]string{}
	page, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|$")
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		said[m[1]] = strings.ReplaceAll(m[2], "`", "")
	}
	is := map[string]string{}
	for _, p := range goList(t, "./...") {
		if strings.HasPrefix(short(p.ImportPath), "test") || len(p.GoFiles) == 0 {
			continue // tests may import anything
		}
		var imports []string
		for _, i := range p.Imports {
			switch {
			case isCDK(i):
				imports = append(imports, theCDK)
			case strings.HasPrefix(i, module+"/"):
				imports = append(imports, short(i))
			}
		}
		slices.SortFunc(imports, func(a, b string) int {
			if (a == theCDK) != (b == theCDK) { // the CDK comes first
				return map[bool]int{true: -1, false: 1}[a == theCDK]
			}
			return strings.Compare(a, b)
		})
		imports = slices.Compact(imports)
		if len(imports) == 0 {
			imports = []string{"nothing"}
		}
		is[short(p.ImportPath)] = strings.Join(imports, ", ")
	}
	if golden.Updating() {
		page := row.ReplaceAllStringFunc(string(page), func(line string) string {
			m := row.FindStringSubmatch(line)
			imports, ok := is[m[1]]
			if !ok {
				return line // the failure below names it
			}
			imports = regexp.MustCompile(`[^ ,]+/[^ ,]+|\biam\b|\blocalaws\b|\blogdelivery\b|\bencryption\b|\bpolicy\b|\bstacks\b`).ReplaceAllString(imports, "`$0`")
			return "| `" + m[1] + "` | " + imports + " | " + m[3] + " |"
		})
		if err := os.WriteFile("ARCHITECTURE.md", []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(said, is); d != "" {
		t.Errorf("the table of ARCHITECTURE.md differs; run go test . -run TestImports -update, and add and remove rows by hand (- said, + is):\n%s", d)
	}
}

func TestOnlyTheAppNeedsTheCDK(t *testing.T) {
	for _, p := range goList(t, "./encryption/...", "./iam/...", "./policy/...", "./logdelivery/...", "./localaws/...", "./internal/...", "./lambda/...", "./cmd/...") {
		if i := slices.IndexFunc(p.Deps, isCDK); i >= 0 {
			t.Errorf("%s depends on %s", short(p.ImportPath), p.Deps[i])
		}
	}
}

// A longer file has more than one idea, and its second one is not found by
// guessing a name.
func TestNoFileIsLongerThan300Lines(t *testing.T) {
	for _, p := range goList(t, "./...") {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go")) // with build tags and tests
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(text), "\n"); n > 300 {
				t.Errorf("%s has %d lines", file, n)
			}
		}
	}
}
