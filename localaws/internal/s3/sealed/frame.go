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

// FrameSize is how many bytes of the plaintext a frame has.
const FrameSize = 64 << 10

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

// seal encrypts a frame in place; frame needs room for the overhead.
func (ls layers) seal(frame []byte, number int64, last bool) []byte {
	for _, l := range ls {
		frame = l.Seal(frame[:0], frameNonce(number), frame, frameMark(last))
	}
	return frame
}

func (ls layers) open(frame []byte, number int64, last bool) ([]byte, error) {
	for i := len(ls) - 1; i >= 0; i-- {
		var err error
		if frame, err = ls[i].Open(frame[:0], frameNonce(number), frame, frameMark(last)); err != nil {
			return nil, errors.New("a stored body doesn't open under its key")
		}
	}
	return frame, nil
}

// frames lends buffers for one frame with two layers.
var frames = sync.Pool{New: func() any { b := make([]byte, 0, FrameSize+2*16); return &b }}

// sealer is a writer that seals what is written to it.
type sealer struct {
	out    io.Writer
	layers layers
	frame  []byte
	lent   *[]byte
	number int64
	size   int64
}

func newSealer(out io.Writer, ls layers) *sealer {
	lent := frames.Get().(*[]byte)
	return &sealer{out: out, layers: ls, frame: (*lent)[:0], lent: lent}
}

func (w *sealer) Write(p []byte) (int, error) {
	n := len(p)
	w.size += int64(n)
	for len(p) > 0 {
		if len(w.frame) == FrameSize {
			if err := w.flush(false); err != nil {
				return 0, err
			}
		}
		k := min(len(p), FrameSize-len(w.frame))
		w.frame = append(w.frame, p[:k]...)
		p = p[k:]
	}
	return n, nil
}

func (w *sealer) flush(last bool) error {
	_, err := w.out.Write(w.layers.seal(w.frame, w.number, last))
	w.frame = w.frame[:0]
	w.number++
	return err
}

// free gives the buffer back without sealing what is left.
func (w *sealer) free() {
	if w.lent == nil {
		return
	}
	clear((*w.lent)[:cap(*w.lent)])
	frames.Put(w.lent)
	w.lent = nil
}
