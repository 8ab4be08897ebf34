//go:build !chaos

package sweep

import "time"

// WriteTime is how long a write of a sweep may last after it read the ring.
const WriteTime = 5 * time.Minute
