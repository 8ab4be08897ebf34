// Package payload reads the bodies of requests, plain or aws-chunked, and checks
// them: length, Content-MD5, checksums, and the signature of each chunk.
//
//	in, err := payload.Open(r, false)
//	_, err = io.Copy(w, in)
//	sum, err := in.Verify() // only then it is what the client meant to send
package payload

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Max is the largest body of one PUT: 5 GiB.
//
// Source: S3 user guide, qfacts.
const Max = 5 << 30

// Reader reads a request's body, decoded, and hashes it on the way.
type Reader struct {
	in       io.Reader
	chunks   *chunkReader // nil for a plain body
	expected int64        // length
	got      int64

	md5     hash.Hash // nil if not needed
	wantMD5 []byte    // of Content-MD5; nil if not sent
	want    checksum.Sum
	sum     hash.Hash // nil without a checksum
}

// Open starts to read. The front door has checked x-amz-content-sha256 of
// bodies that aren't streaming uploads.
func Open(r *http.Request, needMD5 bool) (*Reader, error) {
	b := &Reader{in: r.Body, expected: r.ContentLength}
	sig, signed := api.SignatureOf(r.Context())
	if !signed {
		sig.Payload = r.Header.Get("x-amz-content-sha256")
	}
	if strings.HasPrefix(sig.Payload, "STREAMING-") {
		if !signed && sig.Payload != "STREAMING-UNSIGNED-PAYLOAD-TRAILER" {
			return nil, fault.AccessDenied() // nothing to check the chunks with
		}
		n, err := strconv.ParseInt(r.Header.Get("x-amz-decoded-content-length"), 10, 64)
		if err != nil || n < 0 {
			return nil, missingLength()
		}
		b.chunks = newChunkReader(r.Body, sig)
		b.in, b.expected = b.chunks, n
	}
	switch {
	case b.expected < 0:
		return nil, missingLength()
	case b.expected > Max:
		return nil, fault.With(api.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
			"ProposedSize", strconv.FormatInt(b.expected, 10), "MaxSizeAllowed", strconv.FormatInt(Max, 10))
	}
	if values := r.Header.Values("Content-MD5"); len(values) > 0 {
		raw, err := base64.StdEncoding.DecodeString(values[0])
		if err != nil || len(raw) != md5.Size {
			return nil, api.Errorf(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
		}
		b.wantMD5 = raw
	}
	if needMD5 || b.wantMD5 != nil {
		b.md5 = md5.New()
	}
	var err error
	if b.want, err = checksum.Wanted(r.Header); err != nil {
		return nil, err
	}
	if b.want.Algorithm != "" {
		b.Hash(b.want.Algorithm)
	}
	return b, nil
}

// Hash computes a checksum, whether or not the client sends one to compare.
func (b *Reader) Hash(algorithm string) {
	b.want.Algorithm = algorithm
	b.sum = checksum.New(algorithm)
}

// Algorithm is that of the checksum that is computed; "" for none.
func (b *Reader) Algorithm() string { return b.want.Algorithm }

// MD5 is that of what was read, if Open was asked for it.
func (b *Reader) MD5() []byte { return b.md5.Sum(nil) }

func missingLength() error {
	return api.Errorf(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
}

func (b *Reader) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.got += int64(n)
	for _, h := range []hash.Hash{b.md5, b.sum} {
		if h != nil {
			h.Write(p[:n])
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = bodyError(err)
	}
	return n, err
}

// Verify compares length and hashes when all was read. The checksum that
// comes back is the one to keep.
func (b *Reader) Verify() (checksum.Sum, error) {
	if b.got != b.expected {
		return checksum.Sum{}, incompleteBody()
	}
	if b.wantMD5 != nil && subtle.ConstantTimeCompare(b.wantMD5, b.md5.Sum(nil)) != 1 {
		return checksum.Sum{}, api.Errorf(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	if b.sum == nil {
		return checksum.Sum{}, nil
	}
	want, got := b.want, checksum.Of(b.want.Algorithm, b.sum)
	if want.Value == "" && b.chunks != nil {
		want.Value = b.chunks.trailers[checksum.Header(want.Algorithm)]
		if want.Value == "" && len(b.chunks.trailers) > 0 {
			return checksum.Sum{}, api.Errorf(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		}
	}
	if want.Value != "" && want.Value != got.Value {
		return checksum.Sum{}, checksum.BadDigest(want.Algorithm)
	}
	return got, nil
}

func incompleteBody() error {
	return api.Errorf(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// ReadAll reads a body of at most that many bytes.
func ReadAll(r *http.Request, most int64) ([]byte, error) {
	b, err := Open(r, false)
	if err != nil {
		return nil, err
	}
	if b.expected > most {
		return nil, api.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
	}
	text, err := io.ReadAll(b)
	if err != nil {
		return nil, err
	}
	_, err = b.Verify()
	return text, err
}

// bodyError is what a client gets whose upload broke off, if it still listens.
func bodyError(err error) error {
	var e *api.Error
	if errors.As(err, &e) {
		return e
	}
	return fmt.Errorf("%w: %w", incompleteBody(), err)
}
