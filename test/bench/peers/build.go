package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const (
	versitygwModule = "github.com/versity/versitygw"
	versitygw       = "v1.8.0"
	rcloneModule    = "github.com/rclone/rclone"
	rclone          = "v1.76.0"
)

// rcloneMain is rclone with one backend and one server of its many.
const rcloneMain = `package main

import (
	_ "github.com/rclone/rclone/backend/local"
	"github.com/rclone/rclone/cmd"
	_ "github.com/rclone/rclone/cmd/serve/s3"
)

func main() { cmd.Main() }
`

// programs are paths of the built peers.
type programs struct{ versitygw, rclone string }

// build makes the peers from their pinned modules, unless dir has them: each in a
// module of its own, so that its dependencies are what its release names, and
// this module has none of them.
func build(ctx context.Context, dir string) (p programs, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return p, err
	}
	p.versitygw = filepath.Join(dir, "versitygw-"+versitygw)
	p.rclone = filepath.Join(dir, "rclone-"+rclone)
	err = module{versitygwModule, versitygw, versitygwModule + "/cmd/versitygw", ""}.build(ctx, p.versitygw)
	if err != nil {
		return p, err
	}
	return p, module{rcloneModule, rclone, ".", rcloneMain}.build(ctx, p.rclone)
}

// module is one that a program is built from.
type module struct {
	path, version string
	pkg           string // to build
	main          string // source of package ".", if pkg is that
}

func (m module) build(ctx context.Context, out string) error {
	if _, err := os.Stat(out); err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "Building %s %s ...\n", m.path, m.version)
	src := out + "-src"
	if err := os.MkdirAll(src, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(src)
	mod := fmt.Sprintf("module peer\n\ngo 1.26\n\nrequire %s %s\n", m.path, m.version)
	if err := os.WriteFile(filepath.Join(src, "go.mod"), []byte(mod), 0o644); err != nil {
		return err
	}
	if m.main != "" {
		if err := os.WriteFile(filepath.Join(src, "main.go"), []byte(m.main), 0o644); err != nil {
			return err
		}
	}
	// The sums are those of Go's checksum database.
	cmd := exec.CommandContext(ctx, "go", "build", "-mod=mod", "-o", out, m.pkg)
	cmd.Dir = src
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		return fmt.Errorf("%s %s can't be built: %s", m.path, m.version, lines[len(lines)-1])
	}
	return nil
}
