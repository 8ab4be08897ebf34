package s3

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/document"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// request is one request on its way through a handler, which fills in what is
// told of it at the end.
type request struct {
	Finished
	w     *responseWriter
	query url.Values
}

// Finished is what is known of a request when its answer is out.
type Finished struct {
	Call        api.Call
	Request     *http.Request // the body is spent
	Operation   string        // "PutObject"; "" if none was found
	Bucket, Key string        // "" where the path has none
	BucketOwner string        // account; "" if there is no such bucket
	VersionID   string
	Status      int
	ErrorCode   string // "" on success
	BytesSent   int64
	ObjectSize  int64 // of the object read or written
	Started     time.Time
}

func newRequest(w http.ResponseWriter, r *http.Request, c api.Call) *request {
	rq := &request{w: &responseWriter{ResponseWriter: w}, query: r.URL.Query(), Finished: Finished{Call: c, Request: r, Started: c.Time}}
	rq.Bucket, rq.Key, _ = strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return rq
}

func (rq *request) header(name string) string { return rq.Request.Header.Get(name) }

// has says whether the request carries the header, even an empty one.
func (rq *request) has(name string) bool {
	_, ok := rq.Request.Header[http.CanonicalHeaderKey(name)]
	return ok
}

// customerKey reads the SSE-C headers that begin with prefix.
func (rq *request) customerKey(prefix string) (*sse.CustomerKey, error) {
	return sse.ReadCustomerKey(rq.Request.Header, prefix, rq.Call.Secure)
}

func (rq *request) finished() Finished {
	f := rq.Finished
	f.Status, f.BytesSent = cmp.Or(rq.w.status, http.StatusOK), rq.w.sent
	return f
}

// responseWriter counts what goes out.
type responseWriter struct {
	http.ResponseWriter
	status int
	sent   int64
}

func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *responseWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}

// namespace of S3's documents.
const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// maxDocument is the longest request document that is read, in bytes: the
// largest one, a DeleteObjects of 1,000 keys of 1,024 bytes, is smaller.
const maxDocument = 2 << 20

// text reads a whole request document.
func (rq *request) text() ([]byte, error) {
	return payload.ReadAll(rq.Request, maxDocument, payload.Options{})
}

// document reads the request's XML document into v.
func (rq *request) document(root string, v any) error {
	text, err := rq.text()
	if err != nil {
		return err
	}
	return document.Decode(text, root, v)
}
