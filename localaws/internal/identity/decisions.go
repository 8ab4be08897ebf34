package identity

import (
	"sync"
	"time"
)

// Decision is one decision, as a demonstration prints it.
type Decision struct {
	Time        time.Time
	RequestID   string
	Caller      string
	Action      string
	Resource    string
	Allowed     bool
	Explanation string // iam.Decision.Explain
}

// DecisionLog keeps the last decisions and forgets the older ones, so that a
// server that runs for days doesn't grow. The zero value keeps none.
type DecisionLog struct {
	mu   sync.Mutex
	ring []Decision
	next int
	full bool
}

// NewDecisionLog keeps the last n decisions.
func NewDecisionLog(n int) *DecisionLog { return &DecisionLog{ring: make([]Decision, n)} }

func (l *DecisionLog) add(d Decision) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) == 0 {
		return
	}
	l.ring[l.next] = d
	l.next = (l.next + 1) % len(l.ring)
	l.full = l.full || l.next == 0
}

// Decisions are the kept decisions, the oldest first.
func (l *DecisionLog) Decisions() []Decision {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.full {
		return append([]Decision(nil), l.ring[:l.next]...)
	}
	return append(append([]Decision(nil), l.ring[l.next:]...), l.ring[:l.next]...)
}
