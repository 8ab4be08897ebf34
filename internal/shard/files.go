package shard

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// joined are the files of an assembly that are put together; all others are as
// one of the shares wrote them.
var joined = map[string]bool{manifestFile: true, treeFile: true, reportFile: true, acknowledgedFile: true}

// Merge moves the assemblies in folders into the folder out, as one. The folders
// must be on the same file system. The manifest comes last: without it, out is no
// assembly.
func Merge(out string, dirs []string) error {
	manifest, err := joinManifests(dirs)
	if err != nil {
		return err
	}
	tree, err := joinTrees(dirs)
	if err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(out, manifestFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	moved := map[string]bool{}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			from, to := filepath.Join(dir, e.Name()), filepath.Join(out, e.Name())
			switch {
			case joined[e.Name()]:
				continue
			case moved[e.Name()]:
				err = same(e, from, to)
			default:
				moved[e.Name()], err = true, replace(e, from, to)
			}
			if err != nil {
				return err
			}
		}
	}
	if tree != nil {
		if err := os.WriteFile(filepath.Join(out, treeFile), tree, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, manifestFile), manifest, 0o644)
}

// replace moves a file or folder to where an earlier synthesis may have left one.
func replace(e fs.DirEntry, from, to string) error {
	if e.IsDir() {
		if err := os.RemoveAll(to); err != nil {
			return err
		}
	}
	return os.Rename(from, to)
}

// same refuses what two shares made differently. The name of an asset is the hash
// of what is in it.
func same(e fs.DirEntry, one, other string) error {
	if strings.HasPrefix(e.Name(), "asset.") {
		return nil
	}
	return filepath.WalkDir(one, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		a, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(other + strings.TrimPrefix(file, one))
		if err == nil && !bytes.Equal(a, b) || errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s differs from one process to another: make it the same whatever the stages are, or synthesize with -c shards=1", e.Name())
		}
		return err
	})
}
