package sweep

import (
	"time"

	"github.com/s3seal/s3seal/internal/ssec"
)

// oldestKey is the age of the oldest key that a current version is under after a
// pass, 0 without any. What was moved is under the primary. Noncurrent versions
// don't count: no sweep moves them, and a bucket that keeps them forever would
// never have a younger key.
//
// It is a lower bound. The id of a key that no rotation made doesn't tell the key's
// age, which is then that of the oldest version under it; and versions that no key
// opens, or that could not be read, are left out.
func (r *Report) oldestKey(primary string, now time.Time) time.Duration {
	var oldest time.Duration
	for _, c := range r.Counts {
		since := c.Oldest
		switch c.State {
		case Current, ToMove, Locked, Archived, Failed:
		case Moved:
			c.KeyID, since = primary, time.Time{}
		default:
			continue
		}
		if made, ok := ssec.MadeOn(c.KeyID); ok {
			since = made
		}
		if !since.IsZero() {
			oldest = max(oldest, now.Sub(since))
		}
	}
	return oldest
}
