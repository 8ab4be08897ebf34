//go:build conformance

package conformance

import (
	"crypto/md5"
	"encoding/base64"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBoto3 runs the checks of testdata/clients.py.
func TestBoto3(t *testing.T) {
	t.Parallel()
	server := start(t)
	seed000(t, server)
	s := newShell(t, server)
	script, err := filepath.Abs("testdata/clients.py")
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum([]byte(seedKey))
	if base64.StdEncoding.EncodeToString(sum[:]) != seedKeyMD5 {
		t.Fatal("the transcript's MD5 is not that of its key")
	}
	out := s.runs("python3 -W error::DeprecationWarning "+script+" "+output(t, server, source, "fa-125", "KeyArn"), "all checks passed")
	t.Log(out)
}

// TestTemplatesAreValid has cfn-lint read the templates of the tests, so that
// they are CloudFormation's and not only the local AWS's.
func TestTemplatesAreValid(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"seed000.yaml", "seed004-source.json", "seed004-destination.json"} {
		out, err := exec.CommandContext(t.Context(), "cfn-lint", "--non-zero-exit-code", "error", "--regions", region, "--", "testdata/stacks/"+file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
}
