package server

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// ServeHTTP answers a request and tells the log if it is refused.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := api.Call{
		Trace:     new(api.Trace),
		RequestID: api.UUID(),
		Time:      s.options.Now(),
		Region:    s.options.Regions[0],
		Secure:    r.TLS != nil,
		Caller:    iam.Anonymous(),
	}
	c.Context = requestKeys(r)
	a := &answer{ResponseWriter: w}
	defer s.conclude(a, r, &c)
	s.handle(a, r, &c)
}

// handle authenticates a request and hands it to its service.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, c *api.Call) {
	auth, fail := parseAuthorization(r)
	if fail != nil {
		refuse(w, r, protocolOf(guessService(r), r), *c, fail)
		return
	}
	if auth == nil {
		s.unsigned(w, r, *c)
		return
	}
	p := protocolOf(auth.service, r)
	if fail := s.checkScope(auth); fail != nil {
		refuse(w, r, p, *c, fail)
		return
	}
	r, fail = s.authenticate(w, r, auth, c)
	if fail != nil {
		refuse(w, r, p, *c, fail)
		return
	}
	service := s.options.Services[auth.service]
	if service == nil {
		refuse(w, r, p, *c, unknownService(auth.service))
		return
	}
	announce(w, p, c.RequestID)
	service.Serve(w, r, *c)
}

// unsigned serves an anonymous request, which only S3 has.
func (s *Server) unsigned(w http.ResponseWriter, r *http.Request, c api.Call) {
	name := guessService(r)
	p := protocolOf(name, r)
	service := s.options.Services["s3"]
	if name != "s3" || service == nil {
		refuse(w, r, p, c, &refusal{fault: missingSignature})
		return
	}
	announce(w, p, c.RequestID)
	service.Serve(w, r, c)
}

// checkScope refuses Regions that this AWS doesn't have. IAM is global and
// signs for us-east-1, and so does STS at its old global endpoint.
func (s *Server) checkScope(a *authorization) *refusal {
	global := (a.service == "iam" || a.service == "sts") && a.region == "us-east-1"
	if global || slices.Contains(s.options.Regions, a.region) {
		return nil
	}
	return &refusal{fault: malformedSignature, message: fmt.Sprintf(
		"the credential is scoped to Region %q; the local AWS was started with %q", a.region, s.options.Regions)}
}

// requestKeys are the condition keys that the connection and the headers give.
//
// Source: IAM user guide, reference_policies_condition-keys; S3 service
// authorization reference for s3:TlsVersion.
func requestKeys(r *http.Request) map[string]iam.Strings {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	keys := map[string]iam.Strings{"aws:SourceIp": {host}}
	if r.TLS != nil {
		keys["s3:TlsVersion"] = iam.Strings{tlsVersion(r.TLS.Version)}
	}
	if agent := r.UserAgent(); agent != "" {
		keys["aws:UserAgent"] = iam.Strings{agent}
	}
	if referer := r.Referer(); referer != "" {
		keys["aws:Referer"] = iam.Strings{referer}
	}
	return keys
}

// tlsVersion is the value of s3:TlsVersion, a number.
func tlsVersion(v uint16) string {
	if v == tls.VersionTLS12 {
		return "1.2"
	}
	return "1.3" // the listener accepts no other
}

// announce puts the request id where each family of services has it.
func announce(w http.ResponseWriter, p protocol, id string) {
	if p == restXML {
		w.Header().Set("X-Amz-Request-Id", id)
		w.Header().Set("X-Amz-Id-2", hostID)
		w.Header().Set("Server", "AmazonS3")
		return
	}
	w.Header().Set("X-Amzn-Requestid", id)
}

// hostID is S3's second request id. Here there is one host only.
const hostID = "local"
