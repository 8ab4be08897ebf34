package sealed

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// FrameSize is how many bytes of the plaintext a frame has. Sealed in two layers
// it has 64 KiB, which memory is given out in.
const FrameSize = 64<<10 - 2*tagSize

const tagSize = 16 // of AES-GCM

// layers are the ciphers of a body, the innermost first.
type layers []cipher.AEAD

// layersOf derives the ciphers of a body from its data keys.
func layersOf(dataKeys [][]byte, salt []byte) (layers, error) {
	ls := make(layers, len(dataKeys))
	for i, k := range dataKeys {
		sub, err := hkdf.Key(sha256.New, k, salt, fmt.Sprintf("layer %d", i), 32)
		if err != nil {
			return nil, err
		}
		if ls[i], err = newGCM(sub); err != nil {
			return nil, err
		}
	}
	return ls, nil
}

func (ls layers) overhead() int {
	n := 0
	for _, l := range ls {
		n += l.Overhead()
	}
	return n
}

func frameNonce(number int64) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[4:], uint64(number))
	return nonce
}

func frameMark(last bool) []byte {
	if last {
		return []byte{1}
	}
	return []byte{0}
}

// seal encrypts a frame into dst, which needs room for the overhead.
func (ls layers) seal(dst, frame []byte, number int64, last bool) []byte {
	for _, l := range ls {
		frame = l.Seal(dst[:0], frameNonce(number), frame, frameMark(last))
	}
	return frame
}

// open decrypts a frame into dst, which may be the frame itself.
func (ls layers) open(dst, frame []byte, number int64, last bool) ([]byte, error) {
	for i := len(ls) - 1; i >= 0; i-- {
		var err error
		if frame, err = ls[i].Open(dst[:0], frameNonce(number), frame, frameMark(last)); err != nil {
			return nil, errors.New("a stored body doesn't open under its key")
		}
	}
	return frame, nil
}

// frames lends buffers for one frame with two layers, which hold no plaintext.
var frames = sync.Pool{New: func() any { b := make([]byte, FrameSize+2*tagSize); return &b }}

// sealer reads a body frame by frame.
type sealer struct {
	in     io.Reader
	layers layers
	out    *blobWriter
	size   int64 // of the plaintext
}

// run seals to the end of what is read. A byte more than a frame is read before
// the frame is sealed: only then it is known not to be the last.
func (s *sealer) run() error {
	lent := frames.Get().(*[]byte)
	buffer := (*lent)[:FrameSize+1]
	have := 0
	defer func() {
		clear(buffer[:min(s.size, FrameSize+1)])
		frames.Put(lent)
	}()
	for number := int64(0); ; number++ {
		n, err := fill(s.in, buffer[have:])
		s.size += int64(n)
		have += n
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		frame := buffer[:min(have, FrameSize)]
		sealed := s.layers.seal(s.out.buffer(len(frame)+s.layers.overhead()), frame, number, last)
		if err := s.out.add(sealed); err != nil || last {
			return err
		}
		buffer[0] = buffer[FrameSize]
		have = 1
	}
}

// fill reads until p is full; any other end is an error, and io.EOF a good one.
// io.ReadFull would not tell the end of a body from one that broke off.
func fill(in io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var k int
		k, err = in.Read(p[n:])
		n += k
	}
	if n == len(p) && errors.Is(err, io.EOF) {
		err = nil // the next read says it again
	}
	return n, err
}
