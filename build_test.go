package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// program is a copy of the Makefile with a small program, in a folder of its
// own: what make rebuilds does not hang on what the program does.
type program struct {
	t   *testing.T
	dir string
}

func newProgram(t *testing.T) program {
	t.Helper()
	p := program{t, t.TempDir()}
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	p.write("Makefile", string(makefile))
	p.write("go.mod", "module example.org/app\n\ngo 1.26\n")
	p.write("go.sum", "")
	p.write("stages.yaml", "stages: {}\n")
	p.write("main.go", "package main\n\nimport \"example.org/app/mine\"\n\nfunc main() { print(mine.Text) }\n")
	p.write("mine/mine.go", "package mine\n\nconst Text = \"first\"\n")
	p.write("internal/object/object.go", "package object\n\nvar Text = \"first\"\n")
	p.write("internal/kernel/kernel.cjs", "")
	p.write("build/kernel/program.js", "") // which is newer
	for _, f := range []string{"put", "get"} {
		p.write("lambda/"+f+"/main.go", "package main\n\nimport \"example.org/app/internal/object\"\n\nfunc main() { print(object.Text) }\n")
	}
	return p
}

func (p program) write(name, text string) {
	p.t.Helper()
	file := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// build runs make as `cdk synth` does, and gives what it says.
func (p program) build() string {
	p.t.Helper()
	cmd := exec.Command("make", "-s", "build")
	cmd.Dir = p.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// state is when a file was written last, and its bytes.
func (p program) state(name string) (written time.Time, bytes string) {
	p.t.Helper()
	file := filepath.Join(p.dir, name)
	info, err := os.Stat(file)
	if err != nil {
		p.t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	return info.ModTime(), string(data)
}

var built = []string{"bin/app", "build/lambda/arm64/put/bootstrap", "build/lambda/arm64/get/bootstrap"}

// A binary that make takes for current and that isn't would deploy what nobody
// sees in the sources; one that is written anew without need costs everybody a
// synthesis.
func TestMakeRebuildsWhatChangedAndNothingElse(t *testing.T) {
	p := newProgram(t)
	p.build()
	for _, tc := range []struct {
		name, file, text string
		changes          []string
	}{
		{"nothing", "", "", nil},
		{"a test", "mine/mine_test.go", "package mine\n", nil},
		{"a page", "README.md", "Read me.\n", nil},
		{"a package in a new folder", "mine/mine.go", "package mine\n\nconst Text = \"second\"\n", built[:1]},
		{"one function", "lambda/get/main.go", "package main\n\nimport \"example.org/app/internal/object\"\n\nfunc main() { println(object.Text) }\n", built[2:]},
		{"a package of the functions", "internal/object/object.go", "package object\n\nvar Text = \"second\"\n", built[1:]},
	} {
		type state struct {
			written time.Time
			bytes   string
		}
		before := map[string]state{}
		for _, name := range built {
			written, bytes := p.state(name)
			before[name] = state{written, bytes}
		}
		if tc.file != "" {
			p.write(tc.file, tc.text)
		}
		said := p.build()
		for _, name := range built {
			written, bytes := p.state(name)
			want := false
			for _, changed := range tc.changes {
				want = want || changed == name
			}
			if is := bytes != before[name].bytes; is != want {
				t.Errorf("after a change of %s: %s changed: %v, want %v", tc.name, name, is, want)
			}
			if is := !written.Equal(before[name].written); is != want {
				t.Errorf("after a change of %s: %s was written: %v, want %v", tc.name, name, is, want)
			}
		}
		if quiet := said == ""; quiet != (tc.changes == nil) {
			t.Errorf("after a change of %s make said %q", tc.name, said)
		}
	}
}

// make doesn't ask Go while nothing has changed. Every change must be seen,
// whatever the time on the file says.
func TestMakeAsksGoAfterEveryChange(t *testing.T) {
	p := newProgram(t)
	p.write("mine/more.go", "package mine\n\nfunc init() { println(\"more\") }\n")
	asks := func() bool {
		cmd := exec.Command("make", "-n", "build")
		cmd.Dir = p.dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.Contains(string(out), "go build")
	}
	file := func(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }
	do := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !asks() {
		t.Error("before the first build make asks nothing")
	}
	for _, tc := range []struct {
		name   string
		change func()
	}{
		{"nothing", nil},
		{"a file of a package, with the time that it had", func() {
			written, _ := p.state("mine/mine.go")
			p.write("mine/mine.go", "package mine\n\nconst Text = \"other\"\n")
			do(os.Chtimes(file("mine/mine.go"), written, written))
		}},
		{"a file that is gone", func() { do(os.Remove(file("mine/more.go"))) }},
		{"a file in a new folder", func() { p.write("new/new.go", "package new\n") }},
		{"a folder that is gone", func() { do(os.RemoveAll(file("new"))) }},
		{"a binary that is gone", func() { do(os.Remove(file("bin/app"))) }},
		{"a binary that is another one", func() { p.write("bin/app", "#!/bin/sh\n") }},
		{"a function that is another one", func() { p.write("build/lambda/arm64/put/bootstrap", "") }},
		{"a setting of Go", func() { t.Setenv("GOFLAGS", "-v") }},
	} {
		p.build()
		if asks() {
			t.Errorf("before %s: make asks Go again", tc.name)
		}
		if tc.change == nil {
			continue
		}
		if tc.change(); !asks() {
			t.Errorf("%s: make asks nothing", tc.name)
		}
	}
}

// What `cdk -c architecture=host` deploys must not be older than its sources.
func TestMakeBuildsTheFunctionsOfThisMachine(t *testing.T) {
	p := newProgram(t)
	p.build()
	p.write("lambda/more/main.go", "package main\n\nfunc main() {}\n")
	p.build()
	p.state("build/lambda/arm64/more/bootstrap")
	machine := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	out, err := exec.Command(filepath.Join(p.dir, "build", "lambda", machine, "put", "bootstrap")).CombinedOutput()
	if err != nil || string(out) != "first" {
		t.Errorf("the function says %q: %v", out, err)
	}
}

// The same sources give the same bytes in any folder, or each machine's
// deployment would replace the functions of the others.
func TestFunctionsHaveTheSameBytesInAnyFolder(t *testing.T) {
	a, b := newProgram(t), newProgram(t)
	a.build()
	b.build()
	err := fs.WalkDir(os.DirFS(filepath.Join(a.dir, "build/lambda")), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		_, one := a.state("build/lambda/" + path)
		_, other := b.state("build/lambda/" + path)
		if one != other || strings.Contains(one, a.dir) {
			t.Errorf("build/lambda/%s hangs on the folder that it is built in", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A variable that says no is no yes, though it isn't empty.
func TestMakeDemoIsToldYesOrNo(t *testing.T) {
	p := newProgram(t)
	for _, file := range []string{"package.json", "package-lock.json", "node_modules/.package-lock.json"} {
		p.write(file, "{}")
	}
	for said, want := range map[string]string{
		"": "", "0": "", "no": "", "No": "", "false": "", "FALSE": "", "1": "--keep", "yes": "--keep",
	} {
		cmd := exec.Command("make", "-n", "demo", "KEEP="+said)
		cmd.Dir = p.dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		_, options, _ := strings.Cut(string(out), "bin/s3seal demo")
		if got := strings.TrimSpace(options); got != want {
			t.Errorf("KEEP=%s: %q, want %q", said, got, want)
		}
	}
}
