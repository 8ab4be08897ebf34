package lambda

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// code is a deployment package, unpacked. Functions with the same package share
// it: Lambda shows it to them read-only.
type code struct {
	folder string // LAMBDA_TASK_ROOT
	sha256 string // of the archive, in base64
	size   int    // of the archive
}

// maxUnzipped is Lambda's quota of the unzipped package.
//
// Source: Lambda developer guide, gettingstarted-limits.
const maxUnzipped = 262_144_000

// unpacked is the archive's code, extracted unless a function had the same before.
func (s *Service) unpacked(archive []byte) (code, error) {
	sum := sha256.Sum256(archive)
	key := base64.StdEncoding.EncodeToString(sum[:])
	made, err, _ := s.unpacking.Do(key, func() (any, error) {
		s.mu.Lock()
		c, known := s.codes[key]
		folder, err := s.privateFolder()
		s.mu.Unlock()
		if known || err != nil {
			return c, err
		}
		if c, err = unpack(archive, folder); err != nil {
			return c, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.codes[key] = c
		return c, nil
	})
	return made.(code), err
}

// unpack extracts the archive below parent. It writes through an os.Root, so
// that no entry's name and no link can lead out of its folder.
func unpack(archive []byte, parent string) (code, error) {
	sum := sha256.Sum256(archive)
	c := code{sha256: base64.StdEncoding.EncodeToString(sum[:]), size: len(archive)}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return c, invalid("Could not unzip uploaded file. Please check your file, then try to upload again. (%v)", err)
	}
	if c.folder, err = os.MkdirTemp(parent, "code-"); err != nil {
		return c, fmt.Errorf("folder for the code: %w", err)
	}
	root, err := os.OpenRoot(c.folder)
	if err != nil {
		return c, fmt.Errorf("folder for the code: %w", err)
	}
	defer root.Close()
	left := int64(maxUnzipped)
	for _, entry := range z.File {
		if err := extract(root, entry, &left); err != nil {
			return c, errors.Join(err, removeAll(c.folder))
		}
	}
	return c, nil
}

func extract(root *os.Root, entry *zip.File, left *int64) error {
	name := filepath.FromSlash(strings.TrimSuffix(entry.Name, "/"))
	if !filepath.IsLocal(name) {
		return invalid("the code archive has an entry with the name %q, which leads out of its folder", entry.Name)
	}
	if entry.Mode().IsDir() {
		return mkdir(root, name)
	}
	if !entry.Mode().IsRegular() {
		return invalid("the code archive has an entry %q that is no file and no folder; the local AWS does not unpack it", entry.Name)
	}
	if err := mkdir(root, filepath.FromSlash(path.Dir(filepath.ToSlash(name)))); err != nil {
		return err
	}
	from, err := entry.Open()
	if err != nil {
		return invalid("the code archive's entry %q cannot be read: %v", entry.Name, err)
	}
	defer from.Close()
	// Readable, as Lambda wants it; executable only if the archive says so.
	to, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, entry.Mode().Perm()&0o755|0o400)
	if err != nil {
		return invalid("the code archive's entry %q cannot be unpacked: %v", entry.Name, err)
	}
	n, err := io.Copy(to, io.LimitReader(from, *left+1))
	err = errors.Join(err, to.Close())
	if *left -= n; *left < 0 {
		return invalid("Unzipped size must be smaller than %d bytes", maxUnzipped)
	}
	if err != nil {
		return invalid("the code archive's entry %q cannot be unpacked: %v", entry.Name, err)
	}
	return nil
}

func mkdir(root *os.Root, name string) error {
	if err := root.MkdirAll(name, 0o700); err != nil {
		return invalid("the code archive's folder %q cannot be made: %v", name, err)
	}
	return nil
}

// removeAll removes a folder, also when a function has removed the write
// permission from a part of it.
func removeAll(folder string) error {
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(name, 0o700) // if it fails, so does the removal
		}
		return nil
	})
	return os.RemoveAll(folder)
}
