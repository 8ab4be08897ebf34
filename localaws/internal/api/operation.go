package api

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// ProtocolService answers the operations of a table in each protocol that clients
// of the service speak, new ones and old: the query protocol, and if it has a
// target AWS JSON 1.0 and Smithy RPC v2 CBOR.
//
// Source: Smithy, AWS query, AWS JSON 1.0 and Smithy RPC v2 CBOR protocols.
type ProtocolService struct {
	Prefix    string // of the service's IAM actions: "cloudwatch"
	Namespace string // of the XML of the query protocol
	Target    string // of JSON and CBOR: "GraniteServiceVersion20100801"
	// QueryCodes are the codes that errors have in the query protocol, if others:
	// see JSONService.
	QueryCodes map[string]string
	Table      map[string]Operation
}

// Operation is one operation, whatever the protocol: decode reads the request
// into a structure.
type Operation func(c Call, decode func(any) error) (any, error)

// Op makes an operation of a function from an input to an output structure, whose
// fields are the members by their names in JSON. Input members that In has no
// field for are refused by name.
func Op[In, Out any](f func(Call, In) (Out, error)) Operation {
	return func(c Call, decode func(any) error) (any, error) {
		var in In
		if err := decode(&in); err != nil {
			return nil, err
		}
		return f(c, in)
	}
}

// Operations implements Service.
func (s ProtocolService) Operations() []string { return names(s.Table) }

// maxProtocolRequest bounds a request body, in bytes, also unpacked: PutMetricData
// has at most 1 MB.
const maxProtocolRequest = 2 << 20

// Serve implements Service.
func (s ProtocolService) Serve(w http.ResponseWriter, r *http.Request, c Call) {
	name, decode, write, err := s.read(w, r)
	var out any
	if err == nil {
		if operation, ok := s.Table[name]; ok {
			out, err = operation(c, decode)
		} else {
			err = Errorf(http.StatusBadRequest, cmp.Or(write.unknown, "InvalidAction"), "the local AWS has no operation %s:%s", s.Prefix, name)
		}
	}
	c.Trace.Answered(s.Prefix+":"+name, err)
	if err != nil {
		x := AsError(err)
		if s.Target != "" {
			w.Header().Set("X-Amzn-Query-Error", cmp.Or(s.QueryCodes[x.Code], x.Code)+";"+faultOf(x))
		}
		write.failure(w, c, x)
		return
	}
	write.success(w, c, name, out)
}

func faultOf(x *Error) string {
	if x.Status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// writer is how a protocol writes answers.
type writer struct {
	unknown string // the code for an operation that isn't there
	success func(w http.ResponseWriter, c Call, operation string, out any)
	failure func(w http.ResponseWriter, c Call, x *Error)
}

// read finds out the protocol and the operation, and how to read its input.
func (s ProtocolService) read(w http.ResponseWriter, r *http.Request) (name string, decode func(any) error, answer writer, err error) {
	switch {
	case s.Target != "" && IsCBOR(r):
		prefix := "/service/" + s.Target + "/operation/"
		name, _ = strings.CutPrefix(r.URL.Path, prefix)
		answer = cborWriter()
	case s.Target != "" && r.Header.Get("X-Amz-Target") != "":
		name, _ = strings.CutPrefix(r.Header.Get("X-Amz-Target"), s.Target+".")
		answer = jsonWriter()
	default:
		answer = s.queryWriter()
		f, err := ParseForm(r)
		if err != nil {
			return "", nil, answer, err
		}
		return f.Action(), f.decodeTree, answer, nil
	}
	body, err := unpacked(w, r)
	if err == nil && IsCBOR(r) {
		body, err = cborToJSON(body)
	}
	return name, func(v any) error { return DecodeJSON(bytes.NewReader(body), v) }, answer, err
}

// unpacked is the body of a request, which SDKs pack where it is long.
//
// Source: Smithy, requestCompression trait.
func unpacked(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	var body io.Reader = http.MaxBytesReader(w, r.Body, maxProtocolRequest)
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, Errorf(http.StatusBadRequest, "SerializationException", "the body is not what gzip packs: %v", err)
		}
		body = io.LimitReader(z, maxProtocolRequest+1)
	default:
		return nil, Errorf(http.StatusUnsupportedMediaType, "SerializationException", "the local AWS doesn't unpack Content-Encoding %s", encoding)
	}
	b, err := io.ReadAll(body)
	if err == nil && len(b) > maxProtocolRequest {
		err = errors.New("it is too large")
	}
	if err != nil {
		return nil, Errorf(http.StatusBadRequest, "SerializationException", "reading the body: %v", err)
	}
	return b, nil
}

func jsonWriter() writer {
	return writer{
		unknown: "UnknownOperationException",
		success: func(w http.ResponseWriter, _ Call, _ string, out any) {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			_ = json.NewEncoder(w).Encode(out)
		},
		failure: func(w http.ResponseWriter, _ Call, x *Error) { writeJSONError(w, "1.0", x) },
	}
}

func (s ProtocolService) queryWriter() writer {
	return writer{
		success: func(w http.ResponseWriter, c Call, operation string, out any) {
			WriteQuery(w, c.RequestID, s.Namespace, operation, queryTree{out})
		},
		failure: func(w http.ResponseWriter, c Call, x *Error) {
			y := *x
			y.Code = cmp.Or(s.QueryCodes[x.Code], x.Code)
			WriteQueryError(w, c.RequestID, s.Namespace, &y)
		},
	}
}

// IsCBOR says whether a request is one of Smithy RPC v2 CBOR.
func IsCBOR(r *http.Request) bool { return r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor" }

func cborWriter() writer {
	write := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/cbor")
		w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
		w.WriteHeader(status)
		b, _ := cbor.Marshal(v) // structures of ours, which it can write
		_, _ = w.Write(b)
	}
	return writer{
		unknown: "UnknownOperationException",
		success: func(w http.ResponseWriter, _ Call, _ string, out any) { write(w, http.StatusOK, out) },
		failure: func(w http.ResponseWriter, _ Call, x *Error) {
			write(w, x.Status, map[string]string{"__type": x.Code, "message": strings.ToValidUTF8(x.Message, "\uFFFD")}) // it may quote the request's path
		},
	}
}

// WriteCBORError writes err as the protocol does.
func WriteCBORError(w http.ResponseWriter, c Call, err error) {
	cborWriter().failure(w, c, AsError(err))
}

var cborReader, _ = cbor.DecOptions{
	DefaultMapType: reflect.TypeFor[map[string]any](), MaxNestedLevels: 16, IndefLength: cbor.IndefLengthAllowed,
	DupMapKey: cbor.DupMapKeyEnforcedAPF, MaxArrayElements: 1 << 17, MaxMapPairs: 1 << 17,
}.DecMode()

// cborToJSON rewrites a body, so that one decoder says what a member may be. Times
// become text, which Timestamp reads.
func cborToJSON(body []byte) ([]byte, error) {
	if len(body) == 0 {
		return body, nil
	}
	var v any
	err := cborReader.Unmarshal(body, &v)
	if err == nil {
		body, err = json.Marshal(v)
	}
	if err != nil {
		return nil, Errorf(http.StatusBadRequest, "SerializationException", "%v", err)
	}
	return body, nil
}
