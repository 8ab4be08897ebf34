package ssec

import (
	"maps"
	"time"
)

// missTTL is how long it is remembered that a new look at the secret brought
// nothing for an id.
const missTTL = 30 * time.Second

// maxMisses bounds what is remembered, and so the calls for ids that are made up:
// whoever may tag objects chooses them.
const maxMisses = 64

// misses are the ids of keys for which a new look at the secret brought nothing,
// and when.
type misses map[string]time.Time

// has reports whether a new look for the id would be in vain, or one too many.
func (m misses) has(id string, now time.Time) bool {
	maps.DeleteFunc(m, func(_ string, at time.Time) bool { return !within(at, missTTL, now) })
	_, missed := m[id]
	return missed || len(m) >= maxMisses
}

func (m misses) add(id string, now time.Time) { m[id] = now.Round(0) }
