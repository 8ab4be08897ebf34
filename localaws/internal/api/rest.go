package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
)

// RESTService answers the operations of a table in the REST JSON protocol.
// Beside JSON and the query protocol it is the third; S3 alone, whose REST is
// in XML and chooses an operation by query parameters, has its own.
//
// Source: Smithy, AWS REST JSON 1 protocol.
type RESTService struct {
	operations []string
	mux        *http.ServeMux
}

// RESTOperation is one operation of a service that speaks REST JSON. It writes
// its answer, or gives an error and has written nothing.
type RESTOperation struct {
	Route string // a pattern of http.ServeMux: "GET /2015-03-31/functions/{FunctionName}"
	Serve func(w http.ResponseWriter, r *http.Request, c Call) error
}

// NewRESTService serves the operations of a table by name. service stands in
// the refusal of every other.
func NewRESTService(service string, table map[string]RESTOperation) RESTService {
	s := RESTService{operations: names(table), mux: http.NewServeMux()}
	handle := func(route, operation string, serve func(w http.ResponseWriter, r *http.Request, c Call) error) {
		s.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
			c, _ := r.Context().Value(callKey{}).(Call)
			err := serve(w, r, c)
			c.Trace.Answered(operation, err)
			if err != nil {
				WriteRESTError(w, err)
			}
		})
	}
	handle("/", "", func(_ http.ResponseWriter, r *http.Request, _ Call) error {
		return Errorf(http.StatusNotFound, "UnknownOperationException",
			"the local AWS does not know the %s operation %s %s", service, r.Method, r.URL.Path)
	})
	for name, o := range table {
		handle(o.Route, strings.ToLower(service)+":"+name, o.Serve)
	}
	return s
}

// callKey is where a request's context has its Call on the way through mux.
type callKey struct{}

// Serve implements Service.
func (s RESTService) Serve(w http.ResponseWriter, r *http.Request, c Call) {
	r = r.Clone(context.WithValue(r.Context(), callKey{}, c))
	r.URL.Path = strings.TrimSuffix(r.URL.Path, "/") // some SDKs write one
	r.URL.RawPath = strings.TrimSuffix(r.URL.RawPath, "/")
	s.mux.ServeHTTP(w, r)
}

// Operations implements Service.
func (s RESTService) Operations() []string { return s.operations }

// WriteREST writes the answer to an operation of the REST JSON protocol.
func WriteREST(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// WriteRESTError writes err as the REST JSON protocol does: the code is in a
// header, the body has the message.
func WriteRESTError(w http.ResponseWriter, err error) {
	e := AsError(err)
	body := map[string]string{"Type": "User", "message": e.Message}
	if e.Status >= 500 {
		body["Type"] = "Service"
	}
	maps.Copy(body, e.Detail)
	w.Header().Set("X-Amzn-ErrorType", e.Code)
	WriteREST(w, e.Status, body)
}
