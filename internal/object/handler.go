package object

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// reserve is how long before the function's timeout a call is given up, so that
// the caller gets a Timeout and not the process's end.
const reserve = 500 * time.Millisecond

// A Handler is what lambda.Start runs.
type Handler struct {
	store  *Store
	err    error // of open; every invocation answers it
	invoke func(context.Context, *Store, []byte) ([]byte, error)
}

// NewPutHandler returns the function that puts objects. Its event and answer
// are in the package comment.
func NewPutHandler() *Handler { return newHandler(invokePut) }

// NewGetHandler returns the function that gets objects. Its event and answer
// are in the package comment.
func NewGetHandler() *Handler { return newHandler(invokeGet) }

// newHandler opens the store of the process's environment. A failure becomes the
// answer to every invocation. If it ended the process, Lambda would report only
// Runtime.ExitError.
func newHandler(invoke func(context.Context, *Store, []byte) ([]byte, error)) *Handler {
	log := lambdacontext.NewLogger()
	store, err := open(context.Background(), os.Getenv, log)
	return &Handler{store, err, invoke}
}

func invokePut(ctx context.Context, s *Store, payload []byte) ([]byte, error) {
	r, err := readPutEvent(payload)
	if err != nil {
		return nil, err
	}
	result, err := s.Put(ctx, r)
	if err != nil {
		return nil, err
	}
	s.logDone(ctx, "put", result)
	return marshal(result)
}

func invokeGet(ctx context.Context, s *Store, payload []byte) ([]byte, error) {
	r, err := readGetEvent(payload)
	if err != nil {
		return nil, err
	}
	result, err := s.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	s.logDone(ctx, "get", &result.Object)
	return getAnswer(result, maxAnswer)
}

func (s *Store) logDone(ctx context.Context, what string, o *Object) {
	s.log.InfoContext(ctx, what, "key", o.Key, "versionId", o.VersionID, "encryption", o.Name, "keyId", o.KeyID, "size", o.Size)
}

// Invoke answers one event.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if h.err != nil {
		return nil, failure(ctx, h.err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-reserve))
		defer cancel()
	}
	ctx = withAttempts(ctx)
	out, err := h.invoke(ctx, h.store, payload)
	if err != nil {
		return nil, failure(ctx, err)
	}
	return out, nil
}

// failure is err as the Lambda runtime needs it: the errorType comes from an
// InvokeResponse_Error that is returned by value, otherwise from the Go type.
func failure(ctx context.Context, err error) error {
	e := classify(ctx, "answering the event", err)
	return messages.InvokeResponse_Error{Type: string(e.Type), Message: e.Text}
}
