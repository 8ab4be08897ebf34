package localaws_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/localaws"
)

// TestDeclaredLengthAllocatesNothing: memory is for bytes that arrive, not for
// those that a request says will.
func TestDeclaredLengthAllocatesNothing(t *testing.T) { // not parallel: it counts what the process allocates
	server, err := localaws.Start(localaws.Options{Accounts: []string{"111122223333"}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	credentials := server.Credentials("111122223333")
	bucket := "bounded"
	if _, err := s3.NewFromConfig(server.Config(credentials)).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &bucket}); err != nil {
		t.Fatal(err)
	}
	const declared, most = 5 << 30, 8 << 20
	for name, test := range map[string]struct{ payload, body string }{
		"hashed":      {strings.Repeat("0", 64), "ten bytes."},
		"unsigned":    {"UNSIGNED-PAYLOAD", "ten bytes."},
		"aws-chunked": {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", "140000000\r\nten bytes."},
	} {
		r, err := http.NewRequestWithContext(t.Context(), "PUT", server.URL()+"/bounded/k", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = declared
		r.Header.Set("X-Amz-Content-Sha256", test.payload)
		if name == "aws-chunked" {
			r.ContentLength++
			r.Header.Set("X-Amz-Decoded-Content-Length", "5368709120")
			r.Header.Set("Content-Encoding", "aws-chunked")
		}
		signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
		keys := aws.Credentials{AccessKeyID: credentials.AccessKeyID, SecretAccessKey: credentials.SecretAccessKey}
		if err := signer.SignHTTP(context.Background(), keys, r, test.payload, "s3", "us-east-1", time.Now()); err != nil {
			t.Fatal(err)
		}
		conn, err := tls.Dial("tcp", r.URL.Host, server.HTTPClient().Transport.(*http.Transport).TLSClientConfig)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		fmt.Fprintf(conn, "PUT /bounded/k HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", r.URL.Host, r.ContentLength)
		_ = r.Header.Write(conn) // a broken connection shows in the answer
		fmt.Fprintf(conn, "\r\n%s", test.body)
		conn.CloseWrite()
		answer, _ := io.ReadAll(conn)
		runtime.ReadMemStats(&after)
		conn.Close()
		if !strings.Contains(string(answer), "<Code>IncompleteBody</Code>") {
			t.Errorf("%s: %s", name, answer)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > most {
			t.Errorf("%s: %d MB for ten bytes", name, used>>20)
		}
	}
}
