// Package snapshot keeps the templates of an app as people review them: a cloud
// assembly reduced to its templates, sorted and indented, and to what deploys
// where, in what order and with which tags. Beside them stands the log of the
// changes that were acknowledged when a snapshot took them.
//
//	files, err := snapshot.Reduce("cdk.out")
//	changes := snapshot.Compare(was, files)
package snapshot

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Dir is where the snapshots of an app are, from its folder on.
const Dir = "test/snapshots"

// Files are those of a snapshot: text by path, with slashes.
type Files map[string]string

// Read reads a snapshot, without its log. One that isn't there has no files.
func Read(dir string) (Files, error) {
	files := Files{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == logFile {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(data)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return Files{}, nil
	}
	return files, err
}

// Change is what became of a file.
type Change struct{ Name, What string }

// Compare gives the files that differ, by name.
func Compare(was, is Files) []Change {
	var list []Change
	names := slices.AppendSeq(slices.Collect(maps.Keys(was)), maps.Keys(is))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		before, hadIt := was[name]
		after, hasIt := is[name]
		switch {
		case !hadIt:
			list = append(list, Change{name, "added"})
		case !hasIt:
			list = append(list, Change{name, "removed"})
		case before != after:
			list = append(list, Change{name, "changed"})
		}
	}
	return list
}

// Write makes dir hold the files and nothing else. It puts them beside it first:
// a disk that is full leaves what was there.
func Write(dir string, files Files) error {
	beside := dir + ".new"
	if err := os.RemoveAll(beside); err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	for name, text := range files {
		file := filepath.Join(beside, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(beside, dir)
}
