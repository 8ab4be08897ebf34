package model

// canonical is the state that stands for all those that differ in what can
// change nothing any longer, and in which of two alike is called the first.
func (p *Protocol) canonical(s state) state {
	if p.Reader == readCurrent && !p.ForGood && p.Hand != handBack {
		s.previous = none
	}
	if s.left.puts == 0 {
		for i := range s.writers {
			s.writers[i].ring, s.writers[i].age = none, 0
		}
	}
	var inUse, making keys // as sets of versions
	for _, v := range [...]uint8{
		s.current, s.pending, s.previous, s.retiring, s.reader.ring, s.retirer.parent,
		s.writers[0].ring, s.writers[1].ring, s.sweepers[0].ring, s.sweepers[1].ring,
	} {
		inUse = inUse.with(v)
	}
	for _, r := range s.rotators {
		making = making.with(r.token)
		inUse = inUse.with(r.token).with(r.parent)
	}
	for i := range s.versions {
		n := uint8(i)
		if !making.has(n) {
			s.versions[i].parent = none // only the finish of a rotation asks for it
		}
		if !inUse.has(n) && (p.Reader != readVersion || !s.versions[i].exists) {
			s.versions[i] = version{}
		}
	}
	switch a, b := s.objects[0].bytes(), s.objects[1].bytes(); {
	case a < b:
		s.order()
	case a > b:
		s.swap()
		s.order()
	default:
		t := s
		s.order()
		t.swap()
		t.order()
		if t.less(&s) {
			return t
		}
	}
	return s
}

// order puts what is alike into an order, with what does nothing at the end: a
// protocol that has one of them has the first.
func (s *state) order() {
	if s.writers[1].bytes() < s.writers[0].bytes() {
		s.writers[0], s.writers[1] = s.writers[1], s.writers[0]
	}
	if s.sweepers[1].bytes() < s.sweepers[0].bytes() {
		s.sweepers[0], s.sweepers[1] = s.sweepers[1], s.sweepers[0]
	}
	if s.rotators[1].bytes() > s.rotators[0].bytes() {
		s.rotators[0], s.rotators[1] = s.rotators[1], s.rotators[0]
	}
}

// swap exchanges the names of the objects.
func (s *state) swap() {
	s.objects[0], s.objects[1] = s.objects[1], s.objects[0]
	for i := range s.writers {
		s.writers[i].swap()
		s.sweepers[i].swap()
		s.rotators[i].swap()
		s.rotators[i].walked = s.rotators[i].walked.swap()
	}
	s.retirer.looked = s.retirer.looked.swap()
}

func (r *request) swap() {
	if r.object != none {
		r.object = 1 - r.object
	}
}

// swap is for a set of objects.
func (k keys) swap() keys { return k>>1&1 | k&1<<1 }

// less is any total order of the parts that swap changes, among states whose
// objects are equal.
func (s *state) less(t *state) bool {
	for i := range s.writers {
		if a, b := s.writers[i].bytes(), t.writers[i].bytes(); a != b {
			return a < b
		}
		if a, b := s.sweepers[i].bytes(), t.sweepers[i].bytes(); a != b {
			return a < b
		}
		if a, b := s.rotators[i].bytes(), t.rotators[i].bytes(); a != b {
			return a < b
		}
	}
	return s.retirer.looked < t.retirer.looked
}

func (o object) bytes() uint32 {
	return uint32(o.key)<<16 | uint32(o.needed)<<8 | bit(o.last)<<1 | bit(o.liar)
}

func (r request) bytes() uint64 {
	return uint64(r.object)<<24 | uint64(r.key)<<16 | uint64(r.age)<<8 | uint64(bit(r.changed))
}

func (c client) bytes() uint64 {
	return uint64(c.ring)<<40 | uint64(c.age)<<32 | c.request.bytes()
}

func (r rotator) bytes() uint64 {
	return uint64(r.stage)<<60 | uint64(r.walked)<<56 | uint64(r.token)<<48 | uint64(r.parent)<<40 | r.request.bytes()
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
