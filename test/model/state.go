package model

const (
	maxVersions = 6
	objects     = 2

	none   = 0xff // no version, no key, no object
	marker = 0xfe // an object's current version is a delete marker
)

// A keys is a set of keys by their numbers. To add none adds nothing.
type keys uint8

func (k keys) has(n uint8) bool     { return n < maxVersions && k&(1<<n) != 0 }
func (k keys) with(n uint8) keys    { return k | 1<<n }
func (k keys) without(n uint8) keys { return k &^ (1 << n) }

// A version is one of the secret. One that Secrets Manager removed keeps its
// ring here as long as somebody has it in memory.
type version struct {
	keys    keys
	primary uint8
	parent  uint8
	exists  bool
}

// An object is its current version and the noncurrent ones.
type object struct {
	key    uint8 // of the current version, none, or marker
	last   bool  // the current version is what was acknowledged last
	liar   bool  // the tag of the current version names the primary key, and that is not its key
	needed keys  // by noncurrent versions
}

// A request is a put, or a sweeper's copy, that was sent to S3.
type request struct {
	object  uint8 // none: there is no request
	key     uint8
	age     uint8
	changed bool // since the copy's source was looked at, the object has changed
}

var noRequest = request{object: none}

// A client is a function that writes objects, with the ring in its memory.
type client struct {
	ring uint8 // the secret's version that it was read from, or none
	age  uint8
	request
}

// The stages of a rotation, by the call that comes next.
const (
	idle uint8 = iota
	called
	creating
	walking
	probing
	finishing
)

// A rotator is an invocation of the rotation function.
type rotator struct {
	stage  uint8
	token  uint8 // the version that it makes
	parent uint8 // the version that was AWSCURRENT when it looked
	walked keys  // the objects that a rotation that re-encrypts is done with
	request
}

var noRotation = rotator{token: none, parent: none, request: noRequest}

// The stages of a retirement, by the call that comes next.
const (
	looking uint8 = iota + 1
	putting
	swapping
)

// A retirer retires one key.
type retirer struct {
	stage  uint8
	key    uint8
	parent uint8
	token  uint8
	looked keys // the objects, as a set, in which nothing needs the key
}

var noRetirement = retirer{parent: none, token: none}

// A budget is how often a thing may still happen.
type budget struct {
	rotations, puts, deletes, crashes, retirements, hands, lies uint8
}

type state struct {
	versions                   [maxVersions]version
	made                       uint8 // versions, each under a number of its own
	current, pending, previous uint8 // labels: the version with it, or none
	retiring                   uint8 // the label of a retirement's new ring
	since                      uint8 // AWSCURRENT moved; bounded
	been                       keys  // that were the primary at some time
	over                       keys  // whose announced time is over: no put may be under them
	objects                    [objects]object
	writers, sweepers          [2]client
	rotators                   [2]rotator
	retirer                    retirer
	reader                     reader
	left                       budget
	broken                     violation
}

// A reader is a get function that stays warm. It looks at the ring again when
// its own lacks a key, unless it did so of late.
type reader struct {
	ring  uint8
	quiet bool
}

func (p *Protocol) start() state {
	s := state{made: 1, been: keys(0).with(0), pending: none, previous: none, retiring: none, left: p.Bounds, since: p.announced() + 1}
	s.versions[0] = version{keys: keys(0).with(0), parent: none, exists: true}
	for i := range s.objects {
		s.objects[i] = object{key: none, last: true}
	}
	for i := range s.writers {
		s.writers[i] = client{ring: none, request: noRequest}
		s.sweepers[i] = client{ring: none, request: noRequest}
		s.rotators[i] = noRotation
	}
	s.retirer = noRetirement
	s.reader = reader{ring: none}
	return s
}

// ring is that of the AWSCURRENT version.
func (s *state) ring() version { return s.versions[s.current] }
