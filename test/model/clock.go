package model

// clock lets one unit of time pass: rings in memory grow too old to be used, and
// what was sent too long ago is never carried out.
func (e *emitter) clock(s state) {
	to := s
	to.since = min(s.since+1, e.p.announced()+1)
	if to.since > e.p.announced() {
		to.over = s.been.without(s.ring().primary)
	}
	for i := range to.writers {
		to.writers[i].grow(e.p.StalePuts, e.p.Presigned)
		to.sweepers[i].grow(e.p.SweepHolds, e.p.SlowCopies)
		to.rotators[i].request.grow(false)
	}
	to.reader.quiet = false
	if to != s {
		e.emit(timePasses, 0, 0, to)
	}
}

// grow makes the ring older, unless it may be used at any age, and the request.
func (c *client) grow(anyRing, anyRequest bool) {
	c.request.grow(anyRequest)
	switch {
	case c.ring == none || anyRing:
	case c.age == ttl:
		c.ring, c.age = none, 0
	default:
		c.age++
	}
}

func (r *request) grow(anyAge bool) {
	switch {
	case r.object == none || anyAge:
	case r.age == timeout:
		*r = noRequest
	default:
		r.age++
	}
}
