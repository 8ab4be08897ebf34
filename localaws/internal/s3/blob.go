package s3

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// spillOver is how many bytes of ciphertext stay in memory; a longer body goes
// to a file.
const spillOver = 4 << 20

// blob is ciphertext: in memory or in a file of its own. It never changes.
type blob struct {
	mem  []byte
	path string // "" for one in memory

	mu      sync.Mutex
	readers int
	dropped bool
}

// acquire keeps the file until release.
func (b *blob) acquire() {
	b.mu.Lock()
	b.readers++
	b.mu.Unlock()
}

func (b *blob) release() {
	b.mu.Lock()
	b.readers--
	b.removeIfUnused()
	b.mu.Unlock()
}

// drop removes the file once nobody reads it. A blob is dropped once.
func (b *blob) drop() {
	b.mu.Lock()
	b.dropped = true
	b.removeIfUnused()
	b.mu.Unlock()
}

func (b *blob) removeIfUnused() {
	if b.path != "" && b.dropped && b.readers == 0 {
		os.Remove(b.path) // a failure leaves ciphertext until Close
	}
}

// blobReader reads at any offset.
type blobReader interface {
	io.ReaderAt
	io.Closer
}

func (b *blob) open() (blobReader, error) {
	if b.path == "" {
		return memReader{bytes.NewReader(b.mem)}, nil
	}
	return os.Open(b.path)
}

type memReader struct{ *bytes.Reader }

func (memReader) Close() error { return nil }

// link makes a second blob of the same ciphertext, for a replica.
func (b *blob) link(dir string) (*blob, error) {
	if b.path == "" {
		return &blob{mem: b.mem}, nil
	}
	path := filepath.Join(dir, newID())
	if err := os.Link(b.path, path); err != nil {
		return nil, err
	}
	return &blob{path: path}, nil
}

// blobWriter takes ciphertext in. Either finish or discard ends it.
type blobWriter struct {
	dir  string
	mem  []byte
	file *os.File
}

func (w *blobWriter) Write(p []byte) (int, error) {
	if w.file != nil {
		return w.file.Write(p)
	}
	if len(w.mem)+len(p) <= spillOver {
		w.mem = append(w.mem, p...)
		return len(p), nil
	}
	f, err := os.OpenFile(filepath.Join(w.dir, newID()), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	w.file = f
	if _, err := f.Write(w.mem); err != nil {
		return 0, err
	}
	w.mem = nil
	return f.Write(p)
}

func (w *blobWriter) finish() (*blob, error) {
	if w.file == nil {
		return &blob{mem: w.mem}, nil
	}
	if err := w.file.Close(); err != nil {
		os.Remove(w.file.Name())
		return nil, err
	}
	return &blob{path: w.file.Name()}, nil
}

func (w *blobWriter) discard() {
	w.mem = nil
	if w.file != nil {
		w.file.Close()
		os.Remove(w.file.Name())
	}
}
