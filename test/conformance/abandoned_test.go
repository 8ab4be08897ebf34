package conformance

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// TestAbandonedUploads: a client that goes away in the middle of an upload
// leaves nothing, and what was there before stays.
func TestAbandonedUploads(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s3Client(t, s, source)
	newBucket(t, c, "abandoned")
	e := newEndpoint(t, s, "s3", source)
	if a := e.send(t, "PUT", "/abandoned/before", nil, "what was there"); a.status != 200 {
		t.Fatal(a.body)
	}
	upload, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String("abandoned"), Key: aws.String("parts")})
	if err != nil {
		t.Fatal(err)
	}
	part := "/abandoned/parts?partNumber=1&uploadId=" + url.QueryEscape(*upload.UploadId)
	for _, size := range []int{1000, 8 << 20} { // in memory, and in a file of the server
		for _, path := range []string{"/abandoned/new", "/abandoned/before", part} {
			for _, sent := range []int{0, size / 2, size - 1} {
				halfway(t, e, roots(t, s), path, size, sent)
			}
		}
	}
	list := e.send(t, "GET", "/abandoned?list-type=2", nil, "")
	if element(list.body, "KeyCount") != "1" || element(list.body, "Key") != "before" {
		t.Errorf("listing: %s", list.body)
	}
	if a := e.send(t, "GET", "/abandoned/new", nil, ""); a.code != "NoSuchKey" {
		t.Errorf("the new object: %d %s", a.status, a.body)
	}
	if a := e.send(t, "GET", "/abandoned/before", nil, ""); a.body != "what was there" {
		t.Errorf("the object from before: %d %q", a.status, a.body)
	}
	if a := e.send(t, "GET", "/abandoned/parts?uploadId="+url.QueryEscape(*upload.UploadId), nil, ""); a.status != 200 || strings.Contains(a.body, "<Part>") {
		t.Errorf("parts: %d %s", a.status, a.body)
	}

	// A part that did arrive makes no object either, until the upload is complete.
	if a := e.send(t, "PUT", part, nil, "a part"); a.status != 200 {
		t.Fatal(a.body)
	}
	if a := e.send(t, "GET", "/abandoned/parts", nil, ""); a.code != "NoSuchKey" {
		t.Errorf("an upload that isn't complete: %d %s", a.status, a.body)
	}
	if a := e.send(t, "GET", "/abandoned?list-type=2", nil, ""); element(a.body, "KeyCount") != "1" {
		t.Errorf("listing with an upload that isn't complete: %s", a.body)
	}
	if a := e.send(t, "GET", "/abandoned?uploads", nil, ""); element(a.body, "UploadId") != *upload.UploadId {
		t.Errorf("uploads: %s", a.body)
	}
	if a := e.send(t, "DELETE", "/abandoned/parts?uploadId="+url.QueryEscape(*upload.UploadId), nil, ""); a.status != 204 {
		t.Errorf("abort: %d %s", a.status, a.body)
	}
}

// halfway sends a PUT with a part of its body and closes the connection: all
// that the server can see of a client that crashed. When it returns the server
// has seen it.
func halfway(t *testing.T, e endpoint, config *tls.Config, path string, size, sent int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "PUT", e.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = int64(size)
	r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(t.Context(), aws.Credentials{AccessKeyID: e.keys.AccessKeyID, SecretAccessKey: e.keys.SecretAccessKey},
		r, "UNSIGNED-PAYLOAD", "s3", region, time.Now()); err != nil {
		t.Fatal(err)
	}
	// The head only: DumpRequestOut insists on a body of the announced length.
	r.Body = nil
	head, err := httputil.DumpRequest(r, false)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(string(head), "\r\n") + fmt.Sprintf("Content-Length: %d\r\n\r\n", size)
	config = config.Clone()
	config.ServerName = "127.0.0.1"
	conn, err := tls.Dial("tcp", r.URL.Host, config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text+strings.Repeat("x", sent)); err != nil {
		t.Fatal(err)
	}
	if err := conn.CloseWrite(); err != nil { // the server's read ends here
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn) // and it has answered, or hung up
	_ = conn.Close()
	if strings.Contains(string(answer), " 200 OK") {
		t.Errorf("PUT %s with %d of %d bytes is answered %s", path, sent, size, answer)
	}
}
