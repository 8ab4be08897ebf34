package api

import "net/http"

// Service answers the requests of one AWS service, in its wire protocol. The
// front door has authenticated the request: the Call says who makes it. The
// body has been read and its hash checked, except for S3's streaming uploads,
// which S3 decodes and checks itself.
type Service interface {
	Serve(w http.ResponseWriter, r *http.Request, c Call)
}
