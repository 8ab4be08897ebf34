package sealed

import (
	"bytes"
	"io"
	"os"
	"sync/atomic"
)

// SpillOver is how many bytes of ciphertext stay in memory; a longer body goes
// to a file.
const SpillOver = 4 << 20

// blob is ciphertext: in memory or in a file of its own. It never changes.
type blob struct {
	mem  []byte
	path string // "" for one in memory
	refs atomic.Int64
}

// release drops a reference; the last one removes the file.
func (b *blob) release() {
	if b.refs.Add(-1) == 0 && b.path != "" {
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

// blobWriter accepts ciphertext. Either finish or discard ends it.
type blobWriter struct {
	dir  string
	mem  []byte
	file *os.File
}

func (w *blobWriter) Write(p []byte) (int, error) {
	if w.file != nil {
		return w.file.Write(p)
	}
	if len(w.mem)+len(p) <= SpillOver {
		w.mem = append(w.mem, p...)
		return len(p), nil
	}
	var err error
	if w.file, err = os.CreateTemp(w.dir, ""); err != nil {
		return 0, err
	}
	if _, err := w.file.Write(w.mem); err != nil {
		return 0, err
	}
	w.mem = nil
	return w.file.Write(p)
}

// finish is the blob, with one reference.
func (w *blobWriter) finish() (*blob, error) {
	b := &blob{mem: w.mem}
	if w.file != nil {
		b.path = w.file.Name()
		if err := w.file.Close(); err != nil {
			os.Remove(b.path)
			return nil, err
		}
	}
	b.refs.Store(1)
	return b, nil
}

func (w *blobWriter) discard() {
	if w.file != nil {
		w.file.Close()
		os.Remove(w.file.Name())
	}
}
