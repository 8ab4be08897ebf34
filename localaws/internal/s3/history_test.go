package s3

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

// history is what writers did to one key, by a clock that ticks at each begin
// and end. A write that copies another's value is a write of that value.
type history struct {
	mu     sync.Mutex
	clock  int
	writes []write
}

type write struct {
	value string // "" for a delete
	began int
	acked int // 0 while under way
}

func (h *history) begin(value string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	h.writes = append(h.writes, write{value: value, began: h.clock})
	return len(h.writes) - 1
}

func (h *history) end(i int, value string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	h.writes[i].value, h.writes[i].acked = value, h.clock
}

func (h *history) now() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	return h.clock
}

// explains says whether a read that began and ended at these times can have
// seen value: some write of it began before the read ended, and no other write
// lies wholly between the two.
func (h *history) explains(value string, began, ended int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	initial := value == ""
	for _, w := range append([]write{{value: "", began: 0, acked: -1}}, h.writes...) {
		if w.value != value && !(initial && w.acked == -1) || w.began > ended {
			continue
		}
		hidden := false
		for _, other := range h.writes {
			after := w.acked != 0 && other.began > w.acked
			if w.acked == -1 {
				after = true
			}
			hidden = hidden || (after && other.acked != 0 && other.acked < began)
		}
		if !hidden {
			return true
		}
	}
	return false
}

// value makes a body that tells a torn read: its id and checksum, then filler
// that depends on the id.
func value(id string, size int) []byte {
	sum := sha256.Sum256([]byte(id))
	head := id + " " + hex.EncodeToString(sum[:]) + " "
	return append([]byte(head), bytes.Repeat(sum[:], size/32+1)...)
}

func idOf(body []byte) (string, error) {
	id, _, _ := strings.Cut(string(body[:min(len(body), 40)]), " ")
	sum := sha256.Sum256([]byte(id))
	head := len(id) + 1 + 64 + 1
	if len(body) < head || (len(body)-head)%32 != 0 || !bytes.Equal(body[head:], bytes.Repeat(sum[:], (len(body)-head)/32)) {
		return "", fmt.Errorf("a torn read of %d bytes that begins with %q", len(body), id)
	}
	return id, nil
}

func (h *history) forget(i int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writes[i].value, h.writes[i].began = "nothing", 1<<60
}
