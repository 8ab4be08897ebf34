package model

import (
	"fmt"
	"hash/maphash"
)

// A Result is what a check found.
type Result struct {
	States    int // that were looked at
	Depth     int // the steps to the farthest of them, or to the violation
	Truncated bool
	Broken    Property // "" if none
	Trace     []string // the steps to the violation, and what is wrong then
}

// String says what the result proves.
func (r Result) String() string {
	switch {
	case r.Broken != "":
		return fmt.Sprintf("broken after %d steps (%d states)", r.Depth, r.States)
	case r.Truncated:
		return fmt.Sprintf("TRUNCATED at %d states, %d steps deep: no violation so far, and no proof", r.States, r.Depth)
	}
	return fmt.Sprintf("no violation in all %d states, %d steps deep", r.States, r.Depth)
}

// Check looks at no more than limit states of p.
func Check(p *Protocol, limit int) Result {
	s := &search{protocol: p, seen: newSet()}
	return s.run(limit)
}

// A search is breadth first: a violation has no shorter way to it.
type search struct {
	protocol *Protocol
	seen     *set
	from     []int32 // by state: the state that it was met from
}

func (s *search) run(limit int) Result {
	s.seen.add(s.protocol.start())
	s.from = append(s.from, -1)
	var moves []move
	depth, end := 0, 1 // of the states before end, none is deeper than depth
	for i := 0; i < len(s.seen.states); i++ {
		if i == end {
			depth, end = depth+1, len(s.seen.states)
		}
		moves = s.protocol.moves(s.seen.states[i], moves[:0])
		for _, m := range moves {
			if m.to.broken != kept {
				return Result{len(s.seen.states), depth + 1, false, m.to.broken.property(), s.trace(int32(i), m.to)}
			}
			if len(s.seen.states) == limit {
				return Result{States: limit, Depth: depth, Truncated: true}
			}
			if s.seen.add(m.to) {
				s.from = append(s.from, int32(i))
			}
		}
	}
	return Result{States: len(s.seen.states), Depth: depth}
}

// trace says the steps to the state i, and the one from there to broken.
//
// Canonical states don't tell who is writer 1 and which object is A. So the
// steps are taken once more, without making the states canonical.
func (s *search) trace(i int32, broken state) []string {
	path := []state{broken}
	for ; i > 0; i = s.from[i] {
		path = append(path, s.seen.states[i])
	}
	plain := *s.protocol
	plain.plain = true
	var lines []string
	at := plain.start()
	for n := len(path) - 1; n >= 0; n-- {
		m := plain.moveTo(at, s.protocol, path[n])
		lines = append(lines, plain.say(at, m))
		at = m.to
	}
	return append(lines, plain.wrong(at))
}

// moveTo is the move whose state is, as p sees it, the wanted one. There is one,
// or two states that are not alike have been taken for the same.
func (p *Protocol) moveTo(from state, like *Protocol, want state) move {
	for _, m := range p.moves(from, nil) {
		if like.seen(m.to) == want {
			return m
		}
	}
	panic(fmt.Sprintf("no step of %s leads from\n%+v\nto\n%+v", p.Name, from, want))
}

// A set is the states that were met, each once, in that order.
type set struct {
	states []state
	seed   maphash.Seed
	// slots is open addressing: the upper half of a state's hash, which saves a
	// look at most other states, and 1 + its index.
	slots []uint64
}

func newSet() *set { return &set{seed: maphash.MakeSeed(), slots: make([]uint64, 1<<12)} }

// add reports whether the state is new.
func (s *set) add(x state) bool {
	if 2*len(s.states) >= len(s.slots) {
		s.grow()
	}
	hash := maphash.Comparable(s.seed, x)
	mask := uint64(len(s.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		switch slot := s.slots[i]; {
		case slot == 0:
			s.states = append(s.states, x)
			s.slots[i] = hash&^(1<<32-1) | uint64(len(s.states))
			return true
		case slot>>32 == hash>>32 && s.states[slot&(1<<32-1)-1] == x:
			return false
		}
	}
}

func (s *set) grow() {
	s.slots = make([]uint64, 4*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for n := range s.states {
		hash := maphash.Comparable(s.seed, s.states[n])
		i := hash & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = hash&^(1<<32-1) | uint64(n+1)
	}
}
