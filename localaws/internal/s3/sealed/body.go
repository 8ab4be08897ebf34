package sealed

import (
	"errors"
	"io"
	"sync"
)

// Body is a body that is held. It is a value; its copies share the ciphertext,
// which goes when the last reference is released. Seal gives the first one.
type Body struct {
	blob *blob
	salt []byte
	size int64
}

// Size is the length of the plaintext.
func (b Body) Size() int64 { return b.size }

// Acquire adds a reference.
func (b Body) Acquire() { b.blob.refs.Add(1) }

// Release gives a reference up.
func (b Body) Release() { b.blob.release() }

// Is says whether the two are the same ciphertext.
func (b Body) Is(other Body) bool { return b.blob == other.blob }

var copyBuffers = sync.Pool{New: func() any { b := make([]byte, FrameSize); return &b }}

// Seal reads to the end of in and seals it under the data keys, the innermost
// layer's first. On an error, which is in's or that of a file, nothing of it
// stays.
func (s *Store) Seal(in io.Reader, keys [][]byte) (Body, error) {
	b := Body{salt: RandomBytes(16)}
	ls, err := layersOf(keys, b.salt)
	if err != nil {
		return b, err
	}
	out := &blobWriter{dir: s.dir}
	seal := newSealer(out, ls)
	defer seal.free()
	buffer := copyBuffers.Get().(*[]byte)
	defer copyBuffers.Put(buffer)
	_, err = io.CopyBuffer(seal, onlyReader{in}, *buffer)
	if err == nil {
		err = seal.flush(true) // empty for an empty body
	}
	if err != nil {
		out.discard()
		return b, err
	}
	b.size = seal.size
	b.blob, err = out.finish()
	return b, err
}

// onlyReader hides WriterTo, which would bypass the buffer.
type onlyReader struct{ io.Reader }

// WriteRange decrypts bytes [from, from+n) of the plaintext.
func (b Body) WriteRange(out io.Writer, keys [][]byte, from, n int64) error {
	ls, err := layersOf(keys, b.salt)
	if err != nil {
		return err
	}
	r, err := b.blob.open()
	if err != nil {
		return err
	}
	defer r.Close()
	lent := frames.Get().(*[]byte)
	defer frames.Put(lent)
	last := max(0, (b.size-1)/FrameSize)
	step := int64(FrameSize + ls.overhead())
	number := from / FrameSize
	skip := from % FrameSize
	for first := true; first || n > 0; first = false {
		plain := min(FrameSize, b.size-number*FrameSize)
		frame := (*lent)[:plain+int64(ls.overhead())]
		if _, err := r.ReadAt(frame, number*step); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		frame, err := ls.open(frame, number, number == last)
		if err != nil {
			return err
		}
		k := min(n, plain-skip)
		if _, err := out.Write(frame[skip : skip+k]); err != nil {
			return err
		}
		n -= k
		skip = 0
		number++
	}
	return nil
}

// InMemory is the ciphertext; nil of a body in a file.
func (b Body) InMemory() []byte { return b.blob.mem }
