package keystatus

import (
	"time"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

// Status is how the keys of a stage are doing.
type Status struct {
	Stage  string `json:"stage"`
	Bucket string `json:"bucket"`
	Secret Secret `json:"secret"`
	Keys   []Key  `json:"keys"`

	// Counted is false if the objects were not counted: then what needs a key
	// is unknown.
	Counted    bool  `json:"counted"`
	NotSSEC    int64 `json:"notSSEC,omitempty"`    // versions that are not under SSE-C
	Unreadable int64 `json:"unreadable,omitempty"` // versions that no key of the ring opens
	Failed     int64 `json:"failed,omitempty"`     // versions that could not be looked at

	Examples []sweep.Example `json:"examples,omitempty"`
}

// Key is a key of the ring.
type Key struct {
	ID      string    `json:"id"`
	Primary bool      `json:"primary,omitempty"`
	Made    time.Time `json:"made,omitzero"` // the day; zero if the id doesn't tell

	Current    int64 `json:"current"`    // current versions under the key
	Stuck      int64 `json:"stuck"`      // those of them that no sweep moves: locked or archived
	Noncurrent int64 `json:"noncurrent"` // other versions under the key
	Bytes      int64 `json:"bytes"`      // of all of them

	Retire Retire `json:"retire"`
}

// New makes a status of what was read. counted may be nil. longestWrite is
// that of sweep.Retirement.
func New(stage, bucket string, secret *Secret, counted *sweep.Report, longestWrite time.Duration, now time.Time) *Status {
	s := &Status{Stage: stage, Bucket: bucket, Secret: *secret, Counted: counted != nil}
	primary, _ := secret.ring.Primary()
	for _, id := range secret.ring.IDs() {
		k := Key{ID: id, Primary: id == primary}
		k.Made, _ = ssec.MadeOn(id)
		if counted != nil {
			k.count(counted)
		}
		s.Keys = append(s.Keys, k)
	}
	if counted != nil {
		s.NotSSEC = counted.Of(sweep.NotSSEC).Versions
		s.Unreadable = counted.Of(sweep.Unreadable).Versions
		s.Failed = counted.Of(sweep.Failed).Versions
		s.Examples = counted.Examples
	}
	quiet := secret.Changed.Add(sweep.Grace(longestWrite))
	for i := range s.Keys {
		s.Keys[i].Retire = s.retire(&s.Keys[i], quiet, now)
	}
	return s
}

func (k *Key) count(r *sweep.Report) {
	for _, c := range r.Counts {
		if c.KeyID != k.ID {
			continue
		}
		switch c.State {
		case sweep.Locked, sweep.Archived:
			k.Stuck += c.Versions
			fallthrough
		case sweep.Current, sweep.ToMove, sweep.Moved:
			k.Current += c.Versions
		case sweep.Noncurrent:
			k.Noncurrent += c.Versions
		}
		k.Bytes += c.Bytes
	}
}

// Wrong are the things that somebody has to do something about, each in words.
func (s *Status) Wrong() []string {
	var wrong []string
	switch r := s.Secret.Rotation; {
	case r.Stuck:
		wrong = append(wrong, "the rotation that began at "+minute(r.Since)+" has failed, and is not complete: the log of the function "+r.Function+" says why")
	case r.Overdue:
		wrong = append(wrong, "the rotation that was due by "+minute(r.Next)+" has not been done: the log of the function "+r.Function+" says why, if it was invoked")
	}
	if len(s.Secret.Lost) > 0 {
		wrong = append(wrong, "an edit by hand took keys out of the ring that only AWSPREVIOUS still has: "+list(s.Secret.Lost)+": put them back before the next change")
	}
	if s.Secret.Size > ssec.NearlyFull {
		wrong = append(wrong, "the ring is nearly full: a rotation fails when it is, so retire keys that no object needs")
	}
	if s.Unreadable > 0 {
		wrong = append(wrong, many(s.Unreadable, "version")+" that no key of the ring opens: the key was taken out, or is another now")
	}
	if s.Failed > 0 {
		wrong = append(wrong, many(s.Failed, "version")+" that could not be looked at")
	}
	return wrong
}
