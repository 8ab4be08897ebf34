package lambda

import (
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// operations are all that there are; any other is refused by name.
//
// Source: Lambda API reference, the pages of these names.
func (s *Service) operations() map[string]api.RESTOperation {
	return map[string]api.RESTOperation{
		"CreateEventSourceMapping": {Route: "POST /2015-03-31/event-source-mappings", Serve: s.serveCreateMapping},
		"DeleteEventSourceMapping": {Route: "DELETE /2015-03-31/event-source-mappings/{UUID}", Serve: onMapping(s.deleteMapping)},
		"GetEventSourceMapping":    {Route: "GET /2015-03-31/event-source-mappings/{UUID}", Serve: onMapping(s.getMapping)},
		"ListEventSourceMappings":  {Route: "GET /2015-03-31/event-source-mappings", Serve: s.serveListMappings},
		"UpdateEventSourceMapping": {Route: "PUT /2015-03-31/event-source-mappings/{UUID}", Serve: s.serveUpdateMapping},
		"GetFunction":              {Route: "GET /2015-03-31/functions/{FunctionName}", Serve: get(s.read("GetFunction", (*function).get))},
		"GetFunctionConcurrency":   {Route: "GET /2019-09-30/functions/{FunctionName}/concurrency", Serve: get(s.read("GetFunctionConcurrency", (*function).getConcurrency))},
		"GetFunctionConfiguration": {Route: "GET /2015-03-31/functions/{FunctionName}/configuration", Serve: get(s.read("GetFunctionConfiguration", (*function).getConfiguration))},
		"GetPolicy":                {Route: "GET /2015-03-31/functions/{FunctionName}/policy", Serve: get(s.read("GetPolicy", (*function).getPolicy))},
		"Invoke":                   {Route: "POST /2015-03-31/functions/{FunctionName}/invocations", Serve: s.serveInvoke},
		"InvokeWithResponseStream": {Route: "POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations", Serve: s.serveStream},
		"ListFunctions":            {Route: "GET /2015-03-31/functions", Serve: get(s.listFunctions)},
	}
}

// get serves an operation that answers with a value. Invoke, which answers
// with the function's own bytes, is none.
func get(f func(c api.Call, function string) (any, error)) func(http.ResponseWriter, *http.Request, api.Call) error {
	return func(w http.ResponseWriter, r *http.Request, c api.Call) error {
		out, err := f(c, functionName(r))
		if err == nil {
			api.WriteREST(w, http.StatusOK, out)
		}
		return err
	}
}

// functionName is the function that a request names, with its qualifier.
func functionName(r *http.Request) string {
	name := r.PathValue("FunctionName")
	if q := r.URL.Query().Get("Qualifier"); q != "" {
		name += ":" + q
	}
	return name
}
