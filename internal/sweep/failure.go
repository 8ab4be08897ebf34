package sweep

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/s3seal/s3seal/internal/function"
)

func classify(ctx context.Context, what string, err error) *function.Error {
	return function.Classify(ctx, what, err)
}

// unreadBy is the failure of a version that may not be read.
func unreadBy(err error) *function.Error {
	return function.Errorf(function.AccessDenied, err, "no right to read the version (s3:GetObject, s3:GetObjectVersion)")
}

// retries is how often a request is made that S3 asks to make less often. The
// client has tried it several times by then, within a second or so.
const retries = 6

// retrying calls f, and again after a longer and longer pause while the answer is
// that S3 is busy.
func retrying[T any](ctx context.Context, s *Sweeper, f func() (T, error)) (T, error) {
	pause := s.pause()
	for try := 1; ; try++ {
		out, err := f()
		if err == nil || try == retries || !busy(classify(ctx, "", err).Type) {
			return out, err
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)):
			pause *= 2
		case <-ctx.Done():
			return out, err
		}
	}
}

func busy(t function.Type) bool { return t == function.Throttled || t == function.Unavailable }
