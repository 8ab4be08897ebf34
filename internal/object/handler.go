package object

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
)

// A Handler is what lambda.Start runs.
type Handler struct {
	store  *Store
	err    error // of open; every invocation answers it
	invoke func(context.Context, *Store, []byte) ([]byte, error)

	metrics *metric.Writer // nil without METRICS
}

// NewPutHandler returns the function that puts objects.
func NewPutHandler() *Handler { return newHandler("put", invokePut) }

// NewGetHandler returns the function that gets objects.
func NewGetHandler() *Handler { return newHandler("get", invokeGet) }

// NewHeadHandler returns the function that looks at objects.
func NewHeadHandler() *Handler { return newHandler("head", answering((*Store).Head)) }

// NewListHandler returns the function that lists objects.
func NewListHandler() *Handler { return newHandler("list", answering((*Store).List)) }

// NewDeleteHandler returns the function that deletes objects.
func NewDeleteHandler() *Handler { return newHandler("delete", answering((*Store).Delete)) }

// NewCopyHandler returns the function that copies objects.
func NewCopyHandler() *Handler { return newHandler("copy", answering((*Store).Copy)) }

// NewPresignHandler returns the function that signs URLs.
func NewPresignHandler() *Handler { return newHandler("presign", answering((*Store).Presign)) }

// answering reads an event, does what it asks for, and answers the result.
func answering[Request, Result any](do func(*Store, context.Context, Request) (Result, error)) func(context.Context, *Store, []byte) ([]byte, error) {
	return func(ctx context.Context, s *Store, payload []byte) ([]byte, error) {
		var r Request
		if err := function.ReadEvent(payload, &r); err != nil {
			return nil, err
		}
		result, err := do(s, ctx, r)
		if err != nil {
			return nil, err
		}
		out, err := marshal(result)
		if len(out) > maxAnswer {
			return nil, function.Errorf(function.PayloadTooLarge, nil, "the answer has %d bytes, and a function answers at most %d: ask for less (maxKeys)", len(out), maxAnswer)
		}
		return out, err
	}
}

// newHandler opens the store of the process's environment for a verb. A failure becomes the
// answer to every invocation. If it ended the process, Lambda would report only
// Runtime.ExitError.
func newHandler(verb string, invoke func(context.Context, *Store, []byte) ([]byte, error)) *Handler {
	log := lambdacontext.NewLogger()
	store, err := open(os.Getenv, log)
	return &Handler{store, err, invoke, metric.FromEnvironment(os.Getenv, os.Stdout, metric.Dimension{Name: "Verb", Value: verb})}
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
	metric.Add(ctx, metric.Bytes, float64(o.Size))
	s.logObject(ctx, what, o)
}

// logObject is logDone of what moves no body.
func (s *Store) logObject(ctx context.Context, what string, o *Object) {
	s.log.InfoContext(ctx, what, "key", o.Key, "versionId", o.VersionID, "encryption", o.Name, "keyId", o.KeyID, "size", o.Size)
}

// Invoke answers one event.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, end := h.metrics.Begin(ctx)
	defer end()
	return function.Answer(ctx, func(ctx context.Context) ([]byte, error) {
		if h.err != nil {
			return nil, counted(ctx, h.err)
		}
		return h.answer(ctx, payload)
	})
}

// counted is err as a failure that is counted among the metrics.
func counted(ctx context.Context, err error) error {
	e := function.Classify(ctx, "answering the event", err)
	metric.Fail(ctx, string(e.Type))
	return e
}
