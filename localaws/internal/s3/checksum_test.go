package s3

import (
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

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

func TestMultipartChecksums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "sums", noRule)
	c := w.root(home)
	big, small := bytes.Repeat([]byte("x"), minPart), []byte("y")
	for kind, algorithm := range map[types.ChecksumType]types.ChecksumAlgorithm{"COMPOSITE": "CRC32", "FULL_OBJECT": "CRC32"} {
		id, parts := w.multipart(c, "sums", "k", &sdk.CreateMultipartUploadInput{ChecksumAlgorithm: algorithm, ChecksumType: kind}, big, small)
		_, err := w.complete(c, "sums", "k", id, parts)
		w.ok(err)
		out, err := c.GetObject(context.Background(), &sdk.GetObjectInput{Bucket: aws.String("sums"), Key: aws.String("k"), ChecksumMode: "ENABLED"})
		w.ok(err)
		h := checksum.New("CRC32")
		h.Write(append(bytes.Clone(big), small...))
		full := base64.StdEncoding.EncodeToString(h.Sum(nil))
		content(out) // the SDK checks the full CRC on the way
		if out.ChecksumType != kind || (kind == "FULL_OBJECT") != (*out.ChecksumCRC32 == full) || (kind == "COMPOSITE") != strings.HasSuffix(*out.ChecksumCRC32, "-2") {
			t.Errorf("%s: %s %s, the CRC of the whole is %s", kind, out.ChecksumType, *out.ChecksumCRC32, full)
		}
	}
}

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
