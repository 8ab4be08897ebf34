package model

// retire takes the next step of a retirement.
func (e *emitter) retire(s state) {
	r := s.retirer
	switch r.stage {
	case idle:
		e.beginRetiring(s)
	case looking:
		for o := range s.objects {
			if !r.looked.has(uint8(o)) {
				e.look(s, uint8(o))
			}
		}
	case putting:
		if e.p.Retire == retireGraceAfterPass && s.since <= e.p.announced() {
			return
		}
		if s.made == maxVersions {
			return
		}
		to := s
		old := s.versions[r.parent]
		to.versions[s.made] = version{old.keys.without(r.key), old.primary, r.parent, true}
		to.retirer.token, to.retirer.stage, to.retiring = s.made, swapping, s.made
		to.made++
		e.emit(retirementPuts, r.key, s.made, to)
	case swapping:
		to := s
		to.retirer = noRetirement
		if s.current == r.parent || e.p.PlainRetire {
			to.moveCurrent(r.token)
			e.emit(retirementDone, r.key, r.token, to)
		} else {
			to.retiring = none
			e.emit(retirementGivesUp, r.key, r.token, to)
		}
	}
}

// beginRetiring chooses a key. What the retirement knows of the ring, it reads
// here.
func (e *emitter) beginRetiring(s state) {
	if s.left.retirements == 0 {
		return
	}
	waits := e.p.Retire >= retireCurrentOnly
	if waits && s.since <= e.p.announced() {
		return
	}
	for k := range s.made {
		if !s.ring().keys.has(k) || k == s.ring().primary {
			continue
		}
		to := s
		to.left.retirements--
		to.retirer = retirer{looking, k, s.current, none, 0}
		if e.p.Retire == retireBlindly {
			to.retirer.stage = putting
		}
		e.emit(retirementBegins, k, s.current, to)
	}
}

// look asks for each version of an object whether it needs the key.
func (e *emitter) look(s state, o uint8) {
	r, x, to := s.retirer, s.objects[o], s
	needs := x.keys().has(r.key)
	switch e.p.Retire {
	case retireCurrentOnly:
		needs = x.key == r.key
	case retireByTag:
		needs = x.needed.has(r.key) || x.key == r.key && !x.liar
	}
	if needs {
		to.retirer = noRetirement
		e.emit(retirementRefused, r.key, o, to)
		return
	}
	if to.retirer.looked = r.looked.with(o); to.retirer.looked == 1<<objects-1 {
		to.retirer.stage, to.retirer.looked = putting, 0
	}
	e.emit(retirementLooks, r.key, o, to)
}
