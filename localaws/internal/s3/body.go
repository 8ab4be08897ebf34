package s3

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxPut is the largest body of one PUT: 5 GiB.
//
// Source: S3 user guide, qfacts.
const maxPut = 5 << 30

// body reads a request's body, decoded, and hashes it on the way. Only after
// verify is it known to be what the client meant to send.
type body struct {
	in       io.Reader
	chunks   *chunkReader // nil for a plain body
	expected int64        // length
	got      int64

	md5     hash.Hash // nil if not needed
	wantMD5 []byte    // of Content-MD5; nil if not sent
	want    checksum
	sum     hash.Hash // nil without a checksum
}

// body starts to read. The front door has checked x-amz-content-sha256 of
// bodies that aren't streaming uploads.
func (rq *request) body(needMD5 bool) (*body, error) {
	b := &body{in: rq.r.Body, expected: rq.r.ContentLength}
	sig, signed := api.SignatureOf(rq.r.Context())
	if !signed {
		sig.Payload = rq.header("x-amz-content-sha256")
	}
	if strings.HasPrefix(sig.Payload, "STREAMING-") {
		if !signed && sig.Payload != "STREAMING-UNSIGNED-PAYLOAD-TRAILER" {
			return nil, accessDenied() // nothing to check the chunks with
		}
		n, err := strconv.ParseInt(rq.header("x-amz-decoded-content-length"), 10, 64)
		if err != nil || n < 0 {
			return nil, missingLength()
		}
		b.chunks = newChunkReader(rq.r.Body, sig)
		b.in, b.expected = b.chunks, n
	}
	switch {
	case b.expected < 0:
		return nil, missingLength()
	case b.expected > maxPut:
		return nil, detail(api.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
			"ProposedSize", strconv.FormatInt(b.expected, 10), "MaxSizeAllowed", strconv.FormatInt(maxPut, 10))
	}
	if text := rq.header("Content-MD5"); rq.has("Content-MD5") {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) != md5.Size {
			return nil, api.Errorf(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
		}
		b.wantMD5 = raw
	}
	if needMD5 || b.wantMD5 != nil {
		b.md5 = md5.New()
	}
	var err error
	if b.want, err = rq.wantedChecksum(); err != nil {
		return nil, err
	}
	if b.want.algorithm != "" {
		b.hash(b.want.algorithm)
	}
	return b, nil
}

// hash computes a checksum, whether or not the client sends one to compare.
func (b *body) hash(algorithm string) {
	b.want.algorithm = algorithm
	b.sum = checksumAlgorithms[algorithm]()
}

func missingLength() error {
	return api.Errorf(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
}

func (b *body) Read(p []byte) (int, error) {
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

// verify compares length and hashes when all was read. The checksum that
// comes back is the one to keep.
func (b *body) verify() (checksum, error) {
	if b.got != b.expected {
		return checksum{}, incompleteBody()
	}
	if b.wantMD5 != nil && subtle.ConstantTimeCompare(b.wantMD5, b.md5.Sum(nil)) != 1 {
		return checksum{}, api.Errorf(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	if b.sum == nil {
		return checksum{}, nil
	}
	got := base64.StdEncoding.EncodeToString(b.sum.Sum(nil))
	want := b.want
	if want.value == "" && b.chunks != nil {
		want.value = b.chunks.trailers[checksumHeader(want.algorithm)]
		if want.value == "" && len(b.chunks.trailers) > 0 {
			return checksum{}, api.Errorf(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
		}
	}
	if want.value != "" && want.value != got {
		return checksum{}, badDigest(want.algorithm)
	}
	return checksum{algorithm: want.algorithm, value: got}, nil
}

func incompleteBody() error {
	return api.Errorf(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// text reads a whole request document.
func (rq *request) text() ([]byte, error) {
	b, err := rq.body(false)
	if err != nil {
		return nil, err
	}
	if b.expected > maxDocument {
		return nil, api.Errorf(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
	}
	text, err := io.ReadAll(b)
	if err != nil {
		return nil, err
	}
	_, err = b.verify()
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
