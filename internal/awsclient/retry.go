package awsclient

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
)

// newRetryer tries five times, within about a second in the worst case: the
// SDK's own delays, of up to 1, 2, 4 seconds, outlive a short function.
func newRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 5
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			ceiling := 50 * time.Millisecond << min(attempt, 4)
			return rand.N(ceiling), nil
		})
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(passes)}, o.Retryables...)
	})
}

// passes tells what the SDK does not know, or takes for a broken connection as it
// does a wrong certificate.
func passes(err error) aws.Ternary {
	switch {
	case Untrusted(err):
		return aws.FalseTernary
	case Throttled(err), status(err) != 0 && Disturbed(err), code(err) == "ConditionalRequestConflict":
		// Without a status the SDK decides: it gives up on a name that DNS lacks.
		// 409 ConditionalRequestConflict asks the client to try again; see
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// attempts remembers the last answer in an invocation that was an error. When
// the deadline ends the wait before a retry, the SDK returns the deadline and
// drops the cause, which then is not "timeout" but, say, SlowDown.
type attempts struct{ last atomic.Pointer[error] }

type attemptsKey struct{}

// WithAttempts returns a context under which LastAttempt answers.
func WithAttempts(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptsKey{}, new(attempts))
}

// LastAttempt is the error of the last try under ctx, nil if that succeeded.
func LastAttempt(ctx context.Context) error {
	if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok {
		if last := a.last.Load(); last != nil {
			return *last
		}
	}
	return nil
}

// rememberAttempts adds the middleware inside the retry loop.
func rememberAttempts(stack *middleware.Stack) error {
	m := middleware.FinalizeMiddlewareFunc("RememberAttempts", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleFinalize(ctx, in)
		if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok {
			if err == nil {
				a.last.Store(nil)
			} else if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
				a.last.Store(&err)
			}
		}
		return out, metadata, err
	})
	return stack.Finalize.Insert(m, "Retry", middleware.After)
}
