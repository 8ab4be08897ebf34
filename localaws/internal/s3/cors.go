package s3

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// preflight answers OPTIONS, with which a browser asks whether a page of another
// origin may send a request. It has no credentials, and nothing but the bucket's
// rules decides it.
//
// Source: S3 API reference, RESTOPTIONSobject; S3 user guide,
// cors-troubleshooting.
func (s *Service) preflight(rq *request) error {
	rq.Operation = "PreflightRequest"
	b, err := s.find(rq.Bucket)
	if err != nil {
		return err
	}
	rq.BucketOwner = b.account
	origin, method := rq.header("Origin"), rq.header("Access-Control-Request-Method")
	if origin == "" {
		return api.Errorf(400, "BadRequest", "Insufficient information. Origin request header needed.")
	}
	if method == "" {
		return api.Errorf(400, "BadRequest", "Invalid Access-Control-Request-Method: null")
	}
	var headers []string
	for name := range strings.SplitSeq(rq.header("Access-Control-Request-Headers"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			headers = append(headers, strings.ToLower(name))
		}
	}
	rules := b.settings().CORS
	if rules == nil {
		return originRefused(rq, "CORSResponse: CORS is not enabled for this bucket.", method)
	}
	r := rules.Match(origin, method, headers)
	if r == nil {
		return originRefused(rq, "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.", method)
	}
	rq.allowOrigin(r, origin, method)
	if len(headers) > 0 {
		rq.w.Header().Set("Access-Control-Allow-Headers", strings.Join(headers, ", "))
	}
	return rq.done(http.StatusOK)
}

func originRefused(rq *request, message, method string) error {
	kind := "BUCKET"
	if rq.Key != "" {
		kind = "OBJECT"
	}
	return fault.With(api.Errorf(403, "AccessForbidden", "%s", message), "Method", method, "ResourceType", kind)
}

// crossOrigin tells the browser that a page may read the answer of this request,
// whatever it will be. Without the headers, the browser keeps it from the page.
func (rq *request) crossOrigin(b *bucket) {
	origin := rq.header("Origin")
	if origin == "" {
		return
	}
	method := rq.Request.Method
	if asked := rq.header("Access-Control-Request-Method"); asked != "" {
		method = asked
	}
	if r := b.settings().CORS.Match(origin, method, nil); r != nil {
		rq.allowOrigin(r, origin, method)
	}
}

// allowOrigin sets the headers that S3's pages show. S3 is known to send
// Access-Control-Allow-Credentials too, which they don't mention: a browser that
// misses it is stricter.
func (rq *request) allowOrigin(r *configuration.CORSRule, origin, method string) {
	h := rq.w.Header()
	if r.AnyOrigin() {
		origin = "*"
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Methods", method)
	if len(r.ExposeHeaders) > 0 {
		h.Set("Access-Control-Expose-Headers", strings.Join(r.ExposeHeaders, ", "))
	}
	if r.MaxAgeSeconds != nil {
		h.Set("Access-Control-Max-Age", strconv.Itoa(*r.MaxAgeSeconds))
	}
	h.Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
}
