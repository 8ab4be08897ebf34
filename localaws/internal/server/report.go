package server

import (
	"cmp"
	"fmt"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// answer is what goes out for one request.
type answer struct {
	http.ResponseWriter
	status int // 0: nothing is out yet
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// conclude is deferred: it tells the log of a request that was refused, or whose
// handler panicked. That one gets an error as its answer, and the server goes on.
func (s *Server) conclude(a *answer, r *http.Request, c *api.Call) {
	v := recover()
	if v == nil {
		s.report(a, r, *c)
		return
	}
	if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		panic(v)
	}
	s.options.Log.Panic(v, "request "+c.RequestID)
	if a.status != 0 {
		panic(http.ErrAbortHandler) // the client sees that the answer was cut off
	}
	service := guessService(r)
	if auth, _ := parseAuthorization(r, c.Time); auth != nil && auth.service != "" {
		service = auth.service
	}
	clear(a.Header()) // they were of another answer
	refuse(a, r, protocolOf(service, r), *c, &refusal{fault: broken})
	s.report(a, r, *c)
}

// report writes one entry for a call that was refused, with what the policies
// denied beneath. Some calls succeed in spite of a denial, such as a DeleteObjects
// of which some keys may not be deleted.
func (s *Server) report(a *answer, r *http.Request, c api.Call) {
	operation, resource, fail := c.Trace.End()
	denials := c.Trace.Denials()
	refused := fail != nil && fail.Status >= http.StatusBadRequest && !fail.Routine
	if !refused && len(denials) == 0 {
		return
	}
	verdict := fmt.Sprintf("%d in part:", cmp.Or(a.status, http.StatusOK))
	if refused {
		verdict = fmt.Sprintf("%d %s:", fail.Status, fail.Code)
		if len(denials) == 0 && fail.Message != "" { // they say it better than the message
			denials = []string{fail.Message}
		}
		if fail.Cause != "" {
			denials = append(denials, fail.Cause)
		}
	}
	// The query is left out: it may have a signature.
	what := cmp.Or(operation, r.Header.Get("X-Amz-Target"), r.Method+" "+r.URL.Path)
	if resource = cmp.Or(resource, r.URL.Path); resource != "/" && operation != "" {
		what += " on " + resource
	}
	s.options.Log.Entry(fmt.Sprintf("%s %s by %s, request %s", verdict, what, s.caller(r, c), c.RequestID), denials...)
}

// caller is who made the call, or which key the call claims to have been signed
// with.
func (s *Server) caller(r *http.Request, c api.Call) string {
	if c.Account == "" {
		if auth, _ := parseAuthorization(r, c.Time); auth != nil && auth.accessKey != "" {
			return fmt.Sprintf("access key %q, not verified", auth.accessKey)
		}
	}
	return cmp.Or(c.Trace.Signer(), c.Caller.String())
}
