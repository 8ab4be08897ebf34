package payload

import (
	"errors"
	"io"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// maxTrailerLines bounds what may follow the last chunk: trailers, their
// signature, and empty lines.
const maxTrailerLines = 8

// trailers reads what follows the last chunk: the trailer that x-amz-trailer
// declares, its signature where the chunks are signed, and the empty line that
// ends the body. An empty line may stand before the signature and at the end.
// Whatever else comes is refused, and so is a trailer that doesn't come.
//
// That the final empty line may be missing, and that of a trailer that comes
// twice the last counts, is known from test suites that are run against S3. S3
// itself reads nothing behind the end; here that is refused too.
//
// Source: S3 user guide, checking-object-integrity-upload; S3 developer guide,
// sigv4-streaming-trailers. Neither has the codes: MalformedTrailerError and
// its text are known from test suites that are run against S3.
func (c *chunkReader) trailers() error {
	var canonical strings.Builder
	signature, ended, came := "", false, false
	for range maxTrailerLines {
		line, err := c.line()
		if errors.Is(err, io.EOF) {
			return c.endTrailers(came, canonical.String(), signature)
		}
		if err != nil {
			return err
		}
		if line == "" {
			ended = true
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case name == "x-amz-trailer-signature" && c.signsTrailer && signature == "":
			signature = value
		case name == c.declared && c.declared != "" && !ended && signature == "":
			canonical.WriteString(name + ":" + value + "\n")
			c.trailer, came = value, true
		default:
			return malformedTrailer()
		}
	}
	return malformedTrailer()
}

func (c *chunkReader) endTrailers(came bool, canonical, signature string) error {
	if came != (c.declared != "") {
		return malformedTrailer()
	}
	if !c.signsTrailer {
		return io.EOF
	}
	if err := c.check("AWS4-HMAC-SHA256-TRAILER", signature, hexSHA256(canonical)); err != nil {
		return err
	}
	return io.EOF
}

func malformedTrailer() error {
	return api.Errorf(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
}
