//go:build chaos

package sweep

import "time"

// WriteTime is short enough that a key can retire while the test in test/chaos
// watches. No other program is built with its tag.
const WriteTime = 2 * time.Second
