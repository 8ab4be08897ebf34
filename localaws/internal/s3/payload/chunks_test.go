package payload

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// TestSignedChunksOfTheDocumentation: a streaming upload as S3's documentation signs it.
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

func codeOf(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// FuzzChunks: any body is decoded or refused, and what is decoded is no longer
// than what came.
func FuzzChunks(f *testing.F) {
	f.Add([]byte("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"), false)
	f.Add([]byte("0;chunk-signature=00\r\n\r\n"), true)
	f.Add([]byte("ffffffffffffffff\r\nx"), false)
	f.Fuzz(func(t *testing.T, wire []byte, signed bool) {
		sig := api.Signature{Payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
		if signed {
			sig.Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
		}
		got, err := io.ReadAll(newChunkReader(bytes.NewReader(wire), sig))
		if len(got) > len(wire) {
			t.Errorf("%d bytes out of %d", len(got), len(wire))
		}
		if signed && err == nil {
			t.Error("accepted without a right signature")
		}
	})
}
