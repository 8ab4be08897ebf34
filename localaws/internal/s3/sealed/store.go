package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Store makes bodies and owns the folder of those that are in files.
type Store struct{ dir string }

// NewStore makes a private folder in tempDir; "" is the system's.
func NewStore(tempDir string) (*Store, error) {
	dir, err := os.MkdirTemp(tempDir, "s3seal-s3-")
	if err != nil {
		return nil, fmt.Errorf("folder for large bodies: %w", err)
	}
	return &Store{dir}, nil
}

// Close removes the folder. Reading bodies fails from then on.
func (s *Store) Close() error { return os.RemoveAll(s.dir) }

// Holds says whether plaintext occurs in any file of the folder.
func (s *Store) Holds(plaintext []byte) (bool, error) {
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return false, err
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(s.dir, f.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // released since
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
