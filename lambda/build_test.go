package lambda

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// maxBinary is in bytes. The runtime unpacks and reads all of it at a cold
// start; what makes it grow is mostly a new dependency.
const maxBinary = 11_000_000

// functions are the names of all functions.
func functions(t *testing.T) []string {
	t.Helper()
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) == 0 {
		t.Fatal("no functions", err)
	}
	for i, path := range mains {
		mains[i] = filepath.Dir(path)
	}
	return mains
}

// build compiles functions into a folder as the Makefile does; arch "" is this
// machine's.
//
// The flags make the file the same for everyone, since the CDK uploads a new
// asset whenever its hash changes: no paths of this machine (-trimpath), no
// commit (-buildvcs=false, or a commit to the README is a deployment), no build
// id. The tag lambda.norpc leaves out net/rpc, 40 % of the file.
func build(module, arch, out string, functions ...string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", out+"/")
	for _, name := range functions {
		cmd.Args = append(cmd.Args, "./lambda/"+name)
	}
	cmd.Dir = module
	// Go's own default in GOFLAGS, for a -buildvcs=false of the machine's would
	// hide a missing flag. (An empty GOFLAGS is none: go reads its settings.)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=auto", "GOWORK=off")
	if arch != "" {
		cmd.Env = append(cmd.Env, "GOOS=linux", "GOARCH="+arch)
	}
	if message, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building the functions for %s: %w\n%s", arch, err, message)
	}
	return nil
}

// Two functions stand for all: the flags are the same.
func TestTheSameSourcesAreTheSameFile(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds functions")
	}
	here, there := filepath.Join(t.TempDir(), "here"), filepath.Join(t.TempDir(), "over", "there")
	copySources(t, here)
	copySources(t, there)
	git(t, here, "init", "--quiet")
	git(t, here, "add", "--all")
	git(t, here, "commit", "--quiet", "--message", "sources")
	want, elsewhere := hashes(t, here), hashes(t, there)
	for name, text := range map[string]string{"README.md": "read me", "lambda/get/more.go": "package main\n\nfunc init() { println(1) }\n"} {
		if err := os.WriteFile(filepath.Join(here, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git(t, here, "add", "--all")
	git(t, here, "commit", "--quiet", "--message", "changes")
	later := hashes(t, here)
	if elsewhere != want {
		t.Error("the functions differ between two folders")
	}
	if later[0] != want[0] {
		t.Error("put differs after a commit that changed the README and another function only")
	}
	if later[1] == want[1] {
		t.Error("get is the same file with other sources")
	}
}

func TestBinariesAreSmall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds functions")
	}
	folders := map[string]string{runtime.GOARCH: binaries(t)}
	for _, arch := range []string{"arm64", "amd64"} {
		out := folders[arch]
		if out == "" {
			out = t.TempDir()
			if err := build("..", arch, out, functions(t)...); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range functions(t) {
			info, err := os.Stat(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s for %s: %d bytes", name, arch, info.Size())
			if info.Size() > maxBinary {
				t.Errorf("%s for %s has %d bytes, more than %d", name, arch, info.Size(), maxBinary)
			}
		}
	}
}

func TestFunctionsDoNotLinkTheCDK(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		for _, banned := range []string{"awscdk", "jsii", "constructs", "yaml"} {
			if strings.Contains(path, banned) {
				t.Errorf("a function depends on %s", path)
			}
		}
	}
}

// copySources copies what the functions are built from.
func copySources(t *testing.T, to string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if .Main}}{{$.ImportPath}}{{range $.GoFiles}} {{.}}{{end}}{{range $.EmbedFiles}} {{.}}{{end}}{{end}}{{end}}`, "./put", "./get").Output()
	if err != nil {
		t.Fatal(err)
	}
	files := []string{"go.mod", "go.sum"}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		for _, name := range words[min(1, len(words)):] {
			files = append(files, filepath.Join(strings.TrimPrefix(words[0], "github.com/s3seal/s3seal/"), name))
		}
	}
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func git(t *testing.T, dir string, arguments ...string) {
	t.Helper()
	cmd := exec.Command("git", arguments...)
	cmd.Dir = dir
	for _, v := range os.Environ() {
		// Neither the caller's repository (in a git hook) nor its settings.
		if !strings.HasPrefix(v, "GIT_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=n", "GIT_AUTHOR_EMAIL=n@example.com", "GIT_COMMITTER_NAME=n", "GIT_COMMITTER_EMAIL=n@example.com")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", arguments, err, out)
	}
}

// hashes are those of the files of put and get.
func hashes(t *testing.T, module string) (of [2][sha256.Size]byte) {
	t.Helper()
	out, names := t.TempDir(), []string{"put", "get"}
	if err := build(module, "arm64", out, names...); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		of[i] = sha256.Sum256(data)
	}
	return of
}
