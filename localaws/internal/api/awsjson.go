package api

import (
	"bytes"
	"net/http"
	"time"
)

// JSONOperation is one operation of a service that speaks AWS JSON 1.1: it
// takes the request body and gives the value of the response body.
type JSONOperation func(c Call, input []byte) (any, error)

// NewJSONOperation makes an operation of a function from an input to an output
// structure. Input members that In has no field for are refused by name.
func NewJSONOperation[In, Out any](f func(Call, In) (Out, error)) JSONOperation {
	return func(c Call, input []byte) (any, error) {
		var in In
		if err := DecodeJSON(bytes.NewReader(input), &in); err != nil {
			return nil, err
		}
		return f(c, in)
	}
}

// maxJSONRequest bounds a request body, in bytes. The largest request of these
// services holds a secret value or a policy of at most 64 KiB.
const maxJSONRequest = 1 << 20

// ServeJSON answers a request in the AWS JSON 1.1 protocol. prefix is what
// stands before the dot in X-Amz-Target ("TrentService"), service the name of
// the service in IAM actions ("kms").
func ServeJSON(w http.ResponseWriter, r *http.Request, c Call, prefix, service string, operations map[string]JSONOperation) {
	output, err := func() (any, error) {
		name, err := Operation(r, prefix)
		if err != nil {
			return nil, err
		}
		operation, ok := operations[name]
		if !ok {
			return nil, UnknownOperation(service, name)
		}
		var body bytes.Buffer
		if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxJSONRequest)); err != nil {
			return nil, Errorf(http.StatusBadRequest, "SerializationException", "reading the body: %v", err)
		}
		return operation(c, body.Bytes())
	}()
	if err != nil {
		WriteJSONError(w, err)
		return
	}
	WriteJSON(w, output)
}

// EpochSeconds is a time as AWS JSON writes it, to the millisecond.
func EpochSeconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
