package conformance

import (
	"crypto/md5"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// customerKeyRequests are requests whose answers AWS and MinIO agree about; "" as
// the code stands for an answer without a body, too.
var customerKeyRequests = []struct {
	name, method, path string
	header             map[string]string
	body               string
	status             int
	code               string
}{
	{"a new object", "PUT", "/o", keyHeaders(seedKey), "awstut!", 200, ""},
	{"get", "GET", "/o", keyHeaders(seedKey), "", 200, ""},
	{"head", "HEAD", "/o", keyHeaders(seedKey), "", 200, ""},
	{"get without key", "GET", "/o", nil, "", 400, "InvalidRequest"},
	{"head without key", "HEAD", "/o", nil, "", 400, ""},
	{"get with a wrong key", "GET", "/o", keyHeaders(otherKey), "", 403, "AccessDenied"},
	{"head with a wrong key", "HEAD", "/o", keyHeaders(otherKey), "", 403, ""},
	{"a range", "GET", "/o", with(keyHeaders(seedKey), map[string]string{"Range": "bytes=1-3"}), "", 206, ""},
	{"the MD5 of another key", "PUT", "/p", with(keyHeaders(seedKey), customerKey("", "", keyHeaders(otherKey)[keyMD5Header])), "x", 400, "InvalidArgument"},
	{"a short key", "PUT", "/p", keyHeaders("short"), "x", 400, "InvalidArgument"},
	{"the algorithm only", "PUT", "/p", customerKey("AES256", "", ""), "x", 400, "InvalidArgument"},
	{"nothing was made", "GET", "/p", keyHeaders(seedKey), "", 404, "NoSuchKey"},
	{"a plain object", "PUT", "/plain", nil, "x", 200, ""},
	{"a plain object with a key", "GET", "/plain", keyHeaders(seedKey), "", 400, "InvalidRequest"},
}

const (
	otherKey     = "01234567890123456789012345678901"
	keyMD5Header = "X-Amz-Server-Side-Encryption-Customer-Key-Md5"
)

func keyHeaders(key string) map[string]string {
	sum := md5.Sum([]byte(key))
	return customerKey("AES256", base64.StdEncoding.EncodeToString([]byte(key)), base64.StdEncoding.EncodeToString(sum[:]))
}

// customerKeyBucket makes a bucket that takes SSE-C.
func customerKeyBucket(t *testing.T, e endpoint, name string) {
	t.Helper()
	if a := e.send(t, "PUT", name, nil, `<CreateBucketConfiguration><LocationConstraint>`+region+`</LocationConstraint></CreateBucketConfiguration>`); a.status != 200 {
		t.Fatal(a.status, a.body)
	}
	a := e.send(t, "PUT", name+"?encryption", nil, `<ServerSideEncryptionConfiguration><Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>`)
	if a.status != 200 {
		t.Fatal(a.status, a.body)
	}
}

func TestCustomerKeyRequests(t *testing.T) {
	t.Parallel()
	s := start(t)
	e := newEndpoint(t, s, "s3", source)
	customerKeyBucket(t, e, "/customer")
	for _, r := range customerKeyRequests {
		if a := e.send(t, r.method, "/customer"+r.path, r.header, r.body); a.status != r.status || a.code != r.code {
			t.Errorf("%s: %d %s %s, want %d %s", r.name, a.status, a.code, a.message, r.status, r.code)
		}
	}
	// The SDKs send the key without TLS when they are told to; S3 refuses it.
	e.url = s.PlainURL()
	a := e.send(t, "PUT", "/customer/o", keyHeaders(seedKey), "x")
	if a.status != 400 || a.code != "InvalidRequest" || !strings.Contains(a.message, "must be made over a secure connection") {
		t.Errorf("without TLS: %d %s %s", a.status, a.code, a.message)
	}
}

// TestMinIO sends the same requests to a MinIO, to see that the expectations
// are not only the local AWS's own. It needs a MinIO that serves TLS:
//
//	MINIO_ENDPOINT    https://127.0.0.1:9000
//	MINIO_CA          file with its certificate
//	MINIO_ACCESS_KEY  and MINIO_SECRET_KEY
//
// docs/local-aws.md lists what MinIO is known to answer otherwise.
func TestMinIO(t *testing.T) {
	t.Parallel()
	minio := minioEndpoint(t)
	s := start(t)
	ours := newEndpoint(t, s, "s3", source)
	const bucket = "/s3seal-conformance"
	customerKeyBucket(t, ours, bucket)
	if a := minio.send(t, "PUT", bucket, nil, ""); a.status != 200 && a.code != "BucketAlreadyOwnedByYou" {
		t.Fatal(a.status, a.body)
	}
	for _, r := range customerKeyRequests {
		got, want := ours.send(t, r.method, bucket+r.path, r.header, r.body), minio.send(t, r.method, bucket+r.path, r.header, r.body)
		if got.status != want.status || got.code != want.code {
			t.Errorf("%s: %d %s, MinIO has %d %s", r.name, got.status, got.code, want.status, want.code)
		}
		if got.status < 300 && r.method == "GET" && got.body != want.body {
			t.Errorf("%s: %q, MinIO has %q", r.name, got.body, want.body)
		}
		for _, h := range []string{"X-Amz-Server-Side-Encryption-Customer-Algorithm", keyMD5Header, "Content-Range"} {
			if got.header.Get(h) != want.header.Get(h) {
				t.Errorf("%s: %s is %q, MinIO has %q", r.name, h, got.header.Get(h), want.header.Get(h))
			}
		}
	}
}

func minioEndpoint(t *testing.T) endpoint {
	t.Helper()
	url := os.Getenv("MINIO_ENDPOINT")
	if url == "" {
		t.Skip("no MinIO to compare with: set MINIO_ENDPOINT (https), MINIO_CA, MINIO_ACCESS_KEY and MINIO_SECRET_KEY")
	}
	pem, err := os.ReadFile(os.Getenv("MINIO_CA"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	return endpoint{
		url: url, service: "s3", region: region, http: &http.Client{Transport: transport},
		keys: localaws.Credentials{AccessKeyID: os.Getenv("MINIO_ACCESS_KEY"), SecretAccessKey: os.Getenv("MINIO_SECRET_KEY")},
	}
}
