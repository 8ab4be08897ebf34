package s3

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
)

func TestChecksumsAreValidatedAndKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	// CRC-64/NVME of "123456789" is ae8b14860a799888.
	for name, value := range map[string]string{
		"crc32": "y/Q5Jg==", "crc32c": "4waSgw==", "crc64nvme": "rosUhgp5mIg=",
		"sha1": "98O8HYCOBHMq32eZZczDTKeuNEE=", "sha256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
		"md5": "JfnnlDI7RTiF9RgfG2JNCw==", "xxhash64": "jLhB20DmroM=",
		"sha512":  "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
		"xxhash3": sumOf("XXHASH3", []byte("123456789")), "xxhash128": sumOf("XXHASH128", []byte("123456789")),
	} {
		header := "x-amz-checksum-" + name
		a := w.send(w.tls, "PUT", "/sums/"+name, "123456789", map[string]string{header: value})
		if a.status != 200 || a.header.Get(header) != value {
			t.Errorf("%s: %d %s, header %q", name, a.status, a.body, a.header.Get(header))
		}
		a = w.send(w.tls, "HEAD", "/sums/"+name, "", map[string]string{"x-amz-checksum-mode": "ENABLED"})
		if a.header.Get(header) != value {
			t.Errorf("%s: HEAD says %q", name, a.header.Get(header))
		}
		a = w.send(w.tls, "PUT", "/sums/wrong", "123456780", map[string]string{header: value})
		if a.status != 400 || a.err.Code != "BadDigest" {
			t.Errorf("%s of another body: %d %+v", name, a.status, a.err)
		}
	}
	if b, err := w.s3.find("sums"); err != nil || b.index.current("wrong") != nil {
		t.Error("a body with a wrong checksum is there")
	}
}

// TestChecksumsThatS3Refuses: of the headers of a body.
//
// Source: S3 API reference, API_PutObject.
func TestChecksumsThatS3Refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	const crc, sha1 = "y/Q5Jg==", "98O8HYCOBHMq32eZZczDTKeuNEE="
	for name, c := range map[string]struct {
		header        map[string]string
		code, message string
	}{
		"no base64":        {map[string]string{"x-amz-checksum-crc32": "bad"}, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid."},
		"empty":            {map[string]string{"x-amz-checksum-crc32": ""}, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid."},
		"too short":        {map[string]string{"x-amz-checksum-sha256": crc}, "InvalidRequest", "Value for x-amz-checksum-sha256 header is invalid."},
		"two":              {map[string]string{"x-amz-checksum-crc32": crc, "x-amz-checksum-sha1": sha1}, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."},
		"one and trailer":  {map[string]string{"x-amz-checksum-crc32": crc, "x-amz-trailer": "x-amz-checksum-crc32"}, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."},
		"two trailers":     {map[string]string{"x-amz-trailer": "x-amz-checksum-crc32, x-amz-checksum-sha1"}, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."},
		"no such trailer":  {map[string]string{"x-amz-trailer": "x-amz-meta-name"}, "InvalidRequest", "The value specified in the x-amz-trailer header is not supported"},
		"not in chunks":    {map[string]string{"x-amz-trailer": "x-amz-checksum-crc32"}, "MalformedTrailerError", malformedTrailer},
		"name only":        {map[string]string{"x-amz-sdk-checksum-algorithm": "CRC32"}, "InvalidRequest", "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."},
		"name of another":  {map[string]string{"x-amz-sdk-checksum-algorithm": "SHA1", "x-amz-checksum-crc32": crc}, "InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid."},
		"of another body":  {map[string]string{"x-amz-checksum-crc32": "AAAAAA=="}, "BadDigest", "The CRC32 you specified did not match the calculated checksum."},
		"wrong MD5 beside": {map[string]string{"x-amz-checksum-crc32": crc, "Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}, "BadDigest", "The Content-MD5 you specified did not match what we received."},
	} {
		if a := w.send(w.tls, "PUT", "/sums/k", "123456789", c.header); a.status != 400 || a.err.Code != c.code || a.err.Message != c.message {
			t.Errorf("%s: %d %+v", name, a.status, a.err)
		}
	}
	if a := w.send(w.tls, "HEAD", "/sums/k", "", nil); a.status != 404 {
		t.Errorf("something is there: %d", a.status)
	}
	// x-amz-checksum-algorithm is about copies and uploads in parts.
	if a := w.send(w.tls, "PUT", "/sums/k", "123456789", map[string]string{"x-amz-checksum-algorithm": "SHA1", "x-amz-checksum-crc32": crc}); a.status != 200 || a.header.Get("x-amz-checksum-crc32") != crc {
		t.Errorf("%d %s %v", a.status, a.body, a.header)
	}
}

// TestDefaultChecksum: what is uploaded without a checksum gets one, under every
// encryption, and so does a copy; lists and attributes tell it.
//
// Source: S3 user guide, checking-object-integrity-upload; S3 API reference,
// API_PutObject, API_CopyObject, API_Object, API_ObjectVersion.
func TestDefaultChecksum(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	c := w.client(w.user(home, "dev", allow(iam.Strings{"s3:*", "kms:*"}, iam.Strings{everything})), tokyo)
	const sum = "rosUhgp5mIg="
	n := 0
	for name, m := range modeCases(w) {
		if m.get != nil && m.put == nil {
			continue
		}
		bucket := fmt.Sprintf("default-%d", n)
		n++
		w.bucket(home, bucket, m.rule)
		put := &sdk.PutObjectInput{Bucket: &bucket, Key: aws.String("k"), Body: reader("123456789")}
		get := &sdk.GetObjectInput{Bucket: &bucket, Key: aws.String("k"), ChecksumMode: "ENABLED"}
		if m.put != nil {
			m.put(put)
		}
		if m.get != nil {
			m.get(get)
		}
		made, err := c.PutObject(ctx, put)
		w.ok(err)
		if aws.ToString(made.ChecksumCRC64NVME) != sum || made.ChecksumType != "FULL_OBJECT" {
			t.Errorf("%s: PutObject tells %+v", name, made)
		}
		got, err := c.GetObject(ctx, get)
		w.ok(err)
		if content(got) != "123456789" || aws.ToString(got.ChecksumCRC64NVME) != sum || got.ChecksumType != "FULL_OBJECT" {
			t.Errorf("%s: GetObject tells %+v", name, got)
		}
		list, err := c.ListObjectsV2(ctx, &sdk.ListObjectsV2Input{Bucket: &bucket})
		w.ok(err)
		versions, err := c.ListObjectVersions(ctx, &sdk.ListObjectVersionsInput{Bucket: &bucket})
		w.ok(err)
		algorithm := []types.ChecksumAlgorithm{"CRC64NVME"}
		if o := list.Contents[0]; !slices.Equal(o.ChecksumAlgorithm, algorithm) || o.ChecksumType != "FULL_OBJECT" {
			t.Errorf("%s: listed as %+v", name, o)
		}
		if o := versions.Versions[0]; !slices.Equal(o.ChecksumAlgorithm, algorithm) || o.ChecksumType != "FULL_OBJECT" {
			t.Errorf("%s: version listed as %+v", name, o)
		}
	}
}

// TestChecksumOfACopy is of the whole, by the algorithm that is asked for, else
// by that of the source.
//
// Source: S3 user guide, checking-object-integrity-upload; S3 API reference,
// API_CopyObject, API_CopyObjectResult and API_CopyPartResult.
func TestChecksumOfACopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	big, small := bytes.Repeat([]byte("x"), minPart), []byte("y")
	query, list := w.inParts("/sums/parts", map[string]string{"x-amz-checksum-algorithm": "SHA256"}, big, small)
	if a := w.send(w.tls, "POST", "/sums/parts"+query, list, nil); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for asked, algorithm := range map[string]string{"": "SHA256", "crc32": "CRC32", "XXHASH3": "XXHASH3"} {
		want := sumOf(algorithm, big, small)
		a := w.send(w.tls, "PUT", "/sums/copy", "", map[string]string{"x-amz-copy-source": "/sums/parts", "x-amz-checksum-algorithm": asked})
		element := fmt.Sprintf("<Checksum%s>%s</Checksum%[1]s><ChecksumType>FULL_OBJECT</ChecksumType>", algorithm, want)
		if a.status != 200 || !strings.Contains(a.body, element) {
			t.Errorf("%q: %d %s", asked, a.status, a.body)
		}
		if a := w.send(w.tls, "HEAD", "/sums/copy", "", map[string]string{"x-amz-checksum-mode": "ENABLED"}); a.header.Get(checksum.Header(algorithm)) != want || a.header.Get("x-amz-checksum-type") != "FULL_OBJECT" {
			t.Errorf("%q: the copy has %v", asked, a.header)
		}
	}
	if a := w.send(w.tls, "PUT", "/sums/copy", "", map[string]string{"x-amz-copy-source": "/sums/parts", "x-amz-checksum-algorithm": "BLAKE3"}); a.status != 400 || a.err.Code != "InvalidRequest" {
		t.Errorf("no algorithm: %d %+v", a.status, a.err)
	}
	for named, element := range map[string]string{"": "", "SHA1": "<ChecksumSHA1>" + sumOf("SHA1", small) + "</ChecksumSHA1>"} {
		query, _ := w.inParts("/sums/k", map[string]string{"x-amz-checksum-algorithm": named})
		a := w.send(w.tls, "PUT", "/sums/k"+query+"&partNumber=1", "", map[string]string{
			"x-amz-copy-source": "/sums/parts", "x-amz-copy-source-range": fmt.Sprintf("bytes=%d-%[1]d", len(big)),
		})
		if a.status != 200 || !strings.Contains(a.body, element) || (named == "") == strings.Contains(a.body, "<Checksum") {
			t.Errorf("part under %q: %d %s", named, a.status, a.body)
		}
	}
}

const malformedTrailer = "The request contained trailing data that was not well-formed or did not conform to our published schema."

// TestTrailingChecksum of a chunked body, whose end is the trailer.
//
// Source: S3 user guide, checking-object-integrity-upload.
func TestTrailingChecksum(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	header := map[string]string{
		"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-decoded-content-length": "9",
		"x-amz-trailer": "x-amz-checksum-crc32", "Content-Encoding": "aws-chunked,zstd",
	}
	chunked := func(sum string) string { return "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:" + sum + "\r\n\r\n" }
	if a := w.send(w.tls, "PUT", "/sums/k", chunked("y/Q5Jg=="), header); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a := w.send(w.tls, "GET", "/sums/k", "", nil)
	if a.body != "123456789" || a.header.Get("Content-Encoding") != "zstd" {
		t.Errorf("body %q, encoding %q", a.body, a.header.Get("Content-Encoding"))
	}
	if a := w.send(w.tls, "PUT", "/sums/k", chunked("AAAAAA=="), header); a.err.Code != "BadDigest" {
		t.Errorf("wrong trailer: %d %+v", a.status, a.err)
	}
	for name, body := range map[string]string{
		"does not come": "9\r\n123456789\r\n0\r\n\r\n", "is another": "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32c:4waSgw==\r\n\r\n",
		"has more behind it": chunked("y/Q5Jg==") + "more\r\n",
	} {
		if a := w.send(w.tls, "PUT", "/sums/k", body, header); a.status != 400 || a.err.Code != "MalformedTrailerError" || a.err.Message != malformedTrailer {
			t.Errorf("the trailer %s: %d %+v", name, a.status, a.err)
		}
	}
	if a := w.send(w.tls, "PUT", "/sums/k", chunked("bad"), header); a.err.Code != "InvalidRequest" || a.err.Message != "Value for x-amz-checksum-crc32 trailing header is invalid." {
		t.Errorf("no checksum in the trailer: %d %+v", a.status, a.err)
	}
	header["x-amz-decoded-content-length"] = "8"
	if a := w.send(w.tls, "PUT", "/sums/k", chunked("y/Q5Jg=="), header); a.err.Code != "IncompleteBody" {
		t.Errorf("longer than declared: %d %+v", a.status, a.err)
	}
	header["x-amz-decoded-content-length"] = "10"
	if a := w.send(w.tls, "PUT", "/sums/k", chunked("y/Q5Jg=="), header); a.err.Code != "IncompleteBody" {
		t.Errorf("wrong length: %d %+v", a.status, a.err)
	}
	// Without the front door there is nothing to check signed chunks with.
	header["x-amz-content-sha256"] = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	if a := w.send(w.tls, "PUT", "/sums/k", chunked("y/Q5Jg=="), header); a.status != 403 {
		t.Errorf("signed chunks without a key: %d %+v", a.status, a.err)
	}
}
