package object

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/s3seal/s3seal/internal/function"
)

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
	store, err := open(os.Getenv, log)
	return &Handler{store, err, invoke}
}

func invokePut(ctx context.Context, s *Store, payload []byte) ([]byte, error) {
	r, err := s.readPutEvent(payload)
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
	return function.Answer(ctx, func(ctx context.Context) ([]byte, error) {
		if h.err != nil {
			return nil, h.err
		}
		return h.invoke(ctx, h.store, payload)
	})
}
