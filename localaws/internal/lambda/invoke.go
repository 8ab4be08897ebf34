package lambda

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxAsynchronous is the quota of an asynchronous request, in bytes.
//
// Source: Lambda developer guide, gettingstarted-limits.
const maxAsynchronous = 1 << 20

// accountConcurrency is the default quota of concurrent executions of an
// account in a Region.
const accountConcurrency = 1000

// Invoke implements api.Functions.
func (s *Service) Invoke(c api.Call, name string, payload []byte) ([]byte, string, error) {
	f, err := s.authorized(c, "InvokeFunction", name)
	if err != nil {
		return nil, "", err
	}
	r, err := s.run(f, newInvocation(c.RequestID, payload))
	if err != nil {
		return nil, "", err
	}
	if r.failed {
		return r.payload, "Unhandled", nil
	}
	return r.payload, "", nil
}

// InvokeLater implements api.Functions.
func (s *Service) InvokeLater(c api.Call, name string, payload []byte) error {
	f, err := s.authorized(c, "InvokeFunction", name)
	if err != nil || payload == nil {
		return err
	}
	return s.later(f, newInvocation(c.RequestID, payload))
}

func newInvocation(requestID string, payload []byte) *invocation {
	if len(payload) == 0 {
		payload = []byte("{}") // what Lambda gives the function for no payload
	}
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails
	return &invocation{
		requestID: requestID, payload: payload,
		trace: fmt.Sprintf("Root=1-%x-%x;Parent=%x;Sampled=0", b[:4], b[4:16], b[12:20]),
	}
}

func (s *Service) serveInvoke(w http.ResponseWriter, r *http.Request, c api.Call) error {
	kind := r.Header.Get("X-Amz-Invocation-Type")
	limit := maxPayload
	if kind == "Event" {
		limit = maxAsynchronous
	}
	f, v, err := s.invocationOf(r, c, limit)
	if err != nil {
		return err
	}
	switch kind {
	case "", "RequestResponse":
		return s.answer(w, r, f, v)
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
	case "Event":
		if err := s.later(f, v); err != nil {
			return err
		}
		w.WriteHeader(http.StatusAccepted)
	default:
		return invalid("X-Amz-Invocation-Type %q is not RequestResponse, Event or DryRun", kind)
	}
	return nil
}

// invocationOf reads a request to invoke a function, which the caller must be
// allowed to.
func (s *Service) invocationOf(r *http.Request, c api.Call, limit int) (*function, *invocation, error) {
	f, err := s.authorized(c, "InvokeFunction", functionName(r))
	if err != nil {
		return nil, nil, err
	}
	payload, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	switch {
	case err != nil:
		return nil, nil, badContent("the payload could not be read: %v", err)
	case len(payload) > limit:
		return nil, nil, api.Errorf(http.StatusRequestEntityTooLarge, "RequestTooLargeException", "Request must be smaller than %d bytes for the InvokeFunction operation", limit)
	case len(payload) > 0 && !json.Valid(payload):
		return nil, nil, badContent("Could not parse request body into json: the payload is not valid JSON")
	}
	v := newInvocation(c.RequestID, payload)
	if given := r.Header.Get("X-Amzn-Trace-Id"); given != "" {
		v.trace = given
	}
	if context := r.Header.Get("X-Amz-Client-Context"); context != "" {
		decoded, err := base64.StdEncoding.DecodeString(context)
		if err != nil || !json.Valid(decoded) {
			return nil, nil, badContent("Client context must be a valid Base64-encoded JSON object.")
		}
		v.clientContext = string(decoded)
	}
	return f, v, nil
}

func badContent(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "InvalidRequestContentException", format, args...)
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, f *function, v *invocation) error {
	out, err := s.run(f, v)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Amz-Executed-Version", "$LATEST")
	if out.failed {
		h.Set("X-Amz-Function-Error", "Unhandled")
	}
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		h.Set("X-Amz-Log-Result", out.tail())
	}
	_, _ = w.Write(out.payload)
	return nil
}

// tail is the end of the log, as callers get it.
func (r result) tail() string {
	const kept = 4 << 10
	text := strings.Join(r.log, "\n") + "\n"
	return base64.StdEncoding.EncodeToString([]byte(text[max(0, len(text)-kept):]))
}

// later carries out an asynchronous invocation in the background, with up to
// two retries as Lambda's default. Lambda waits a minute or more before each;
// here they follow at once.
func (s *Service) later(f *function, v *invocation) error {
	if err := s.runnable(f); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return api.Errorf(http.StatusInternalServerError, "ServiceException", "the local AWS is closing")
	}
	s.work.Go(func() {
		_ = s.opt.Log.Guard("asynchronous invocation", func() error {
			for range 3 {
				if out, err := s.run(f, v); (err == nil && !out.failed) || s.ctx.Err() != nil {
					break
				}
			}
			return nil
		})
	})
	return nil
}

// run carries out an invocation in an idle sandbox or a new one, and writes
// its log.
func (s *Service) run(f *function, v *invocation) (result, error) {
	if err := s.runnable(f); err != nil {
		return result{}, err
	}
	b, now, err := s.acquire(f)
	if err != nil {
		s.publishThrottle(f, err)
		return result{}, err
	}
	defer s.work.Done()
	alive := false
	defer func() { s.release(f, b, alive) }() // also after a panic, or the function would be throttled in the end
	if b == nil {
		if b, err = s.start(now); err != nil {
			return result{}, err
		}
	}
	r, alive := b.invoke(s.ctx, v)
	s.publishInvocation(f, r)
	c := b.session
	c.RequestID, c.Time = api.UUID(), s.opt.Now()
	// A role that may not write logs leaves none, as in AWS.
	_ = s.opt.Logs.Put(c, now.configuration.LogGroup, b.stream, r.log)
	return r, nil
}

// acquire counts an invocation and reserves an idle sandbox of the function as it
// is now; nil if there is none.
func (s *Service) acquire(f *function) (*sandbox, snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, snapshot{}, api.Errorf(http.StatusInternalServerError, "ServiceException", "the local AWS is closing")
	}
	if r := f.configuration.Reserved; r != nil && f.running >= *r {
		return nil, snapshot{}, throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
	}
	all := 0
	for _, other := range s.functions {
		if other.account == f.account && other.region == f.region {
			all += other.running
		}
	}
	if all >= accountConcurrency {
		return nil, snapshot{}, throttled("ConcurrentInvocationLimitExceeded")
	}
	f.running++
	s.work.Add(1)
	now := snapshot{
		arn: f.arn, name: f.name, account: f.account, region: f.region,
		configuration: f.configuration, code: f.code, generation: f.generation,
	}
	for len(f.idle) > 0 {
		b := f.idle[len(f.idle)-1]
		f.idle = f.idle[:len(f.idle)-1]
		if b.usable(s.opt.Now()) {
			return b, now, nil
		}
		s.work.Go(b.end)
	}
	return nil, now, nil
}

// throttledCode is the code of an error that says that there is no room.
const throttledCode = "TooManyRequestsException"

func throttled(why string) error {
	e := api.Errorf(http.StatusTooManyRequests, throttledCode, "Rate Exceeded.")
	e.Detail = map[string]string{"Reason": why}
	return e
}

// release ends the count of an invocation, and keeps the sandbox if it can be
// used again.
func (s *Service) release(f *function, b *sandbox, alive bool) {
	s.mu.Lock()
	f.running--
	keep := alive && !s.closed && b.function.generation == f.generation
	if keep {
		f.idle = append(f.idle, b)
	}
	s.mu.Unlock()
	if b != nil && !keep {
		b.end()
	}
}
