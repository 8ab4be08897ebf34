package payload

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// chunkReader decodes an aws-chunked body. The signature of each chunk, and of
// the trailer, is checked when its end is reached: a body whose last Read gave
// io.EOF was good to the end.
//
// Source: S3 developer guide, sigv4-streaming.
type chunkReader struct {
	in      *bufio.Reader
	left    int64 // of the current chunk
	size    int64 // of the current chunk
	started bool

	declared string // name of the trailer, "" for none
	trailer  string // its value

	signed       bool
	signsTrailer bool
	signature    api.Signature
	previous     string // signature of the chunk before
	current      string // signature that this chunk says it has
	sum          hash.Hash
}

const (
	// maxChunkLine bounds a chunk header or trailer line.
	maxChunkLine = 8 << 10
	// minChunk is the least size of every chunk but the last.
	minChunk = 8 << 10
)

// newChunkReader reads a body with the trailer of that name, "" for none.
func newChunkReader(body io.Reader, sig api.Signature, declared string) *chunkReader {
	return &chunkReader{
		in: bufio.NewReaderSize(body, 32<<10), declared: declared,
		signed:       strings.HasPrefix(sig.Payload, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
		signsTrailer: sig.Payload == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
		signature:    sig, previous: sig.Seed, sum: sha256.New(),
	}
}

func (c *chunkReader) Read(p []byte) (int, error) {
	for c.left == 0 {
		if err := c.nextChunk(); err != nil {
			return 0, err
		}
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	if c.signed {
		c.sum.Write(p[:n])
	}
	c.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// nextChunk ends a chunk and begins the next; io.EOF after the last.
//
// Source: S3 user guide, checking-object-integrity-upload: the least size of a
// chunk. The code is known from test suites that are run against S3.
func (c *chunkReader) nextChunk() error {
	if c.started {
		if err := c.endChunk(); err != nil {
			return err
		}
		if line, err := c.line(); err != nil {
			return cutOff(err)
		} else if line != "" {
			return badChunk("data goes on behind a chunk")
		}
	}
	line, err := c.line()
	if err != nil {
		return cutOff(err)
	}
	size, extension, _ := strings.Cut(line, ";")
	n, err := strconv.ParseUint(size, 16, 63)
	if err != nil {
		return badChunk("a chunk has no size")
	}
	if c.started && c.size < minChunk && n > 0 {
		return api.Errorf(400, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes")
	}
	c.started, c.size, c.left = true, int64(n), int64(n)
	c.current = strings.TrimPrefix(extension, "chunk-signature=")
	if c.left > 0 {
		return nil
	}
	if err := c.endChunk(); err != nil {
		return err
	}
	return c.trailers()
}

const emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func hexSHA256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (c *chunkReader) endChunk() error {
	if !c.signed {
		return nil
	}
	sum := hex.EncodeToString(c.sum.Sum(nil))
	c.sum.Reset()
	return c.check("AWS4-HMAC-SHA256-PAYLOAD", c.current, emptySHA256+"\n"+sum)
}

// check compares a signature that came with the one that should have.
func (c *chunkReader) check(algorithm, got, content string) error {
	m := hmac.New(sha256.New, c.signature.Key)
	io.WriteString(m, strings.Join([]string{algorithm, c.signature.Date, c.signature.Scope, c.previous, content}, "\n"))
	want := hex.EncodeToString(m.Sum(nil))
	if !hmac.Equal([]byte(want), []byte(got)) {
		return api.Errorf(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	}
	c.previous = want
	return nil
}

// line reads a line without its end; io.EOF where none begins.
func (c *chunkReader) line() (string, error) {
	var b strings.Builder
	for b.Len() < maxChunkLine {
		ch, err := c.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && b.Len() > 0:
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		case ch == '\n':
			return strings.TrimSuffix(b.String(), "\r"), nil
		}
		b.WriteByte(ch)
	}
	return "", badChunk("a line is too long")
}

// cutOff is the error where a body ends too early.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// badChunk refuses what is no chunk. The code and text are known from test
// suites that are run against S3.
func badChunk(what string) error {
	return fmt.Errorf("%w: %s", api.Errorf(400, "IncompleteBody", "The request body terminated unexpectedly"), what)
}
