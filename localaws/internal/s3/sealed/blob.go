package sealed

import (
	"io"
	"os"
	"slices"
	"sync/atomic"
)

// SpillOver is how many bytes of ciphertext stay in memory; a longer body goes
// to a file.
const SpillOver = 4 << 20

// blob is ciphertext: in memory or in a file of its own. It never changes.
type blob struct {
	frames [][]byte // in memory; each has its own memory, so that none moves as a body grows
	path   string   // "" for one in memory
	refs   atomic.Int64
}

// release drops a reference; the last one removes the file.
func (b *blob) release() {
	if b.refs.Add(-1) == 0 && b.path != "" {
		os.Remove(b.path) // a failure leaves ciphertext until Close
	}
}

// blobReader reads sealed frames.
type blobReader interface {
	// frame is the frame with that number. It is in buffer, which is as long,
	// or belongs to the blob.
	frame(number int64, buffer []byte) ([]byte, error)
	io.Closer
}

// open gives a reader; all frames but the last have step bytes.
func (b *blob) open(step int) (blobReader, error) {
	if b.path == "" {
		return memReader(b.frames), nil
	}
	f, err := os.Open(b.path)
	return fileReader{f, int64(step)}, err
}

type memReader [][]byte

func (r memReader) frame(number int64, _ []byte) ([]byte, error) {
	if number >= int64(len(r)) {
		return nil, io.ErrUnexpectedEOF
	}
	return r[number], nil
}

func (memReader) Close() error { return nil }

type fileReader struct {
	*os.File
	step int64
}

func (r fileReader) frame(number int64, buffer []byte) ([]byte, error) {
	_, err := r.ReadAt(buffer, number*r.step)
	return buffer, err
}

// blobWriter accepts sealed frames. Either finish or discard ends it.
type blobWriter struct {
	dir    string
	frames [][]byte
	held   int // bytes in frames
	file   *os.File
	spare  []byte // for frames that go to the file
}

// add appends a frame and keeps it.
func (w *blobWriter) add(frame []byte) error {
	if w.file == nil && w.held+len(frame) <= SpillOver {
		w.frames = append(w.frames, frame)
		w.held += len(frame)
		return nil
	}
	if w.file == nil {
		if err := w.spill(); err != nil {
			return err
		}
	}
	_, err := w.file.Write(frame)
	return err
}

// spill moves what is in memory to a file.
func (w *blobWriter) spill() (err error) {
	if w.file, err = os.CreateTemp(w.dir, ""); err != nil {
		return err
	}
	for _, frame := range w.frames {
		if _, err := w.file.Write(frame); err != nil {
			return err
		}
	}
	w.frames = nil
	return nil
}

// buffer is where the next frame may be sealed, with room for n bytes.
func (w *blobWriter) buffer(n int) []byte {
	if w.file == nil {
		return make([]byte, 0, n)
	}
	w.spare = slices.Grow(w.spare[:0], n)
	return w.spare
}

// finish is the blob, with one reference.
func (w *blobWriter) finish() (*blob, error) {
	b := &blob{frames: w.frames}
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
