package model

// A Property is what must hold in every state.
type Property string

const (
	Readable    Property = "every stored version can be read by a reader that starts now"
	WarmReads   Property = "every stored version can be read by a reader that stays warm"
	Recoverable Property = "every stored version's key is in a version of the secret that has a label"
	NoLostPut   Property = "every object holds what was acknowledged last"
	StaysGone   Property = "what was deleted stays deleted"
	OnlyPrimary Property = "after the announced time, every put is under the primary key"
)

// A violation is the number of the property that is broken, so that a state is
// small.
type violation uint8

const kept violation = 0

var properties = []Property{"", Readable, WarmReads, Recoverable, NoLostPut, StaysGone, OnlyPrimary}

func (v violation) property() Property { return properties[v] }

func (p Property) violation() violation {
	for i, q := range properties {
		if q == p {
			return violation(i)
		}
	}
	panic("no property: " + p)
}

var (
	unreadable   = Readable.violation()
	warmMisses   = WarmReads.violation()
	lostForGood  = Recoverable.violation()
	lostPut      = NoLostPut.violation()
	resurrected  = StaysGone.violation()
	notByPrimary = OnlyPrimary.violation()
)

// check looks at what can be seen in one state. The other properties are about
// a step, which sets what it breaks.
func (p *Protocol) check(s *state) violation {
	needed := s.neededKeys()
	switch {
	case p.ForGood:
		if needed&^s.labelled() != 0 {
			return lostForGood
		}
		return kept
	case needed&^p.opens(s) != 0:
		return unreadable
	case p.WarmReader && s.reader.quiet && needed&^s.versions[s.reader.ring].keys != 0:
		return warmMisses
	}
	return kept
}

// neededKeys are those that some stored version is under.
func (s *state) neededKeys() keys {
	var needed keys
	for i := range s.objects {
		needed |= s.objects[i].keys()
	}
	return needed
}

func (o *object) keys() keys {
	if o.key == none || o.key == marker {
		return o.needed
	}
	return o.needed.with(o.key)
}

// opens are the keys that a reader finds which has nothing in memory.
func (p *Protocol) opens(s *state) keys {
	switch p.Reader {
	case readVersion:
		var all keys
		for i := range s.versions {
			if s.versions[i].exists {
				all |= s.versions[i].keys
			}
		}
		return all
	case readLabels:
		return s.labelled()
	}
	return s.ring().keys
}

// labelled are the keys of the versions that Secrets Manager doesn't remove.
func (s *state) labelled() keys {
	var all keys
	for _, v := range [...]uint8{s.current, s.pending, s.previous} {
		if v != none && s.versions[v].exists {
			all |= s.versions[v].keys
		}
	}
	return all
}
