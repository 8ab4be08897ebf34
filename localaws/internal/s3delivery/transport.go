package s3delivery

import (
	"crypto/tls"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// signatureVersion is "" of unsigned requests.
func signatureVersion(f *s3.Finished) string {
	if first(f.Call.Context["s3:signatureversion"]) == "" {
		return ""
	}
	return "SigV4" // the listener accepts no other
}

var authenticationTypes = map[string]string{"REST-HEADER": "AuthHeader", "REST-QUERY-STRING": "QueryString"}

// tlsVersion is "TLSv1.2" or such; "" without TLS.
func tlsVersion(s *tls.ConnectionState) string {
	if s == nil {
		return ""
	}
	return strings.Replace(tls.VersionName(s.Version), "TLS ", "TLSv", 1)
}

// cipherSuite is OpenSSL's name, as in AWS's examples: the same as Go's for
// TLS 1.3.
func cipherSuite(s *tls.ConnectionState) string {
	if s == nil {
		return ""
	}
	name := tls.CipherSuiteName(s.CipherSuite)
	exchange, bulk, ok := strings.Cut(strings.TrimPrefix(name, "TLS_"), "_WITH_")
	if !ok {
		return name
	}
	bulk = strings.NewReplacer("AES_128", "AES128", "AES_256", "AES256", "CBC_", "", "POLY1305_SHA256", "POLY1305").Replace(bulk)
	return strings.ReplaceAll(exchange+"-"+bulk, "_", "-")
}
