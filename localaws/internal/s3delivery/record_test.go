package s3delivery

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// TestLine has AWS's example of an upload, as far as it is known here.
func TestLine(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("PUT", "/acme/s3-dg.pdf?versionId=3HL4&X-Amz-Signature=5ec2e7&x=1", nil)
	r.Host = "s3.us-west-1.amazonaws.com"
	r.Header.Set("Referer", "https://example.com/a\"b")
	r.TLS = &tls.ConnectionState{Version: tls.VersionTLS12, CipherSuite: tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
	started := time.Date(2019, 2, 6, 0, 1, 57, 0, time.UTC)
	f := s3.Finished{
		Call: api.Call{RequestID: "DD6CC733AEXAMPLE", Caller: iam.AccountRoot("111122223333"), Context: map[string]iam.Strings{
			"aws:SourceIp": {"192.0.2.3"}, "s3:signatureversion": {"AWS4-HMAC-SHA256"}, "s3:authType": {"REST-QUERY-STRING"},
		}},
		Request: r, Operation: "PutObject", Bucket: "acme", Key: "s3-dg.pdf", BucketOwner: "111122223333",
		Status: 403, ErrorCode: "AccessDenied", BytesSent: 243, ObjectSize: 4406583, Started: started,
	}
	id := s3.CanonicalUserID("111122223333")
	want := id + ` acme [06/Feb/2019:00:01:57 +0000] 192.0.2.3 ` + id + ` DD6CC733AEXAMPLE REST.PUT.OBJECT s3-dg.pdf ` +
		`"PUT /acme/s3-dg.pdf?versionId=3HL4&X-Amz-Signature=XXXXXXXX&x=1 HTTP/1.1" 403 AccessDenied 243 4406583 41754 - ` +
		`"https://example.com/a%22b" "-" 3HL4 ` + s3.HostID + ` SigV4 ECDHE-RSA-AES128-GCM-SHA256 QueryString s3.us-west-1.amazonaws.com TLSv1.2 - - -` + "\n"
	if got := line(&f, started.Add(41754*time.Millisecond)); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestLineOfARequestInProcess(t *testing.T) {
	t.Parallel()
	r := &http.Request{Method: "GET", URL: httptest.NewRequest("GET", "/acme/a%20b", nil).URL, Header: http.Header{}}
	f := s3.Finished{
		Call: api.Call{RequestID: "1", Caller: iam.ServicePrincipal("s3.amazonaws.com")}, Request: r,
		Operation: "Unheard", Bucket: "acme", Key: "a b", BucketOwner: "111122223333", Status: 200,
	}
	want := ` - svc:s3.amazonaws.com 1 - a+b "GET /acme/a%20b HTTP/1.1" 200 - - - 0 - "-" "-" - ` + s3.HostID + " - - - - - - - -\n"
	if got := line(&f, time.Time{}); !strings.HasSuffix(got, want) {
		t.Errorf("got %swant …%s", got, want)
	}
}

func TestCipherSuite(t *testing.T) {
	t.Parallel()
	for suite, want := range map[uint16]string{
		tls.TLS_AES_256_GCM_SHA384:                        "TLS_AES_256_GCM_SHA384",
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA:            "ECDHE-RSA-AES128-SHA",
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       "ECDHE-ECDSA-AES256-GCM-SHA384",
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
	} {
		if got := cipherSuite(&tls.ConnectionState{CipherSuite: suite}); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
