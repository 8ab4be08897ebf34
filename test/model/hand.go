package model

// hand changes the secret as somebody without the functions does.
func (e *emitter) hand(s state) {
	if s.left.hands == 0 || s.made == maxVersions {
		return
	}
	to := s
	to.left.hands--
	to.made++
	next := version{keys(0).with(s.made), s.made, none, true}
	k := handReplaces
	switch e.p.Hand {
	case noHand:
		return
	case handAdd, handBack:
		next.keys |= s.ring().keys
		k = handAdds
	case handSwap:
		if s.neededKeys() != 0 {
			return
		}
		k = handSwaps
	}
	to.versions[s.made] = next
	to.moveCurrent(s.made)
	e.emit(k, 0, s.made, to)
	if e.p.Hand == handBack && s.previous != none {
		to := s
		to.left.hands--
		to.moveCurrent(s.previous)
		e.emit(handPutsBack, 0, s.previous, to)
	}
}
