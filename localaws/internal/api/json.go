package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Operation is the operation that a request of the JSON protocol names in
// X-Amz-Target after the service's prefix ("AmazonSSM", "TrentService"), or
// an UnknownOperationException.
//
// Source: Smithy, AWS JSON 1.1 protocol.
func Operation(r *http.Request, prefix string) (string, error) {
	target := r.Header.Get("X-Amz-Target")
	operation, ok := strings.CutPrefix(target, prefix+".")
	if !ok || operation == "" {
		return "", Errorf(http.StatusBadRequest, "UnknownOperationException",
			"X-Amz-Target %q names no operation of %s", target, prefix)
	}
	return operation, nil
}

// UnknownOperation refuses an operation of a JSON service that the local AWS
// does not have.
func UnknownOperation(service, operation string) *Error {
	return Errorf(http.StatusBadRequest, "UnknownOperationException",
		"the local AWS has no operation %s:%s", service, operation)
}

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

// WriteJSON writes the answer to an operation of the JSON 1.1 protocol.
func WriteJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(v)
}

// WriteJSONError writes err in the form of the JSON 1.1 protocol. An err that
// is no *Error is answered as InternalFailure.
func WriteJSONError(w http.ResponseWriter, err error) {
	x := AsError(err)
	body := map[string]string{"__type": x.Code, "message": x.Message}
	for k, v := range x.Detail {
		body[k] = v
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(x.Status)
	_ = json.NewEncoder(w).Encode(body)
}
