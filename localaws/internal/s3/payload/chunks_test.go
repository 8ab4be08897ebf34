package payload

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
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
	sig := documented("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
	first, second := strings.Repeat("a", 65536), strings.Repeat("a", 1024)
	wire := func(one, two, end string) string {
		return fmt.Sprintf("10000;chunk-signature=%s\r\n%s\r\n400;chunk-signature=%s\r\n%s\r\n0;chunk-signature=%s\r\n\r\n", one, first, two, second, end)
	}
	one := "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"
	two := "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"
	end := "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"
	got, err := io.ReadAll(newChunkReader(strings.NewReader(wire(one, two, end)), sig, ""))
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
		if _, err := io.ReadAll(newChunkReader(strings.NewReader(text), sig, "")); codeOf(err) != "SignatureDoesNotMatch" {
			t.Errorf("%s signature wrong: %v", name, err)
		}
	}
	full := wire(one, two, end)
	for _, cut := range []int{10, 100, 65536, len(full) - 90} {
		if _, err := io.ReadAll(newChunkReader(strings.NewReader(full[:cut]), sig, "")); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut off at %d: %v", cut, err)
		}
	}
}

// TestSignedTrailerOfTheDocumentation: the same upload with a trailer.
//
// Source: S3 developer guide, sigv4-streaming-trailers.
func TestSignedTrailerOfTheDocumentation(t *testing.T) {
	t.Parallel()
	sig := documented("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")
	sig.Payload += "-TRAILER"
	const name, value = "x-amz-checksum-crc32c", "sOO8/Q=="
	const signature = "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435"
	chunks := "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n" + strings.Repeat("a", 65536) +
		"\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" + strings.Repeat("a", 1024) +
		"\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
	for form, end := range map[string]string{
		"as the SDKs write it": name + ":" + value + "\r\n" + signature + "\r\n\r\n",
		"as S3's guide has it": name + ":" + value + "\n\r\n" + signature + "\r\n\r\n",
	} {
		r := newChunkReader(strings.NewReader(chunks+end), sig, name)
		if got, err := io.ReadAll(r); err != nil || len(got) != 66560 || r.trailer != value {
			t.Errorf("%s: %d bytes, trailer %q, %v", form, len(got), r.trailer, err)
		}
	}
	for what, c := range map[string]struct{ declared, end, code string }{
		"changed":       {name, name + ":sOO8/A==\r\n" + signature + "\r\n\r\n", "SignatureDoesNotMatch"},
		"not signed":    {name, name + ":" + value + "\r\n\r\n", "SignatureDoesNotMatch"},
		"missing":       {name, signature + "\r\n\r\n", "MalformedTrailerError"},
		"not declared":  {"", name + ":" + value + "\r\n" + signature + "\r\n\r\n", "MalformedTrailerError"},
		"behind it all": {name, name + ":" + value + "\r\n" + signature + "\r\n\r\nmore\r\n", "MalformedTrailerError"},
	} {
		if _, err := io.ReadAll(newChunkReader(strings.NewReader(chunks+c.end), sig, c.declared)); codeOf(err) != c.code {
			t.Errorf("the trailer is %s: %v", what, err)
		}
	}
}

// TestEndOfTheBody: of what may follow the last chunk.
//
// Source: S3 user guide, checking-object-integrity-upload.
func TestEndOfTheBody(t *testing.T) {
	t.Parallel()
	const trailer = "x-amz-checksum-crc32:YABb/g=="
	for name, c := range map[string]struct{ declared, body, code string }{
		"nothing":                   {"", "5\r\nhello\r\n0\r\n\r\n", ""},
		"nothing, without its CRLF": {"", "5\r\nhello\r\n0\r\n", ""},
		"a trailer":                 {"crc32", "5\r\nhello\r\n0\r\n" + trailer + "\r\n\r\n", ""},
		"a trailer and a line feed": {"crc32", "5\r\nhello\r\n0\r\n" + trailer + "\n\r\n\r\n\r\n", ""},
		"no trailer":                {"crc32", "5\r\nhello\r\n0\r\n\r\n", "MalformedTrailerError"},
		"another trailer":           {"sha1", "5\r\nhello\r\n0\r\n" + trailer + "\r\n\r\n", "MalformedTrailerError"},
		"one trailer too many":      {"crc32", "5\r\nhello\r\n0\r\n" + trailer + "\r\nbonus: x\r\n\r\n", "MalformedTrailerError"},
		"a trailer not declared":    {"", "5\r\nhello\r\n0\r\n" + trailer + "\r\n\r\n", "MalformedTrailerError"},
		"a trailer after the end":   {"crc32", "5\r\nhello\r\n0\r\n\r\n" + trailer + "\r\n\r\n", "MalformedTrailerError"},
		"another chunk":             {"", "5\r\nhello\r\n0\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "MalformedTrailerError"},
		"empty lines":               {"", "5\r\nhello\r\n0\r\n" + strings.Repeat("\r\n", 1000), "MalformedTrailerError"},
		"half a trailer":            {"crc32", "5\r\nhello\r\n0\r\n" + trailer, "cut off"},
		"no last chunk":             {"", "5\r\nhello\r\n", "cut off"},
		"no size":                   {"", "z\r\nhello\r\n0\r\n\r\n", "IncompleteBody"},
		"more than the size":        {"", "4\r\nhello\r\n0\r\n\r\n", "IncompleteBody"},
		"a small chunk first":       {"", "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n", "InvalidChunkSizeError"},
	} {
		if c.declared != "" {
			c.declared = "x-amz-checksum-" + c.declared
		}
		got, err := io.ReadAll(newChunkReader(strings.NewReader(c.body), api.Signature{Payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, c.declared))
		code := codeOf(err)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			code = "cut off"
		}
		if code != c.code || (err == nil && string(got) != "hello") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// documented is the signature of a request of the documentation, with the
// signature of its headers.
func documented(seed string) api.Signature {
	mac := func(key []byte, text string) []byte {
		m := hmac.New(sha256.New, key)
		io.WriteString(m, text)
		return m.Sum(nil)
	}
	key := mac(mac(mac(mac([]byte("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "20130524"), "us-east-1"), "s3"), "aws4_request")
	return api.Signature{
		Key: key, Seed: seed, Date: "20130524T000000Z", Scope: "20130524/us-east-1/s3/aws4_request", Payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
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
		got, err := io.ReadAll(newChunkReader(bytes.NewReader(wire), sig, "x-amz-checksum-crc32"))
		if len(got) > len(wire) {
			t.Errorf("%d bytes out of %d", len(got), len(wire))
		}
		if signed && err == nil {
			t.Error("accepted without a right signature")
		}
	})
}
