package sealed

import (
	"io"
	"slices"
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

// Seal reads to the end of in and seals it under the data keys, the innermost
// layer's first. On an error, which is in's or that of a file, nothing of it
// stays.
func (s *Store) Seal(in io.Reader, keys [][]byte) (Body, error) {
	b := Body{salt: RandomBytes(16)}
	ls, err := layersOf(keys, b.salt)
	if err != nil {
		return b, err
	}
	seal := sealer{in: in, layers: ls, out: &blobWriter{dir: s.dir}}
	if err := seal.run(); err != nil {
		seal.out.discard()
		return b, err
	}
	b.size = seal.size
	b.blob, err = seal.out.finish()
	return b, err
}

// WriteRange decrypts bytes [from, from+n) of the plaintext.
func (b Body) WriteRange(out io.Writer, keys [][]byte, from, n int64) error {
	ls, err := layersOf(keys, b.salt)
	if err != nil {
		return err
	}
	r, err := b.blob.open(FrameSize + ls.overhead())
	if err != nil {
		return err
	}
	defer r.Close()
	lent := frames.Get().(*[]byte)
	buffer := *lent
	defer func() {
		clear(buffer[:min(b.size, FrameSize)])
		frames.Put(lent)
	}()
	last := max(0, (b.size-1)/FrameSize)
	number := from / FrameSize
	skip := from % FrameSize
	for first := true; first || n > 0; first = false {
		plain := min(FrameSize, b.size-number*FrameSize)
		frame, err := r.frame(number, buffer[:plain+int64(ls.overhead())])
		if err != nil {
			return err
		}
		if frame, err = ls.open(buffer, frame, number, number == last); err != nil {
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

// InMemory is a copy of the ciphertext; nil of a body in a file.
func (b Body) InMemory() []byte { return slices.Concat(b.blob.frames...) }
