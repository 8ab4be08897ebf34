package ssec

import (
	"testing"
	"time"
)

// Operators are told this time; only the test in test/chaos has another.
func TestRingTTL(t *testing.T) {
	t.Parallel()
	if RingTTL != 5*time.Minute {
		t.Errorf("a ring is kept for %s", RingTTL)
	}
}
