//go:build !chaos

package ssec

import "time"

// RingTTL is how long a Source answers from memory. A key may be retired from
// the ring only when no writer can still hold the ring in which it was primary:
// RingTTL plus the function's timeout after the rotation.
const RingTTL = 5 * time.Minute
