package model

// writer takes the next step of a function that puts objects.
func (e *emitter) writer(s state, i uint8) {
	w := s.writers[i]
	if w.object != none {
		to := s
		to.writers[i].request = noRequest
		to.write(w.object, w.key, true)
		to.underPrimary(w.key)
		e.emit(putDone, i, w.object, to)
		return
	}
	if s.left.puts == 0 {
		return
	}
	if w.ring != s.current || w.age != 0 {
		to := s
		to.writers[i].ring, to.writers[i].age = s.current, 0
		e.emit(writerLooks, i, s.current, to)
	}
	if w.ring == none {
		return
	}
	for o := range s.objects {
		to := s
		to.left.puts--
		to.writers[i].request = request{object: uint8(o), key: s.versions[w.ring].primary}
		e.emit(putSent, i, uint8(o), to)
	}
}

// write gives an object a new current version.
func (s *state) write(o, key uint8, last bool) {
	s.objects[o] = object{key: key, last: last, needed: s.objects[o].keys()}
	for _, r := range []*request{
		&s.writers[0].request, &s.writers[1].request, &s.sweepers[0].request, &s.sweepers[1].request,
		&s.rotators[0].request, &s.rotators[1].request,
	} {
		if r.object == o {
			r.changed = true
		}
	}
}

func (s *state) underPrimary(key uint8) {
	if s.over.has(key) {
		s.broken = notByPrimary
	}
}

// sweeper takes the next step of a sweep: a current version under another key is
// copied onto itself under the primary.
func (e *emitter) sweeper(s state, i uint8) {
	w := s.sweepers[i]
	if w.object != none {
		to := s
		to.sweepers[i].request = noRequest
		e.copied(s, to, copyDone, i, w.request)
		return
	}
	if w.ring != s.current || w.age != 0 {
		to := s
		to.sweepers[i].ring, to.sweepers[i].age = s.current, 0
		e.emit(sweeperLooks, i, s.current, to)
	}
	if w.ring == none {
		return
	}
	ring := s.versions[w.ring]
	for o := range s.objects {
		if key := s.objects[o].key; key != ring.primary && ring.keys.has(key) {
			to := s
			to.sweepers[i].request = request{object: uint8(o), key: ring.primary}
			e.emit(copySent, i, uint8(o), to)
		}
	}
}

// copied carries a copy out, or refuses it because the object has changed since
// it was looked at. to is s without the request.
func (e *emitter) copied(s, to state, k kind, i uint8, r request) {
	o := s.objects[r.object]
	switch {
	case r.changed && !e.p.NoIfMatch:
		k++ // the same, refused
	case r.changed && o.key == marker:
		to.write(r.object, r.key, false)
		to.broken = resurrected
	case r.changed:
		to.write(r.object, r.key, false)
		to.broken = lostPut
	default:
		to.write(r.object, r.key, o.last)
		to.underPrimary(r.key)
	}
	e.emit(k, i, r.object, to)
}

// walk copies every object to the new key, in a rotation that re-encrypts.
func (e *emitter) walk(s state, i uint8) {
	r := s.rotators[i]
	to := s
	t := &to.rotators[i]
	if r.object != none {
		if t.request = noRequest; !r.changed || e.p.NoIfMatch {
			t.walked = r.walked.with(r.object)
		}
		e.copied(s, to, rotationCopyDone, i, r.request)
		return
	}
	if r.walked == 1<<objects-1 {
		t.stage = probing
		e.emit(rotationWalked, i, r.token, to)
		return
	}
	for o := range s.objects {
		if r.walked.has(uint8(o)) {
			continue
		}
		to := s
		if key := s.objects[o].key; key == none || key == marker || key == r.token {
			to.rotators[i].walked = r.walked.with(uint8(o))
			e.emit(rotationSkips, i, uint8(o), to)
		} else {
			to.rotators[i].request = request{object: uint8(o), key: r.token}
			e.emit(rotationCopySent, i, uint8(o), to)
		}
	}
}

// others are deletes, the lifecycle of noncurrent versions, and whoever changes
// tags.
func (e *emitter) others(s state) {
	for o := range s.objects {
		x := s.objects[o]
		real := x.key != none && x.key != marker
		if real && s.left.deletes > 0 {
			to := s
			to.left.deletes--
			to.write(uint8(o), marker, true)
			e.emit(deleted, uint8(o), 0, to)
		}
		if real && !x.liar && s.left.lies > 0 && x.key != s.ring().primary {
			to := s
			to.left.lies--
			to.objects[o].liar = true
			e.emit(tagLies, uint8(o), s.ring().primary, to)
		}
		if e.p.Retire == retireNever {
			continue // then that a key is not needed any longer changes nothing
		}
		for k := range uint8(maxVersions) {
			if x.needed.has(k) {
				to := s
				to.objects[o].needed = x.needed.without(k)
				e.emit(expired, uint8(o), k, to)
			}
		}
	}
}

// reader looks at the ring when it has none, and again when it lacks a key.
func (e *emitter) reader(s state) {
	to := s
	to.reader.ring = s.current
	if s.reader.ring != none && e.p.QuietReader {
		to.reader.quiet = true
	}
	if to.reader != s.reader {
		e.emit(readerLooks, 0, s.current, to)
	}
}
