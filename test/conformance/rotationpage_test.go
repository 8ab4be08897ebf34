//go:build conformance

package conformance

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws"
)

const rotationPage = "rotation.md"

// TestRotationPage does what docs/rotation.md says, word for word. After the
// deployment the clock of the local AWS is slow, so that a change of the ring looks
// old to s3seal, which retires no key within ten minutes of one.
func TestRotationPage(t *testing.T) {
	t.Parallel()
	var slow atomic.Int64
	s, err := localaws.Start(localaws.Options{
		Accounts: []string{source}, Regions: []string{region},
		Now: func() time.Time { return time.Now().Add(-time.Duration(slow.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	folder, architecture := project(t), map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	for out, path := range map[string]string{"bin/s3seal": "./cmd/s3seal", "build/lambda/" + architecture + "/rotate/bootstrap": "./lambda/rotate"} {
		build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", filepath.Join(folder, out), path)
		build.Dir, build.Env = "../..", append(build.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	page := read(t, docs+rotationPage)
	var yaml, commands string
	for _, b := range blocks(page) {
		switch b.language {
		case "yaml":
			yaml += b.text
		case "sh":
			commands += b.text
		default:
			t.Errorf("docs/%s:%d: a block in %q, which nothing runs", rotationPage, b.line, b.language)
		}
	}
	writeFile(t, filepath.Join(folder, "stages.yaml"), `stages:
  dev:
    prefix: acme-dev
    source: {account: "`+source+`", region: `+region+`}
    patterns: [sse-c]
    functions: {architecture: `+architecture+`}
`+yaml)
	terminal := newTerminal(t, folder)
	terminal.env = append(terminal.env, s.EnvIn(source, region)...)
	terminal.session("bootstrap", "npx cdk bootstrap aws://"+source+"/"+region)
	deploy, rest, _ := strings.Cut(commands, "\n")
	terminal.session("docs/"+rotationPage, deploy)
	slow.Store(int64(12 * time.Minute)) // a signature may be 15 minutes off
	terminal.session("docs/"+rotationPage, rest)
}
