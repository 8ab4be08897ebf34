package chaos

import (
	"fmt"
	"sync"
)

// A journal is what one writer did to one object. Each put and each delete has a
// number, which is the body of what it puts.
type journal struct {
	key string

	mu      sync.Mutex
	tried   int            // the last number that was used
	acked   int            // the last number that was acknowledged
	markers map[string]int // the numbers of deletes, by the version of their delete marker
}

func newJournal(key string) *journal { return &journal{key: key, markers: map[string]int{}} }

func (j *journal) next() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tried++
	return j.tried
}

// done notes that a put or, with a delete marker, a delete was acknowledged.
func (j *journal) done(number int, marker string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.acked = number
	if marker != "" {
		j.markers[marker] = number
	}
}

func (j *journal) acknowledged() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.acked
}

// check says what is wrong with a number that is current, if something later had
// been acknowledged before somebody looked.
func (j *journal) check(number, before int) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case number < before:
		return fmt.Errorf("%s has what number %d put, and number %d was acknowledged", j.key, number, before)
	case number > j.tried:
		return fmt.Errorf("%s has number %d, and the last was %d", j.key, number, j.tried)
	}
	return nil
}

// numberOf is that of a delete marker; the last one if its delete was not yet
// answered.
func (j *journal) numberOf(marker string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	if n, ok := j.markers[marker]; ok {
		return n
	}
	return j.tried
}
