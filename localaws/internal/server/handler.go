package server

import (
	"cmp"
	"crypto/tls"
	"net"
	"net/http"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3control"
)

// ServeHTTP answers a request and tells the log if it is refused.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := api.Call{
		Trace:     new(api.Trace),
		RequestID: api.UUID(),
		Time:      s.options.Now(),
		Region:    s.options.Regions[0],
		Secure:    r.TLS != nil,
		Gone:      r.Context().Done(),
		Caller:    iam.Anonymous(),
	}
	c.Context = requestKeys(r)
	w, r = s.waiting(w, r)
	a := &answer{ResponseWriter: w}
	defer s.conclude(a, r, &c)
	s.handle(a, r, &c)
}

// handle authenticates a request and hands it to its service.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, c *api.Call) {
	auth, fail := parseAuthorization(r, c.Time)
	if r.Method == http.MethodOptions {
		auth, fail = nil, nil // a browser's preflight, also of a presigned URL
	}
	name := guessService(r)
	if auth != nil && auth.service != "" {
		name = auth.service
	}
	if name == "s3" && s3control.Is(r) {
		name = controlService
	}
	p := protocolOf(name, r)
	if p == restXML {
		fail = cmp.Or(checkSize(r), s.checkHost(r), fail)
	}
	if auth == nil && fail == nil {
		s.unsigned(w, r, *c, name)
		return
	}
	if fail == nil {
		fail = s.checkScope(auth, r)
	}
	if fail == nil {
		r, fail = s.authenticate(w, r, auth, c)
	}
	if fail != nil {
		refuse(w, r, p, *c, fail)
		return
	}
	announce(w, p, c.RequestID)
	s.options.Services[name].Serve(w, r, *c)
}

// controlService is S3 Control among the services: its signatures carry the name
// of S3.
const controlService = "s3control"

// unsigned serves an anonymous request, which only S3 has.
func (s *Server) unsigned(w http.ResponseWriter, r *http.Request, c api.Call, name string) {
	p := protocolOf(name, r)
	service := s.options.Services["s3"]
	if name != "s3" || service == nil {
		refuse(w, r, p, c, &refusal{fault: missingSignature})
		return
	}
	announce(w, p, c.RequestID)
	service.Serve(w, r.WithContext(api.WithFormAuthenticator(r.Context(), s.authenticateForm)), c)
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
