//go:build chaos

package ssec

import "time"

// RingTTL is short enough that the test in test/chaos sees rings grow old. No
// other program is built with its tag.
const RingTTL = 500 * time.Millisecond
