package lambda

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var functions = []string{"put", "get"}

// maxBinary is in bytes. The runtime unpacks and reads all of it at a cold
// start; what makes it grow is mostly a new dependency.
const maxBinary = 11_000_000

// build compiles the functions into a folder as the Makefile does; arch "" is
// this machine's.
//
// The flags make the file the same for everyone, since the CDK uploads a new
// asset whenever its hash changes: no paths of this machine (-trimpath), no
// commit (-buildvcs=false, or a commit to the README is a deployment), no build
// id. The tag lambda.norpc leaves out net/rpc, 40 % of the file.
func build(module, arch, out string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", out+"/", "./lambda/put", "./lambda/get")
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
	if err := os.WriteFile(filepath.Join(here, "README.md"), []byte("read me"), 0o600); err != nil {
		t.Fatal(err)
	}
	git(t, here, "add", "--all")
	git(t, here, "commit", "--quiet", "--message", "readme")
	later := hashes(t, here)
	for _, name := range functions {
		if elsewhere[name] != want[name] {
			t.Errorf("%s differs between two folders", name)
		}
		if later[name] != want[name] {
			t.Errorf("%s differs after a commit that changed the README only", name)
		}
	}
}

func TestBinariesAreSmall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds functions")
	}
	for _, arch := range []string{"arm64", "amd64"} {
		out := t.TempDir()
		if err := build("..", arch, out); err != nil {
			t.Fatal(err)
		}
		for _, name := range functions {
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

// copySources copies what the functions are built from, without the tests.
func copySources(t *testing.T, to string) {
	for _, from := range []string{"go.mod", "go.sum", "lambda", "encryption", "internal/awsclient", "internal/function", "internal/object", "internal/ssec", "internal/strictjson"} {
		err := filepath.WalkDir(filepath.Join("..", from), func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			target := filepath.Join(to, strings.TrimPrefix(path, ".."))
			if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
				return err
			}
			return os.WriteFile(target, data, 0o600)
		})
		if err != nil {
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

// hashes are those of the functions' files, by name.
func hashes(t *testing.T, module string) map[string]string {
	t.Helper()
	out := t.TempDir()
	if err := build(module, "arm64", out); err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for _, name := range functions {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		of[name] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return of
}
