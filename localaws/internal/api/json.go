package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// JSONService answers the operations of a table in the AWS JSON protocol.
//
// Source: Smithy, AWS JSON 1.0 and 1.1 protocols.
type JSONService struct {
	Target  string // stands before the dot in X-Amz-Target: "TrentService"
	Prefix  string // of the service's IAM actions: "kms"
	Version string // of the protocol; "" is 1.1
	// MaxRequest bounds a request body, in bytes; 0 is maxJSONRequest.
	MaxRequest int64
	// QueryCodes are the codes that errors had in the query protocol, of a service
	// that spoke it before: its clients read them in a header.
	//
	// Source: Smithy, awsQueryCompatible trait.
	QueryCodes map[string]string
	Table      map[string]JSONOperation
}

// JSONOperation is one operation of a service that speaks AWS JSON: it gets
// the request body and returns the value of the response body.
type JSONOperation func(c Call, input io.Reader) (any, error)

// JSON makes an operation of a function from an input to an output structure.
// Input members that In has no field for are refused by name.
func JSON[In, Out any](f func(Call, In) (Out, error)) JSONOperation {
	return func(c Call, input io.Reader) (any, error) {
		var in In
		if err := DecodeJSON(input, &in); err != nil {
			return nil, err
		}
		return f(c, in)
	}
}

// maxJSONRequest bounds a request body, in bytes. The largest request of these
// services holds a secret value or a policy of at most 64 KiB.
const maxJSONRequest = 1 << 20

// Serve implements Service.
func (s JSONService) Serve(w http.ResponseWriter, r *http.Request, c Call) {
	output, err := s.answer(w, r, c)
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	c.Trace.Answered(s.Prefix+":"+name, err)
	if err != nil {
		x := AsError(err)
		if s.QueryCodes != nil {
			fault := "Sender"
			if x.Status >= http.StatusInternalServerError {
				fault = "Receiver"
			}
			w.Header().Set("X-Amzn-Query-Error", cmp.Or(s.QueryCodes[x.Code], x.Code)+";"+fault)
		}
		writeJSONError(w, cmp.Or(s.Version, "1.1"), x)
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-"+cmp.Or(s.Version, "1.1"))
	_ = json.NewEncoder(w).Encode(output)
}

func (s JSONService) answer(w http.ResponseWriter, r *http.Request, c Call) (any, error) {
	target := r.Header.Get("X-Amz-Target")
	name, ok := strings.CutPrefix(target, s.Target+".")
	if !ok || name == "" {
		return nil, Errorf(http.StatusBadRequest, "UnknownOperationException",
			"X-Amz-Target %q names no operation of %s", target, s.Target)
	}
	operation, ok := s.Table[name]
	if !ok {
		return nil, Errorf(http.StatusBadRequest, "UnknownOperationException",
			"the local AWS has no operation %s:%s", s.Prefix, name)
	}
	return operation(c, http.MaxBytesReader(w, r.Body, cmp.Or(s.MaxRequest, maxJSONRequest)))
}

// Operations implements Service.
func (s JSONService) Operations() []string { return names(s.Table) }

// DecodeJSON reads the members of a request body into v. A member that v has
// no field for is refused by name, so that none is dropped silently.
func DecodeJSON(body io.Reader, v any) error {
	b, err := io.ReadAll(body)
	if err != nil {
		return Errorf(http.StatusBadRequest, "SerializationException", "reading the body: %v", err)
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return Errorf(http.StatusBadRequest, "ValidationException",
				"the local AWS does not know the member %s; it never drops one silently", name)
		}
		return Errorf(http.StatusBadRequest, "SerializationException", "%v", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Errorf(http.StatusBadRequest, "SerializationException", "the body goes on after its JSON object")
	}
	return nil
}

// WriteJSONError writes err in the form of the JSON 1.1 protocol. An err that
// is no *Error is answered as InternalFailure.
func WriteJSONError(w http.ResponseWriter, err error) { writeJSONError(w, "1.1", AsError(err)) }

func writeJSONError(w http.ResponseWriter, version string, x *Error) {
	body := map[string]string{"__type": x.Code, "message": x.Message}
	for k, v := range x.Detail {
		body[k] = v
	}
	w.Header().Set("Content-Type", "application/x-amz-json-"+version)
	w.WriteHeader(x.Status)
	_ = json.NewEncoder(w).Encode(body)
}

// EpochSeconds is a time as AWS JSON writes it, to the millisecond.
func EpochSeconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
