package s3

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A body is held as segments: one for an object that was put whole, one for
// each part of a multipart upload. A segment is sealed in frames of frameSize
// plaintext bytes with AES-256-GCM, so that a range needs only its own frames.
// The key of a segment is derived from the version's data key and the
// segment's random salt; therefore the nonce can be the frame's number. The
// last frame is marked in the additional data: a cut-off body doesn't open.
// DSSE-KMS seals each frame twice, under two keys.

const frameSize = 64 << 10

type segment struct {
	body *blob
	salt []byte
	size int64 // of the plaintext
}

// layers are the ciphers of a segment, the innermost first.
type layers []cipher.AEAD

// sealing derives the ciphers of a segment from the version's data keys.
func sealing(dataKeys [][]byte, salt []byte) (layers, error) {
	ls := make(layers, len(dataKeys))
	for i, k := range dataKeys {
		sub, err := hkdf.Key(sha256.New, k, salt, fmt.Sprintf("segment layer %d", i), 32)
		if err != nil {
			return nil, err
		}
		if ls[i], err = newGCM(sub); err != nil {
			return nil, err
		}
	}
	return ls, nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
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
var frames = sync.Pool{New: func() any { b := make([]byte, 0, frameSize+2*16); return &b }}

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
		if len(w.frame) == frameSize {
			if err := w.flush(false); err != nil {
				return 0, err
			}
		}
		k := min(len(p), frameSize-len(w.frame))
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

// Close seals the last frame, which is empty for an empty body.
func (w *sealer) Close() error {
	err := w.flush(true)
	w.free()
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

// unseal writes bytes [from, from+n) of a segment's plaintext to out.
func (sg segment) unseal(out io.Writer, ls layers, from, n int64) error {
	r, err := sg.body.open()
	if err != nil {
		return err
	}
	defer r.Close()
	lent := frames.Get().(*[]byte)
	defer frames.Put(lent)
	last := max(0, (sg.size-1)/frameSize)
	step := int64(frameSize + ls.overhead())
	number := from / frameSize
	skip := from % frameSize
	for first := true; first || n > 0; first = false {
		plain := min(frameSize, sg.size-number*frameSize)
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
