package s3

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// TestFullChecksumOfParts compares with the CRC of the whole.
func TestFullChecksumOfParts(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"CRC32", "CRC32C", "CRC64NVME"} {
		for range 50 {
			var whole []byte
			var sums []checksum
			var sizes []int64
			for range 1 + rand.N(5) {
				text := make([]byte, rand.N(70000))
				for i := range text {
					text[i] = byte(rand.N(256))
				}
				h := checksumAlgorithms[algorithm]()
				h.Write(text)
				sums = append(sums, checksum{algorithm: algorithm, value: base64.StdEncoding.EncodeToString(h.Sum(nil))})
				sizes = append(sizes, int64(len(text)))
				whole = append(whole, text...)
			}
			h := checksumAlgorithms[algorithm]()
			h.Write(whole)
			if want, got := base64.StdEncoding.EncodeToString(h.Sum(nil)), fullChecksum(algorithm, sums, sizes).value; got != want {
				t.Fatalf("%s of %v: %s, want %s", algorithm, sizes, got, want)
			}
		}
	}
}

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
		h := checksumAlgorithms["CRC32"]()
		h.Write(append(bytes.Clone(big), small...))
		full := base64.StdEncoding.EncodeToString(h.Sum(nil))
		content(out) // the SDK checks the full CRC on the way
		if out.ChecksumType != kind || (kind == "FULL_OBJECT") != (*out.ChecksumCRC32 == full) || (kind == "COMPOSITE") != strings.HasSuffix(*out.ChecksumCRC32, "-2") {
			t.Errorf("%s: %s %s, the CRC of the whole is %s", kind, out.ChecksumType, *out.ChecksumCRC32, full)
		}
	}
}

// signedChunks is a streaming upload as S3's documentation signs it.
//
// Source: S3 API reference, sigv4-streaming, the example of 66,560 bytes.
func TestSignedChunksOfTheDocumentation(t *testing.T) {
	t.Parallel()
	mac := func(key []byte, text string) []byte {
		m := hmac.New(sha256.New, key)
		io.WriteString(m, text)
		return m.Sum(nil)
	}
	key := mac(mac(mac(mac([]byte("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "20130524"), "us-east-1"), "s3"), "aws4_request")
	sig := api.Signature{
		Key: key, Seed: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
		Date: "20130524T000000Z", Scope: "20130524/us-east-1/s3/aws4_request", Payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
	}
	first, second := strings.Repeat("a", 65536), strings.Repeat("a", 1024)
	wire := func(one, two, end string) string {
		return fmt.Sprintf("10000;chunk-signature=%s\r\n%s\r\n400;chunk-signature=%s\r\n%s\r\n0;chunk-signature=%s\r\n\r\n", one, first, two, second, end)
	}
	one := "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
	two := "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
	end := "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
	got, err := io.ReadAll(newChunkReader(strings.NewReader(wire(one, two, end)), sig))
	if err != nil || string(got) != first+second {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	for name, text := range map[string]string{
		"first":   wire(strings.Repeat("0", 64), two, end),
		"second":  wire(one, strings.Repeat("0", 64), end),
		"last":    wire(one, two, strings.Repeat("0", 64)),
		"missing": wire("", two, end),
		"body":    strings.Replace(wire(one, two, end), "aaaa", "aaba", 1),
	} {
		if _, err := io.ReadAll(newChunkReader(strings.NewReader(text), sig)); codeOf(err) != "SignatureDoesNotMatch" {
			t.Errorf("%s signature wrong: %v", name, err)
		}
	}
	full := wire(one, two, end)
	for _, cut := range []int{10, 100, 65536, len(full) - 90} {
		if _, err := io.ReadAll(newChunkReader(strings.NewReader(full[:cut]), sig)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut off at %d: %v", cut, err)
		}
	}
	// A trailer has a signature of its own.
	sig.Payload += "-TRAILER"
	sig.Seed = strings.Repeat("1", 64)
	last := hex.EncodeToString(mac(key, strings.Join([]string{"AWS4-HMAC-SHA256-PAYLOAD", sig.Date, sig.Scope, sig.Seed, emptySHA256, emptySHA256}, "\n")))
	trailer := sha256.Sum256([]byte("x-amz-checksum-crc32:AAAAAA==\n"))
	signature := hex.EncodeToString(mac(key, strings.Join([]string{"AWS4-HMAC-SHA256-TRAILER", sig.Date, sig.Scope, last, hex.EncodeToString(trailer[:])}, "\n")))
	text := "0;chunk-signature=" + last + "\r\nx-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:" + signature + "\r\n\r\n"
	r := newChunkReader(strings.NewReader(text), sig)
	if _, err := io.ReadAll(r); err != nil || r.trailers["x-amz-checksum-crc32"] != "AAAAAA==" {
		t.Errorf("signed trailer: %v %v", r.trailers, err)
	}
	if _, err := io.ReadAll(newChunkReader(strings.NewReader(strings.Replace(text, "AAAAAA", "AAAAAB", 1)), sig)); codeOf(err) != "SignatureDoesNotMatch" {
		t.Errorf("changed trailer: %v", err)
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
