package model

// A Protocol is one way to rotate the keys, and what happens meanwhile. The
// zero value is the simplest: each rotation replaces the one key.
type Protocol struct {
	Name  string // of the file with its violation
	Title string
	Want  Property // what it breaks; "" for a protocol that breaks nothing

	Ring        bool   // a new version holds the keys of the old one too
	Reader      reads  // where a reader looks for the key
	PlainFinish bool   // finishSecret moves AWSCURRENT from wherever it is
	Reencrypt   bool   // setSecret copies every object to the new key
	NoIfMatch   bool   // a copy replaces whatever is there
	StalePuts   bool   // a put may use a ring of any age, as when Secrets Manager fails
	SweepHolds  bool   // a sweep reads the ring once, however long it goes on
	Retire      retire // how it is known that nothing needs a key
	PlainRetire bool   // a retirement moves AWSCURRENT from wherever it is
	QuietReader bool   // a reader that looked at the ring again doesn't soon again
	Presigned   bool   // a put may be carried out at any time, as by a presigned URL
	SlowCopies  bool   // a copy may go on for any time, as one of many parts
	AtOnce      bool   // a rotation is announced as in force at once
	Hand        hand   // who changes the secret, if it is not a rotation function
	ForGood     bool   // only a key that no label leads to any longer is a violation
	Rotators    int    // at the same time
	Writers     int
	Sweepers    int
	WarmReader  bool
	Bounds      budget
	plain       bool // the states are not made canonical
}

// reads is where a reader looks for an object's key.
type reads uint8

const (
	readCurrent reads = iota // the ring of AWSCURRENT
	readVersion              // the version that the object's tag names
	readLabels               // AWSCURRENT, AWSPENDING and AWSPREVIOUS
)

// retire is what comes before the removal of a key.
type retire uint8

const (
	retireNever retire = iota
	retireBlindly
	retireAfterPass      // nothing was found that needs the key
	retireGraceAfterPass // and after that the announced time is waited for
	retireCurrentOnly    // as graceThenPass, and the pass looks at current versions only
	retireByTag          // as graceThenPass, and the pass believes the tags
	retireGraceThenPass
)

// hand is what somebody does with the secret by hand.
type hand uint8

const (
	noHand      hand = iota
	handAdd          // adds a key, as the primary
	handSwap         // adds a key and removes the old one, which no object needs just then
	handReplace      // gives the key's name another key
	handBack         // adds a key, and puts the value before it back
)

const (
	ttl     = 1 // how long a ring may be used
	timeout = 1 // how long a request may be carried out after it was sent
)

// announced is the time after a rotation from which on no put is under another
// key than the primary.
func (p *Protocol) announced() uint8 {
	if p.AtOnce {
		return 0
	}
	return ttl + timeout
}

// A step is what happens between two states. The numbers are those of who or
// what it is about.
type step struct {
	kind kind
	i, n uint8
}

type move struct {
	step
	to state
}

// moves appends what can happen in s.
func (p *Protocol) moves(s state, moves []move) []move {
	e := emitter{p: p, moves: moves}
	e.clock(s)
	e.secret(s)
	for i := range p.Rotators {
		e.rotator(s, uint8(i))
	}
	for i := range p.Writers {
		e.writer(s, uint8(i))
	}
	for i := range p.Sweepers {
		e.sweeper(s, uint8(i))
	}
	if p.Retire != retireNever {
		e.retire(s)
	}
	if p.WarmReader {
		e.reader(s)
	}
	e.hand(s)
	e.others(s)
	return e.moves
}

type emitter struct {
	p     *Protocol
	moves []move
}

// emit says that the step leads to the state.
func (e *emitter) emit(k kind, i, n uint8, to state) {
	if to.broken == kept {
		to.broken = e.p.check(&to)
	}
	e.moves = append(e.moves, move{step{k, i, n}, e.p.seen(to)})
}

// seen is the state as a search keeps it.
func (p *Protocol) seen(s state) state {
	if p.plain {
		return s
	}
	return p.canonical(s)
}
