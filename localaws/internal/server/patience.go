package server

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// patience is how long a client may send or accept nothing in the middle of a
// request. That S3 closes such connections is documented, after how long is not.
//
// Source: S3 developer guide, ErrorResponses (RequestTimeout).
const patience = time.Minute

// waiting puts a new deadline before each read and write of a request: a long
// upload goes on as long as it goes on. The request is a copy: in its own the HTTP
// server looks how much of the body is left.
func (s *Server) waiting(w http.ResponseWriter, r *http.Request) (http.ResponseWriter, *http.Request) {
	limit := s.options.Patience
	if limit == 0 {
		limit = patience
	}
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // that of the connection's former request
	if r.Body != http.NoBody {
		r = r.WithContext(r.Context())
		r.Body = &waitingBody{r.Body, control, limit}
		// For a body that no service reads: the server reads a part of it.
		_ = control.SetReadDeadline(time.Now().Add(limit))
	}
	return &waitingWriter{w, control, limit}, r
}

type waitingBody struct {
	io.ReadCloser
	control *http.ResponseController
	limit   time.Duration
}

func (b *waitingBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(b.limit))
	n, err := b.ReadCloser.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		// The server goes on reading, to see a client that goes away: with
		// the deadline, it would take a slow answer for that.
		_ = b.control.SetReadDeadline(time.Time{})
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = api.Errorf(400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.")
	}
	return n, err
}

type waitingWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

func (w *waitingWriter) Write(p []byte) (int, error) {
	_ = w.control.SetWriteDeadline(time.Now().Add(w.limit))
	return w.ResponseWriter.Write(p)
}

func (w *waitingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
