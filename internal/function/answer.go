package function

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"github.com/s3seal/s3seal/internal/awsclient"
)

// Reserve is how long before the function's timeout a call is given up, so that
// the caller gets a Timeout and not the process's end.
const Reserve = 500 * time.Millisecond

// Context returns the context of an invocation's calls, which ends Reserve
// before that of the invocation does.
func Context(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = awsclient.WithAttempts(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, deadline.Add(-Reserve))
	}
	return context.WithCancel(ctx)
}

// Answer calls what answers an invocation, under its Context, and makes its error
// a Failure.
func Answer(ctx context.Context, answer func(context.Context) ([]byte, error)) ([]byte, error) {
	ctx, cancel := Context(ctx)
	defer cancel()
	out, err := answer(ctx)
	if err != nil {
		return nil, Failure(ctx, err)
	}
	return out, nil
}

// Failure is err as the Lambda runtime needs it: the errorType comes from an
// InvokeResponse_Error that is returned by value, otherwise from the Go type.
func Failure(ctx context.Context, err error) error {
	e := Classify(ctx, "answering the event", err)
	return messages.InvokeResponse_Error{Type: string(e.Type), Message: e.Text}
}
