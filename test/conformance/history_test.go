package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// history is what was written to one key, by a clock that ticks with every
// begin and end. A key begins without an object: the value "".
type history struct {
	mu     sync.Mutex
	clock  int
	writes []*write
}

type write struct {
	history      *history
	value        string // "" deletes
	began, ended int    // ended is 0 while under way and nobody has read it
}

func newHistory() *history {
	h := &history{}
	h.begin("").end()
	return h
}

func (h *history) tick() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	return h.clock
}

func (h *history) begin(value string) *write {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	w := &write{history: h, value: value, began: h.clock}
	h.writes = append(h.writes, w)
	return w
}

func (w *write) end() {
	w.history.mu.Lock()
	defer w.history.mu.Unlock()
	w.history.clock++
	if w.ended == 0 {
		w.ended = w.history.clock
	}
}

// cancel takes back a write that was refused.
func (w *write) cancel() {
	w.history.mu.Lock()
	defer w.history.mu.Unlock()
	w.history.writes = slices.DeleteFunc(w.history.writes, func(x *write) bool { return x == w })
}

// explain fails unless some order of the writes explains that a read between
// two ticks saw the value: a write of it began before the read ended, and no
// other write lies wholly between the two. What was read has been written when
// the read ends, though its writer may not know yet: a later read may not see an
// older value.
func (h *history) explain(value string, began, ended int) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	lastBegun := 0 // of the writes that were over when the read began, the latest begin
	for _, w := range h.writes {
		if w.ended != 0 && w.ended < began {
			lastBegun = max(lastBegun, w.began)
		}
	}
	var of []*write // that wrote the value
	explained := false
	for _, w := range h.writes {
		if w.value == value {
			of = append(of, w)
			explained = explained || w.began < ended && (w.ended == 0 || w.ended >= lastBegun)
		}
	}
	if explained {
		if len(of) == 1 && (of[0].ended == 0 || of[0].ended > ended) {
			of[0].ended = ended
		}
		return nil
	}
	return fmt.Errorf("the read at %d to %d of %q is explained by no order of the %d writes", began, ended, value, len(h.writes))
}

// body is content that tells a torn or wrong read: the value, its checksum,
// and filler made of it.
func body(value string, size int) []byte {
	sum := sha256.Sum256([]byte(value))
	return append([]byte(value+" "+hex.EncodeToString(sum[:])+" "), bytes.Repeat(sum[:], size/len(sum))...)
}

func valueOf(content []byte) (string, error) {
	value, _, _ := strings.Cut(string(content[:min(len(content), 100)]), " ")
	head := len(value) + 1 + 2*sha256.Size + 1
	if len(content) < head || !bytes.Equal(content, body(value, len(content)-head)) {
		return "", fmt.Errorf("a torn read of %d bytes that begins with %q", len(content), value)
	}
	return value, nil
}

func TestHistoryExplains(t *testing.T) {
	t.Parallel()
	h := newHistory() // "" ends at 2
	h.begin("a").end()
	b := h.begin("b") // under way from 5
	tests := []struct {
		name, value  string
		began, ended int
		ok           bool
	}{
		{"the last write", "a", 6, 7, true},
		{"the one before the last", "", 6, 7, false},
		{"the one before, while the last begins", "", 2, 4, true},
		{"one of the future", "b", 1, 2, false},
		{"one that nobody wrote", "c", 6, 7, false},
		{"one under way", "b", 6, 7, true},
	}
	for _, test := range tests {
		if err := h.explain(test.value, test.began, test.ended); (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if h.explain("b", 8, 9) != nil || h.explain("a", 10, 11) == nil {
		t.Error("after a new value, the old one is explained")
	}
	b.cancel()
	if h.explain("b", 6, 7) == nil {
		t.Error("a write that was taken back explains a read")
	}
}

func TestTornReadsAreSeen(t *testing.T) {
	t.Parallel()
	whole := body("c1-2", 320)
	if v, err := valueOf(whole); err != nil || v != "c1-2" {
		t.Fatal(v, err)
	}
	wrong := bytes.Clone(whole)
	wrong[len(wrong)-1]++
	for name, content := range map[string][]byte{
		"empty": nil, "half": whole[:len(whole)/2], "a wrong byte": wrong,
		"two values": append(whole[:200:200], body("c1-3", 320)[200:]...),
	} {
		if _, err := valueOf(content); err == nil {
			t.Errorf("%s: not seen", name)
		}
	}
}
