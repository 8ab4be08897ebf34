package object

import (
	"context"
	"encoding/json"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/s3seal/s3seal/internal/function"
)

// maxStream is the most that a function streams, in bytes.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
const maxStream = 200_000_000

// A StreamHandler is what lambda.Start runs for response streaming. The library
// streams what is an io.Reader. It reads the event with encoding/json, so one
// that is no JSON has no Type; but Lambda refuses such an event itself.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html,
// InvalidRequestContentException
type StreamHandler func(context.Context, json.RawMessage) (*Stream, error)

// NewStreamHandler returns the function that streams objects.
func NewStreamHandler() StreamHandler { return newHandler("stream", nil).stream }

// stream answers one event, which is a get's.
func (h *Handler) stream(ctx context.Context, event json.RawMessage) (*Stream, error) {
	ctx, end := h.metrics.Begin(ctx)
	// Not function.Answer, which ends the context: the body is read after this.
	ctx, cancel := function.Context(ctx)
	stream, err := h.startStream(ctx, event)
	if err != nil {
		err = function.Failure(ctx, counted(ctx, err))
		cancel()
		end()
		return nil, err
	}
	stream.end = func() {
		cancel()
		end()
	}
	return stream, nil
}

func (h *Handler) startStream(ctx context.Context, event json.RawMessage) (*Stream, error) {
	if h.err != nil {
		return nil, h.err
	}
	r, err := readGetEvent(event)
	if err != nil {
		return nil, err
	}
	o, err := h.store.openObject(ctx, r)
	if err != nil {
		return nil, err
	}
	described := h.store.describe(o)
	if described.Size > h.store.maxStream {
		o.Body.Close()
		return nil, function.Errorf(function.PayloadTooLarge, nil, `the object has %d bytes, and a function streams at most %d: read it in parts with "range", or by a presigned URL`, described.Size, h.store.maxStream)
	}
	h.store.logDone(ctx, "stream", &described)
	return &Stream{ctx: ctx, body: o.Body, contentType: aws.ToString(o.ContentType)}, nil
}

// A Stream is the body of an object. It has no exported field: the library would
// answer these as JSON.
type Stream struct {
	ctx         context.Context
	end         func()
	body        io.ReadCloser
	contentType string
}

// Read reads from the body. The library sends the failure of a body that breaks
// after what was sent already, in the trailers of the answer.
func (s *Stream) Read(p []byte) (int, error) {
	n, err := 0, s.ctx.Err() // which the body learns of some time later
	if err == nil {
		n, err = s.body.Read(p)
	}
	if err != nil && err != io.EOF {
		failed := function.Classify(s.ctx, "reading the object's body", err)
		if s.ctx.Err() == nil {
			failed = function.Errorf(function.Unavailable, err, "reading the object's body: the connection broke, or the checksum is wrong")
		}
		return n, function.Failure(s.ctx, counted(s.ctx, failed))
	}
	return n, err
}

// Close ends the download.
func (s *Stream) Close() error {
	defer s.end()
	return s.body.Close()
}

// ContentType is that of the answer.
func (s *Stream) ContentType() string { return s.contentType }
