// Package payload reads the bodies of requests, plain or aws-chunked, and checks
// them: length, Content-MD5, checksums, and the signature of each chunk.
//
//	in, err := payload.Open(r, payload.Options{})
//	in.Sum(checksum.Default)
//	_, err = io.Copy(w, in)
//	err = in.Verify() // only then it is what the client meant to send
//	sum := in.Computed(checksum.Default)
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

	wantMD5 []byte       // of Content-MD5; nil if not sent
	want    checksum.Sum // that the client sends
	sums    map[string]hash.Hash
}

// Options say what a body is read for.
type Options struct {
	MD5 bool // of the body is asked for afterwards

	// OfObject: checksum headers are about an object, not about the body.
	OfObject bool
}

// Open starts to read. The front door has checked x-amz-content-sha256 of
// bodies that aren't streaming uploads.
func Open(r *http.Request, o Options) (*Reader, error) {
	b := &Reader{in: r.Body, expected: r.ContentLength, sums: map[string]hash.Hash{}}
	if !o.OfObject {
		var err error
		if b.want, err = checksum.Wanted(r.Header); err != nil {
			return nil, err
		}
	}
	declared := ""
	if b.want.Algorithm != "" && b.want.Value == "" {
		declared = checksum.Header(b.want.Algorithm)
	}
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
		b.chunks = newChunkReader(r.Body, sig, declared)
		b.in, b.expected = b.chunks, n
	}
	if r.Header.Get("x-amz-trailer") != "" && (declared == "" || !strings.HasSuffix(sig.Payload, "-TRAILER")) {
		return nil, malformedTrailer() // it can't come
	}
	switch {
	case b.expected < 0:
		return nil, missingLength()
	case b.expected > Max:
		return nil, fault.With(api.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
			"ProposedSize", strconv.FormatInt(b.expected, 10), "MaxSizeAllowed", strconv.FormatInt(Max, 10))
	}
	return b, b.compare(r.Header, o)
}

// OpenFile starts to read a body that ends where it ends: the file of a form. The
// headers are those that a PUT of it would have.
func OpenFile(file io.Reader, h http.Header, o Options) (*Reader, error) {
	b := &Reader{in: file, expected: unknown, sums: map[string]hash.Hash{}}
	var err error
	if b.want, err = checksum.Wanted(h); err != nil {
		return nil, err
	}
	if b.want.Algorithm != "" && b.want.Value == "" {
		return nil, malformedTrailer() // a file has none
	}
	return b, b.compare(h, o)
}

// unknown is the length of a body that has none in advance.
const unknown = -1

// compare has Verify hold the body against the headers.
func (b *Reader) compare(h http.Header, o Options) error {
	if values := h.Values("Content-MD5"); len(values) > 0 {
		raw, err := base64.StdEncoding.DecodeString(values[0])
		if err != nil || len(raw) != md5.Size {
			return api.Errorf(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
		}
		b.wantMD5 = raw
	}
	if o.MD5 || b.wantMD5 != nil {
		b.Sum(md5Name)
	}
	if b.want.Algorithm != "" {
		b.Sum(b.want.Algorithm)
	}
	return nil
}

const md5Name = "MD5"

// Sum computes a checksum on the way, whether or not the client sends one.
func (b *Reader) Sum(algorithm string) {
	if b.sums[algorithm] == nil {
		b.sums[algorithm] = checksum.New(algorithm)
	}
}

// Algorithm is that of the checksum that the client sends; "" for none.
func (b *Reader) Algorithm() string { return b.want.Algorithm }

// Computed is a checksum of what was read that Sum was told of; none for the
// algorithm "".
func (b *Reader) Computed(algorithm string) checksum.Sum {
	if algorithm == "" {
		return checksum.Sum{}
	}
	return checksum.Of(algorithm, b.sums[algorithm])
}

// MD5 is that of what was read, if Open was asked for it.
func (b *Reader) MD5() []byte { return b.sums[md5Name].Sum(nil) }

func missingLength() error {
	return api.Errorf(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
}

func (b *Reader) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.got += int64(n)
	if b.expected != unknown && b.got > b.expected {
		return 0, incompleteBody() // at once: there may be no end to it
	}
	for _, h := range b.sums {
		h.Write(p[:n])
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = bodyError(err)
	}
	return n, err
}

// Verify compares length and hashes when all was read.
func (b *Reader) Verify() error {
	if b.expected != unknown && b.got != b.expected {
		return incompleteBody()
	}
	if b.wantMD5 != nil && subtle.ConstantTimeCompare(b.wantMD5, b.MD5()) != 1 {
		return api.Errorf(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	want := b.want
	if want.Algorithm == "" {
		return nil
	}
	if want.Value == "" {
		want.Value = b.chunks.trailer
		if err := checksum.CheckTrailer(want); err != nil {
			return err
		}
	}
	if want.Value != b.Computed(want.Algorithm).Value {
		return checksum.BadDigest(want.Algorithm)
	}
	return nil
}

func incompleteBody() error {
	return api.Errorf(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// ReadAll reads a body of at most that many bytes.
func ReadAll(r *http.Request, most int64, o Options) ([]byte, error) {
	b, err := Open(r, o)
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
	return text, b.Verify()
}

// bodyError is what a client gets whose upload broke off, if it still listens.
func bodyError(err error) error {
	var e *api.Error
	if errors.As(err, &e) {
		return e
	}
	return fmt.Errorf("%w: %w", incompleteBody(), err)
}
