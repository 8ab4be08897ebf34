package s3

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Holds says whether plaintext occurs in any body that is held: versions,
// parts of unfinished uploads, and every file of the private folder. It is for
// tests that bodies are held as ciphertext only.
func (s *Service) Holds(plaintext []byte) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, b := range s.buckets {
		if b.holds(plaintext) {
			return true, nil
		}
	}
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return false, err
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(s.dir, f.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // dropped since
		}
		if err != nil {
			return false, err
		}
		if bytes.Contains(text, plaintext) {
			return true, nil
		}
	}
	return false, nil
}

func (b *bucket) holds(plaintext []byte) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, vs := range b.index.versions {
		for _, v := range vs {
			for _, sg := range v.segments {
				if bytes.Contains(sg.body.mem, plaintext) {
					return true
				}
			}
		}
	}
	for _, u := range b.uploads {
		for _, p := range u.parts {
			if bytes.Contains(p.segment.body.mem, plaintext) {
				return true
			}
		}
	}
	return false
}
