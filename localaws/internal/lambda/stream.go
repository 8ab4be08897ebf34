package lambda

import (
	"encoding/json"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxStream is the quota of a streamed response, in bytes.
//
// Source: Lambda developer guide, gettingstarted-limits.
const maxStream = 200 << 20

// stream is the answer to InvokeWithResponseStream: an event for each piece of the
// response, as it comes, and one at the end. A client that goes away does not end
// the invocation.
//
// AWS's page says that a runtime must announce the mode by a header. AWS's own for
// Go, aws-lambda-go, doesn't, and its responses stream: here any does.
//
// Source: Lambda developer guide, runtimes-custom and configuration-response-streaming;
// Lambda API reference, InvokeWithResponseStream; Smithy, Amazon Event Stream.
type stream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	begun   bool
	ended   bool // a process that is late must not write behind the end
	encoder *eventstream.Encoder
}

func (s *Service) serveStream(w http.ResponseWriter, r *http.Request, c api.Call) error {
	f, v, err := s.invocationOf(r, c, maxPayload)
	if err != nil {
		return err
	}
	switch kind := r.Header.Get("X-Amz-Invocation-Type"); kind {
	case "", "RequestResponse":
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
		return nil
	default:
		return invalid("X-Amz-Invocation-Type %q is not RequestResponse or DryRun", kind)
	}
	v.stream = &stream{w: w, encoder: eventstream.NewEncoder()}
	out, err := s.run(f, v)
	if err != nil {
		return err // before the function was invoked
	}
	v.stream.end(out, r.Header.Get("X-Amz-Log-Type") == "Tail")
	return nil
}

// chunk sends a piece of the response.
func (s *stream) chunk(p []byte) { s.event("PayloadChunk", "application/octet-stream", p, false) }

// completed is the last event.
type completed struct {
	ErrorCode, ErrorDetails, LogResult string `json:",omitempty"`
}

// end sends the last event. Which of its members has what of an error, no page
// says: here the code is the error's type, and the details are its body.
func (s *stream) end(out result, tail bool) {
	var last completed
	if out.failed {
		last.ErrorCode, last.ErrorDetails = out.errorType, string(out.payload)
	}
	if tail {
		last.LogResult = out.tail()
	}
	text, _ := json.Marshal(last)
	s.event("InvokeComplete", "application/json", text, true)
}

func (s *stream) event(name, contentType string, payload []byte, last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.ended = last
	if !s.begun {
		s.begun = true
		s.w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		s.w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	}
	m := eventstream.Message{Payload: payload}
	for _, h := range [][2]string{{":message-type", "event"}, {":event-type", name}, {":content-type", contentType}} {
		m.Headers.Set(h[0], eventstream.StringValue(h[1]))
	}
	// A client that is gone needs no answer.
	_ = s.encoder.Encode(s.w, m)
	_ = http.NewResponseController(s.w).Flush()
}
