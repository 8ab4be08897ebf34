package payload

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// chunkReader decodes an aws-chunked body. The signature of each chunk, and of
// the trailer, is checked when its end is reached: a body whose last Read gave
// io.EOF was good to the end.
//
// Source: S3 API reference, sigv4-streaming and sigv4-streaming-trailers.
type chunkReader struct {
	in       *bufio.Reader
	left     int64 // of the current chunk
	started  bool
	trailers map[string]string

	signed    bool
	signature api.Signature
	previous  string // signature of the chunk before
	current   string // signature that this chunk says it has
	sum       hash.Hash
}

// maxChunkLine bounds a chunk header or trailer line.
const maxChunkLine = 8 << 10

func newChunkReader(body io.Reader, sig api.Signature) *chunkReader {
	return &chunkReader{
		in: bufio.NewReaderSize(body, 32<<10), trailers: map[string]string{},
		signed:    strings.HasPrefix(sig.Payload, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
		signature: sig, previous: sig.Seed, sum: sha256.New(),
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
func (c *chunkReader) nextChunk() error {
	if c.started {
		if err := c.endChunk(); err != nil {
			return err
		}
		if line, err := c.line(); err != nil {
			return err
		} else if line != "" {
			return invalidChunk("data goes on behind a chunk")
		}
	}
	c.started = true
	line, err := c.line()
	if err != nil {
		return err
	}
	size, extension, _ := strings.Cut(line, ";")
	if c.left, err = strconv.ParseInt(size, 16, 64); err != nil || c.left < 0 {
		c.left = 0
		return invalidChunk("a chunk has no size")
	}
	c.current = strings.TrimPrefix(extension, "chunk-signature=")
	if c.left > 0 {
		return nil
	}
	if err := c.endChunk(); err != nil {
		return err
	}
	if err := c.readTrailers(); err != nil {
		return err
	}
	return io.EOF
}

const emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

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

// readTrailers reads up to the empty line or the end of the body.
func (c *chunkReader) readTrailers() error {
	var canonical strings.Builder
	signature := ""
	for {
		line, err := c.line()
		if errors.Is(err, io.ErrUnexpectedEOF) || (err == nil && line == "") {
			break
		}
		if err != nil {
			return err
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || len(c.trailers) > 16 {
			return invalidChunk("a trailer can't be read")
		}
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if name == "x-amz-trailer-signature" {
			signature = value
			continue
		}
		canonical.WriteString(name + ":" + value + "\n")
		c.trailers[name] = value
	}
	if !c.signed || !strings.HasSuffix(c.signature.Payload, "-TRAILER") {
		return nil
	}
	sum := sha256.Sum256([]byte(canonical.String()))
	return c.check("AWS4-HMAC-SHA256-TRAILER", signature, hex.EncodeToString(sum[:]))
}

// line reads a line without its end.
func (c *chunkReader) line() (string, error) {
	var b strings.Builder
	for b.Len() < maxChunkLine {
		ch, err := c.in.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return "", io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		case ch == '\n':
			return strings.TrimSuffix(b.String(), "\r"), nil
		}
		b.WriteByte(ch)
	}
	return "", invalidChunk("a line is too long")
}

func invalidChunk(what string) error {
	return fault.InvalidRequest("The aws-chunked body can't be decoded: %s", what)
}
