package model

// secret removes a version that has no label, as Secrets Manager may at any time.
//
// Source: Secrets Manager user guide, whats-in-a-secret ("Secrets Manager
// considers versions without staging labels deprecated, and they are subject to
// deletion").
func (e *emitter) secret(s state) {
	for v := range s.made {
		used := e.p.Reader == readVersion || v == s.rotators[0].token || v == s.rotators[1].token // else it changes nothing
		if used && s.versions[v].exists && v != s.current && v != s.pending && v != s.previous && v != s.retiring {
			to := s
			to.versions[v].exists = false
			e.emit(versionRemoved, v, 0, to)
		}
	}
}

// moveCurrent moves AWSCURRENT. AWSPREVIOUS follows by itself.
func (s *state) moveCurrent(to uint8) {
	s.previous, s.current, s.since = s.current, to, 0
	primary := s.versions[to].primary
	s.been, s.over = s.been.with(primary), s.over.without(primary)
	if s.pending == to {
		s.pending = none
	}
	if s.retiring == to {
		s.retiring = none
	}
}

// rotator takes the next step of a rotation.
func (e *emitter) rotator(s state, i uint8) {
	r := s.rotators[i]
	to := s
	t := &to.rotators[i]
	switch r.stage {
	case idle:
		e.begin(s, i)
		return
	case called:
		if t.stage = creating; s.versions[r.token].exists {
			t.stage = e.afterCreate()
		}
		t.parent = s.current
		e.emit(rotationLooks, i, r.token, to)
	case creating:
		if !s.versions[r.token].exists { // else another invocation made it meanwhile, and PutSecretValue refuses another value
			made := keys(0).with(r.token)
			if e.p.Ring {
				made |= s.versions[r.parent].keys
			}
			to.versions[r.token] = version{made, r.token, r.parent, true}
			to.pending = r.token
		}
		t.stage = e.afterCreate()
		e.emit(rotationCreates, i, r.token, to)
	case walking:
		e.walk(s, i)
	case probing:
		next := s.versions[r.token]
		switch {
		case !next.exists, e.p.Ring && s.ring().keys&^next.keys != 0:
			to.giveUp(i)
			e.emit(rotationFailsTest, i, r.token, to)
		default:
			t.stage = finishing
			e.emit(rotationTests, i, r.token, to)
		}
	case finishing:
		e.finish(s, i)
	}
	if s.left.crashes > 0 && r.stage != called {
		to := s
		to.left.crashes--
		to.rotators[i] = rotator{called, r.token, none, 0, r.request}
		e.emit(rotationCrashes, i, r.token, to)
	}
}

// begin calls the function for a new version, or once more for the one that
// another invocation is busy with.
func (e *emitter) begin(s state, i uint8) {
	if s.left.rotations > 0 && s.made < maxVersions {
		to := s
		to.left.rotations--
		to.rotators[i] = rotator{called, s.made, none, 0, noRequest}
		to.made++
		e.emit(rotationBegins, i, s.made, to)
	}
	if other := s.rotators[1-i]; other.stage != idle && s.left.crashes > 0 {
		to := s
		to.left.crashes--
		to.rotators[i] = rotator{called, other.token, none, 0, noRequest}
		e.emit(rotationRepeats, i, other.token, to)
	}
}

func (e *emitter) afterCreate() uint8 {
	if e.p.Reencrypt {
		return walking
	}
	return probing
}

// finish moves AWSCURRENT to the new version. Naming the version that it is to
// be moved from makes that a compare-and-swap.
func (e *emitter) finish(s state, i uint8) {
	r, to := s.rotators[i], s
	switch next := s.versions[r.token]; {
	case !next.exists, !e.p.PlainFinish && s.current != next.parent && s.current != r.token:
		to.giveUp(i)
		e.emit(rotationGivesUp, i, r.token, to)
		return
	case s.current != r.token:
		to.moveCurrent(r.token)
	}
	to.rotators[i] = noRotation
	e.emit(rotationFinishes, i, r.token, to)
	if s.left.crashes > 0 { // after the move, before anybody heard of it
		to.left.crashes--
		to.rotators[i] = rotator{called, r.token, none, 0, noRequest}
		e.emit(rotationFinishesUnheard, i, r.token, to)
	}
}

func (s *state) giveUp(i uint8) {
	if s.pending == s.rotators[i].token {
		s.pending = none
	}
	s.rotators[i] = noRotation
}
