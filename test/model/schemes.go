package model

// ring is the part that all protocols with a key ring share.
func ring(name, title string, b budget) *Protocol {
	return &Protocol{Name: name, Title: title, Ring: true, Rotators: 1, Writers: 2, Bounds: b}
}

// broken is a protocol that breaks a property.
func broken(p *Protocol, want Property, change func(*Protocol)) *Protocol {
	p.Want = want
	if change != nil {
		change(p)
	}
	return p
}

// Broken are the ways that lose an object, each with what it breaks.
func Broken() []*Protocol {
	one := budget{rotations: 1, puts: 1}
	two := budget{rotations: 2, puts: 2}
	sweep := budget{rotations: 2, puts: 2, deletes: 1}
	retired := budget{rotations: 2, puts: 2, retirements: 1}
	byHand := budget{puts: 1, hands: 1}
	plain := func(name, title string, b budget) *Protocol {
		return &Protocol{Name: name, Title: title, Rotators: 1, Writers: 1, Bounds: b}
	}
	return []*Protocol{
		// Without a ring.
		broken(plain("replaced", "Each rotation replaces the one key; a reader has AWSCURRENT.", one), Readable, nil),
		broken(plain("by-version", "An object's tag names the secret's version that its key is in.", two), Readable, func(p *Protocol) { p.Reader = readVersion }),
		broken(plain("three-labels", "A reader tries AWSCURRENT, AWSPENDING and AWSPREVIOUS.", two), Readable, func(p *Protocol) { p.Reader = readLabels }),
		broken(plain("copied-in-rotation", "setSecret copies every object to the new key; a reader has AWSCURRENT.", one), Readable, func(p *Protocol) { p.Reencrypt = true }),
		broken(plain("copied-in-rotation-over-puts", "setSecret copies every object to the new key, without If-Match; a reader tries three labels.", two), NoLostPut, func(p *Protocol) {
			p.Reencrypt, p.NoIfMatch, p.Reader = true, true, readLabels
		}),
		broken(plain("copied-in-rotation-behind-puts", "setSecret copies every object to the new key, with If-Match; a reader tries three labels.", two), Readable, func(p *Protocol) {
			p.Reencrypt, p.Reader = true, readLabels
		}),

		// A ring, changed from two sides.
		broken(ring("plain-finish", "Two rotations, and finishSecret moves AWSCURRENT from wherever it is.", two), Readable, func(p *Protocol) {
			p.Rotators, p.PlainFinish = 2, true
		}),
		broken(ring("plain-retirement", "A retirement moves AWSCURRENT from wherever it is.", retired), Readable, func(p *Protocol) {
			p.Retire, p.PlainRetire = retireGraceThenPass, true
		}),

		// Copies.
		broken(ring("sweep-over-puts", "A sweep copies without If-Match.", two), NoLostPut, func(p *Protocol) { p.Sweepers, p.NoIfMatch = 1, true }),
		broken(ring("sweep-over-deletes", "A sweep copies without If-Match, and the object is deleted.", budget{rotations: 1, puts: 1, deletes: 1}), StaysGone, func(p *Protocol) {
			p.Sweepers, p.NoIfMatch = 1, true
		}),
		broken(ring("sweep-holds-ring", "A sweep reads the ring once, however long it goes on.", sweep), OnlyPrimary, func(p *Protocol) { p.Sweepers, p.SweepHolds = 1, true }),

		// Retirements.
		broken(ring("retired-blindly", "A key that is not the primary is removed.", retired), Readable, func(p *Protocol) { p.Retire = retireBlindly }),
		broken(ring("retired-after-pass", "A key is removed when a pass finds nothing that needs it.", retired), Readable, func(p *Protocol) { p.Retire, p.Sweepers = retireAfterPass, 1 }),
		broken(ring("retired-grace-after-pass", "The announced time is waited for after the pass that finds nothing.", retired), Readable, func(p *Protocol) {
			p.Retire, p.Sweepers = retireGraceAfterPass, 1
		}),
		broken(ring("retired-current-only", "The pass looks at current versions only.", retired), Readable, func(p *Protocol) { p.Retire, p.Sweepers = retireCurrentOnly, 1 }),
		broken(ring("retired-by-tag", "The pass believes the tags.", budget{rotations: 1, puts: 1, retirements: 1, lies: 1}), Readable, func(p *Protocol) { p.Retire = retireByTag }),

		// Requests that outlive the announced time.
		broken(ring("presigned-puts", "A put may be carried out at any time after it was prepared, as by a presigned URL.", one), OnlyPrimary, func(p *Protocol) { p.Presigned = true }),
		broken(ring("slow-copies", "A copy goes on for any time, as one of many parts, and is then completed.", sweep), OnlyPrimary, func(p *Protocol) {
			p.Sweepers, p.SlowCopies = 1, true
		}),

		// Memories.
		broken(ring("put-under-old-ring", "A put uses a ring of any age, as while Secrets Manager fails.", one), OnlyPrimary, func(p *Protocol) { p.StalePuts = true }),
		broken(ring("quiet-reader", "A warm reader that has just looked at the ring again does not look again.", one), WarmReads, func(p *Protocol) {
			p.WarmReader, p.QuietReader = true, true
		}),

		// Hands.
		broken(ring("hand-adds", "A key is added by hand, and taken to be in force at once.", byHand), OnlyPrimary, func(p *Protocol) { p.Hand, p.AtOnce = handAdd, true }),
		broken(ring("hand-swaps", "A key is added by hand and the old one removed at once: no object needs it.", byHand), Readable, func(p *Protocol) { p.Hand = handSwap }),
		broken(ring("hand-replaces", "The secret's value is replaced by hand, under the same name.", byHand), Readable, func(p *Protocol) { p.Hand = handReplace }),
		broken(ring("hand-replaces-twice", "The secret's value is replaced by hand, twice.", budget{puts: 1, hands: 2}), Recoverable, func(p *Protocol) {
			p.Hand, p.ForGood = handReplace, true
		}),
		broken(ring("hand-puts-back", "A key is added by hand, and the value before is put back.", budget{puts: 1, hands: 2}), Readable, func(p *Protocol) { p.Hand = handBack }),
	}
}

// Recommended are the protocol that the functions follow, each with another part
// of what can happen. more is how many more rotations and retirements there are, and
// crashes where there are none else.
func Recommended(more uint8) []*Protocol {
	b := budget{rotations: 2 + more, puts: 2, deletes: 1, crashes: 1, retirements: 1 + more}
	with := func(name, title string, change func(*Protocol)) *Protocol {
		p := ring(name, title, b)
		change(p)
		return p
	}
	return []*Protocol{
		with("rotations", "Two rotations at a time.", func(p *Protocol) {
			p.Rotators, p.Bounds.retirements, p.Bounds.deletes = 2, 0, 0
		}),
		with("sweeps", "Rotations, and two sweeps at a time.", func(p *Protocol) {
			p.Sweepers, p.Bounds.retirements, p.Bounds.crashes = 2, 0, more
		}),
		with("retirements", "Rotations, a sweep and retirements.", func(p *Protocol) {
			p.Sweepers, p.Retire, p.Bounds.crashes = 1, retireGraceThenPass, more
		}),
		with("warm-reader", "Rotations and retirements, and a reader that stays warm.", func(p *Protocol) {
			p.Retire, p.WarmReader, p.Bounds.deletes, p.Bounds.crashes = retireGraceThenPass, true, 0, more
		}),
	}
}
