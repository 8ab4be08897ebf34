//go:build conformance

package conformance

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const walkPage = "local-walk.md"

// TestLocalWalk does what docs/local-walk.md says, word for word, with the
// stages.yaml as it comes: one terminal serves, in the other a person works.
func TestLocalWalk(t *testing.T) {
	t.Parallel()
	folder := project(t)
	writeFile(t, filepath.Join(folder, "stages.yaml"), read(t, "../../stages.yaml"))
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(folder, "bin", "s3seal"), "./cmd/s3seal")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	first, second := "", ""
	for _, b := range blocks(read(t, docs+walkPage)) {
		switch b.language {
		case "console":
			first += b.text
		case "sh":
			second += b.text
		default:
			t.Errorf("docs/%s:%d: a block in %q, which nothing runs", walkPage, b.line, b.language)
		}
	}
	s := newTerminal(t, folder)
	temporary := t.TempDir()
	served := s.serve(first, temporary)
	line := served[strings.LastIndex(strings.TrimSpace(served), "\n")+1:]
	s.session("docs/"+walkPage, must(t, second, ". /tmp/s3seal-local-aws-…/env\n", line))
}

// newTerminal is a shell in a project that knows no AWS. Nobody is there to answer
// the CDK's CLI, so a command that would ask fails.
func newTerminal(t *testing.T, folder string) shell {
	t.Helper()
	for _, tool := range []string{"aws", "python3", "jq", "xxd", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is not on the PATH", tool)
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	return shell{t, []string{"PATH=" + filepath.Join(folder, "node_modules/.bin") + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LANG=C.UTF-8",
		"CI=1", "CDK_DISABLE_CLI_TELEMETRY=1",
		"JSII_RUNTIME_PACKAGE_CACHE_ROOT=" + filepath.Join(home, ".cache/aws/jsii/package-cache"), // 200 MB, unpacked already
	}, folder}
}

// serve starts the command of a console block, waits until it has printed what
// the block shows, and gives that. At the end of the test the command is
// interrupted, and must leave nothing.
func (s shell) serve(console, temporary string) string {
	s.t.Helper()
	command, shown, _ := strings.Cut(strings.TrimPrefix(console, "$ "), "\n")
	pattern := regexp.MustCompile("^" + strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(shown), "…", `[^ \n]*`), "/tmp/", regexp.QuoteMeta(temporary)+"/") + "$")
	p := exec.Command("bash", "-c", "exec "+command)
	var out printed
	p.Dir, p.Env, p.Stdout, p.Stderr = s.folder, append(s.env, "TMPDIR="+temporary), &out, &out
	if err := p.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		p.Process.Signal(os.Interrupt)
		if err := p.Wait(); err != nil {
			s.t.Errorf("%s ends with %v:\n%s", command, err, out.String())
		}
		if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
			s.t.Errorf("%s leaves %v: %v", command, left, err)
		}
	})
	for range 200 {
		if pattern.MatchString(out.String()) {
			return out.String()
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("%s prints\n%s\nwant\n%s", command, out.String(), shown)
	return ""
}

// printed is what a program that still runs has printed.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *printed) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *printed) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
