package sealed

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestTamperedBodyDoesNotOpen: a changed, swapped or cut-off frame is no body.
func TestTamperedBodyDoesNotOpen(t *testing.T) {
	t.Parallel()
	keys := [][]byte{RandomBytes(32), RandomBytes(32)}
	store := newStore(t)
	body, err := store.Seal(strings.NewReader(strings.Repeat("x", 3*FrameSize)), keys)
	if err != nil {
		t.Fatal(err)
	}
	step := FrameSize + 2*tagSize
	for name, change := range map[string]func(b []byte) Body{
		"bit flipped": func(b []byte) Body { b[5] ^= 1; return Body{blob: blobOf(b), salt: body.salt, size: body.size} },
		"frames swapped": func(b []byte) Body {
			b = append(append(append([]byte{}, b[step:2*step]...), b[:step]...), b[2*step:]...)
			return Body{blob: blobOf(b), salt: body.salt, size: body.size}
		},
		"cut off":    func(b []byte) Body { return Body{blob: blobOf(b[:2*step]), salt: body.salt, size: 2 * FrameSize} },
		"other salt": func(b []byte) Body { return Body{blob: blobOf(b), salt: RandomBytes(16), size: body.size} },
	} {
		changed := change(bytes.Clone(body.InMemory()))
		if err := changed.WriteRange(&bytes.Buffer{}, keys, 0, changed.size); err == nil {
			t.Errorf("%s: opens", name)
		}
	}
	var out bytes.Buffer
	if err := body.WriteRange(&out, keys, 0, body.size); err != nil || out.Len() != 3*FrameSize {
		t.Errorf("unchanged: %d bytes, %v", out.Len(), err)
	}
}

// TestLastReferenceRemovesTheFile: a body in a file stays readable for whoever has
// a reference, and its file goes with the last one.
func TestLastReferenceRemovesTheFile(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	keys := [][]byte{RandomBytes(32)}
	body, err := store.Seal(strings.NewReader(strings.Repeat("x", SpillOver+1)), keys)
	if err != nil {
		t.Fatal(err)
	}
	body.Acquire()
	body.Release()
	var out bytes.Buffer
	if err := body.WriteRange(&out, keys, SpillOver, 1); err != nil || out.String() != "x" {
		t.Errorf("with one reference left: %q, %v", out.String(), err)
	}
	body.Release()
	if err := body.WriteRange(&out, keys, 0, 1); err == nil {
		t.Error("the file is there without a reference")
	}
}

func TestUnwrapKeyNeedsTheKey(t *testing.T) {
	t.Parallel()
	under, key := RandomBytes(32), RandomBytes(32)
	wrapped, err := WrapKey(under, key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := UnwrapKey(under, wrapped); err != nil || !bytes.Equal(got, key) {
		t.Errorf("%x, %v", got, err)
	}
	if _, err := UnwrapKey(RandomBytes(32), wrapped); err == nil {
		t.Error("opens under another key")
	}
}

// blobOf holds ciphertext in frames of two layers.
func blobOf(ciphertext []byte) *blob {
	return &blob{frames: slices.Collect(slices.Chunk(ciphertext, FrameSize+2*tagSize))}
}

func newStore(t *testing.T) *Store {
	t.Helper()
	store, err := NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
