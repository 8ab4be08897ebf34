package localaws_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/localaws"
)

const (
	ssecHeader = "X-Amz-Server-Side-Encryption-Customer-"
	copyHeader = "X-Amz-Copy-Source-Server-Side-Encryption-Customer-"
	ssecKey    = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	ssecMD5    = "KYvwGXoFFJ42a2u2GDWhwQ=="
)

// customerKey are the two headers that may be outside the signature.
func customerKey(prefix string) http.Header {
	return http.Header{prefix + "Key": {ssecKey}, http.CanonicalHeaderKey(prefix + "Key-MD5"): {ssecMD5}}
}

// withCustomerKeys makes a bucket that accepts SSE-C.
func withCustomerKeys(t *testing.T, s *localaws.Server, name string) *s3.Client {
	t.Helper()
	c := withBucket(t, s, name)
	if _, err := c.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: &name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			BlockedEncryptionTypes: &types.BlockedEncryptionTypes{EncryptionType: []types.EncryptionType{types.EncryptionTypeNone}},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

// useURL sends what was presigned: the headers that are signed, and more.
func useURL(t *testing.T, s *localaws.Server, p *v4.PresignedHTTPRequest, body string, more http.Header) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), p.Method, p.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = p.SignedHeader.Clone()
	r.Header.Del("Host")
	maps.Copy(r.Header, more)
	resp, err := s.HTTPClient().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

// TestPresignedURLsWithCustomerKeys: whoever makes the URL signs the algorithm,
// and whoever uses it sends the key and its MD5 too.
//
// Source: S3 user guide, specifying-s3-c-encryption ("Presigned URLs and SSE-C").
func TestPresignedURLsWithCustomerKeys(t *testing.T) {
	t.Parallel()
	s := start(t)
	name := aws.String("customer-keys")
	c := withCustomerKeys(t, s, *name)
	presign := s3.NewPresignClient(c)
	aes := aws.String("AES256")
	signed := func(p *v4.PresignedHTTPRequest, err error) *v4.PresignedHTTPRequest {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	put := signed(presign.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: name, Key: aws.String("k"), SSECustomerAlgorithm: aes}))
	get := signed(presign.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: aws.String("k"), SSECustomerAlgorithm: aes}))
	head := signed(presign.PresignHeadObject(t.Context(), &s3.HeadObjectInput{Bucket: name, Key: aws.String("k"), SSECustomerAlgorithm: aes}))
	whole := signed(presign.PresignGetObject(t.Context(), &s3.GetObjectInput{
		Bucket: name, Key: aws.String("k"), SSECustomerAlgorithm: aes, SSECustomerKey: aws.String(ssecKey), SSECustomerKeyMD5: aws.String(ssecMD5),
	}))
	plain := signed(presign.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: name, Key: aws.String("k")}))
	upload, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
		Bucket: name, Key: aws.String("parts"), SSECustomerAlgorithm: aes, SSECustomerKey: aws.String(ssecKey), SSECustomerKeyMD5: aws.String(ssecMD5),
	})
	if err != nil {
		t.Fatal(err)
	}
	part := signed(presign.PresignUploadPart(t.Context(), &s3.UploadPartInput{
		Bucket: name, Key: aws.String("parts"), UploadId: upload.UploadId, PartNumber: aws.Int32(1), SSECustomerAlgorithm: aes,
	}))
	key := customerKey(ssecHeader)
	with := func(name, value string) http.Header {
		h := key.Clone()
		h.Set(name, value)
		return h
	}
	algorithm := http.Header{ssecHeader + "Algorithm": {"AES256"}}
	for _, use := range []struct {
		name   string
		url    *v4.PresignedHTTPRequest
		body   string
		more   http.Header
		status int
		answer string // part of the body
	}{
		{"PUT with the key", put, "text", key, 200, ""},
		{"PUT without the key", put, "text", nil, 400, "<Code>InvalidArgument</Code>"},
		{"PUT with another header", put, "text", with("X-Amz-Storage-Class", "STANDARD_IA"), 403, "<HeadersNotSigned>x-amz-storage-class</HeadersNotSigned>"},
		{"GET with the key", get, "", key, 200, "text"},
		{"GET without the key", get, "", nil, 400, "<Code>InvalidArgument</Code>"},
		{"GET with another MD5", get, "", with(ssecHeader+"Key-Md5", "AAAAAAAAAAAAAAAAAAAAAA=="), 400, "The calculated MD5 hash of the key did not match"},
		{"GET with another algorithm", get, "", with(ssecHeader+"Algorithm", "AES128"), 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"GET with all three signed", whole, "", nil, 200, "text"},
		{"GET with all three signed, and another key", whole, "", key, 200, "text"}, // the same values
		{"GET with nothing signed", plain, "", key, 403, "There were headers present in the request which were not signed"},
		{"GET with nothing signed but all sent", plain, "", with(ssecHeader+"Algorithm", "AES256"), 403, "-algorithm, x-amz-server-side-encryption-customer-key, x-amz-server-side-encryption-customer-key-md5</HeadersNotSigned>"},
		{"GET with nothing signed or sent", plain, "", nil, 400, "<Code>InvalidRequest</Code>"},
		{"HEAD with the key", head, "", key, 200, ""},
		{"HEAD without the key", head, "", nil, 400, ""},
		{"part with the key", part, "part", key, 200, ""},
		{"part without the key", part, "part", nil, 400, "<Code>InvalidArgument</Code>"},
		{"part with only an algorithm more", part, "part", algorithm, 400, "<Code>InvalidArgument</Code>"},
	} {
		status, _, body := useURL(t, s, use.url, use.body, use.more)
		if status != use.status || !strings.Contains(body, use.answer) {
			t.Errorf("%s: %d %s, want %d with %q", use.name, status, body, use.status, use.answer)
		}
	}
	// The page names uploads and reads. That the key of a copy's source may be
	// outside the signature it doesn't say.
	copied := signed(presignAny(t, s, c, "/customer-keys/copy?X-Amz-Expires=60", http.Header{copyHeader + "Algorithm": {"AES256"}, "X-Amz-Copy-Source": {*name + "/k"}}))
	if status, _, body := useURL(t, s, copied, "", customerKey(copyHeader)); status != 403 || !strings.Contains(body, "x-amz-copy-source-server-side-encryption-customer-key") {
		t.Errorf("copy with the source's key outside the signature: %d %s", status, body)
	}
	all := customerKey(copyHeader)
	maps.Copy(all, http.Header{copyHeader + "Algorithm": {"AES256"}, "X-Amz-Copy-Source": {*name + "/k"}, ssecHeader + "Algorithm": {"AES256"}})
	if status, _, body := useURL(t, s, signed(presignAny(t, s, c, "/customer-keys/copy?X-Amz-Expires=60", all)), "", key); status != 200 {
		t.Errorf("copy with the target's key outside the signature: %d %s", status, body)
	}
}

// presignAny presigns a PUT as the SDK does not.
func presignAny(t *testing.T, s *localaws.Server, c *s3.Client, path string, h http.Header) (*v4.PresignedHTTPRequest, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = h
	credentials, err := c.Options().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping, o.DisableHeaderHoisting = true, true })
	var now clock
	url, signedHeaders, err := signer.PresignHTTP(t.Context(), credentials, r, "UNSIGNED-PAYLOAD", "s3", "eu-west-1", now.now())
	return &v4.PresignedHTTPRequest{URL: url, Method: http.MethodPut, SignedHeader: signedHeaders}, err
}

// TestPresignedURLOfTheJavaScriptSDK: it has metadata and the checksum of no body
// in its query, where other SDKs ask for headers.
//
// Source: S3 developer guide, sigv4-query-string-auth; that S3 reads the one and
// ignores the other is what public test suites recorded.
func TestPresignedURLOfTheJavaScriptSDK(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := withBucket(t, s, "customer-keys")
	url := func(query string, h http.Header) *v4.PresignedHTTPRequest {
		t.Helper()
		p, err := presignAny(t, s, c, "/customer-keys/k?X-Amz-Expires=60"+query, h)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	hoisted := "&x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-meta-foo=b%C3%A4r%20x&x-amz-sdk-checksum-algorithm=CRC32&x-id=PutObject"
	if status, _, body := useURL(t, s, url(hoisted, http.Header{}), "text", nil); status != 200 {
		t.Fatalf("%d %s", status, body)
	}
	head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("customer-keys"), Key: aws.String("k")})
	if err != nil || head.Metadata["foo"] != "=?UTF-8?Q?b=C3=A4r_x?=" {
		t.Errorf("%v %q", err, head.Metadata)
	}
	for name, use := range map[string]struct {
		url  *v4.PresignedHTTPRequest
		more http.Header
		want string
	}{
		"header outside the signature": {url("&x-amz-meta-foo=a", http.Header{}), http.Header{"X-Amz-Meta-Foo": {"a"}}, "<Code>AccessDenied</Code>"},
		"header of another value":      {url("&x-amz-meta-foo=a", http.Header{"X-Amz-Meta-Foo": {"b"}}), nil, "<Message>Conflicting values provided in HTTP headers and query parameters.</Message>"},
		"changed":                      {changed(url("&x-amz-meta-foo=a", http.Header{})), nil, "<Code>SignatureDoesNotMatch</Code>"},
		"no name of a header":          {url("&x-amz-meta-a:b=c", http.Header{}), nil, "does not implement the query parameter x-amz-meta-a:b"},
		"escaped name":                 {url("&x-amz-meta-a%20b=c", http.Header{}), nil, "does not implement the query parameter x-amz-meta-a b"},
		"encryption":                   {url("&x-amz-server-side-encryption=AES256", http.Header{}), nil, "does not implement the query parameter x-amz-server-side-encryption"},
	} {
		if status, _, body := useURL(t, s, use.url, "text", use.more); status < 400 || !strings.Contains(body, use.want) {
			t.Errorf("%s: %d %s, want %s", name, status, body, use.want)
		}
	}
}

func changed(p *v4.PresignedHTTPRequest) *v4.PresignedHTTPRequest {
	p.URL = strings.Replace(p.URL, "x-amz-meta-foo=a", "x-amz-meta-foo=b", 1)
	return p
}
