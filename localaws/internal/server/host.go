package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// checkHost refuses a request for S3 that names its bucket in the host. Its path
// would be read as another bucket and key. An address, localhost, and S3's own
// names are hosts of path-style requests.
//
// Source: S3 user guide, VirtualHosting; S3 developer guide, ErrorResponses
// (InvalidHostHeader).
func (s *Server) checkHost(r *http.Request) *refusal {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "localhost" || strings.HasPrefix(host, "s3.") {
		return nil
	}
	return &refusal{fault: virtualHost, message: "the local AWS has path-style addresses only, such as " + s.URL() +
		"/BUCKET/KEY, and this request's host is " + host + ": tell the client to use path style"}
}
