package lambda

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// runtimeAPI is what the bootstrap talks to.
//
// Source: Lambda developer guide, runtimes-api (version 2018-06-01).
func (b *sandbox) runtimeAPI() http.Handler {
	const root = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"invocation/next", b.serveNext)
	mux.HandleFunc("POST "+root+"invocation/{id}/response", b.serveResponse)
	mux.HandleFunc("POST "+root+"invocation/{id}/error", b.serveError)
	mux.HandleFunc("POST "+root+"init/error", b.serveError)
	return mux
}

func (b *sandbox) serveNext(w http.ResponseWriter, r *http.Request) {
	select {
	case b.asking <- struct{}{}:
	default:
	}
	select {
	case v := <-b.next:
		b.current.Store(v)
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", v.requestID)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(v.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", b.function.arn)
		h.Set("Lambda-Runtime-Trace-Id", v.trace)
		if v.clientContext != "" {
			h.Set("Lambda-Runtime-Client-Context", v.clientContext)
		}
		_, _ = w.Write(v.payload)
	case <-r.Context().Done():
	case <-b.ctx.Done():
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// maxPayload is the quota of a synchronous request and of a response, in
// bytes.
//
// Source: Lambda developer guide, gettingstarted-limits.
const maxPayload = 6 << 20

func (b *sandbox) serveResponse(w http.ResponseWriter, r *http.Request) {
	o := outcome{requestID: r.PathValue("id")}
	limit, keep := int64(maxPayload), func(p []byte) { o.payload = append(o.payload, p...) }
	if v := b.current.Load(); v != nil && v.stream != nil && v.requestID == o.requestID {
		limit, keep = maxStream, v.stream.chunk
	}
	n, err := read(r.Body, limit, keep)
	if err != nil {
		return // the process is gone, or has broken off its response
	}
	status := http.StatusAccepted
	switch {
	case n > limit:
		o.fail("Function.ResponseSizeTooLarge", fmt.Sprintf("Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes).", n, limit))
		status = http.StatusRequestEntityTooLarge
	case r.Trailer.Get("Lambda-Runtime-Function-Error-Type") != "": // a stream that broke
		o.failed, o.errorType = true, r.Trailer.Get("Lambda-Runtime-Function-Error-Type")
		o.payload, _ = base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body"))
	}
	b.take(w, o, status)
}

// read reads a response to its end, and hands what is within the limit on as it
// comes. n is how long it is.
func read(body io.Reader, limit int64, keep func([]byte)) (n int64, err error) {
	p := make([]byte, 64<<10)
	for {
		m, err := body.Read(p)
		if room := limit - n; room > 0 && m > 0 {
			keep(p[:min(int64(m), room)])
		}
		n += int64(m)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func (b *sandbox) serveError(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload))
	if err != nil {
		return
	}
	o := outcome{requestID: r.PathValue("id"), payload: body, failed: true}
	var e struct {
		ErrorType string `json:"errorType"`
	}
	if json.Unmarshal(body, &e) == nil { // a body in another form has no type to show
		o.errorType = e.ErrorType
	}
	b.take(w, o, http.StatusAccepted)
}

// take passes an outcome on; a second one for the same invocation is refused.
func (b *sandbox) take(w http.ResponseWriter, o outcome, status int) {
	select {
	case b.outcomes <- o:
	default:
		status = http.StatusForbidden
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status == http.StatusAccepted {
		_, _ = io.WriteString(w, `{"status":"OK"}`+"\n")
		return
	}
	_, _ = io.WriteString(w, `{"errorMessage":"the outcome was not accepted","errorType":"InvalidStateTransition"}`+"\n")
}

// fail makes the outcome an error of the service's own.
func (o *outcome) fail(errorType, message string) {
	o.failed, o.errorType = true, errorType
	o.payload, _ = json.Marshal(map[string]string{"errorType": errorType, "errorMessage": message})
}
