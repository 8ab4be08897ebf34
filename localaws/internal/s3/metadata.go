package s3

import (
	"encoding/base64"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// metaPrefix begins the headers of user-defined metadata.
const metaPrefix = "x-amz-meta-"

// maxMetadata is how much of it an object may have: the bytes of names and values
// in UTF-8.
const maxMetadata = 2048

// readMetadata reads the user-defined metadata of a request, as text.
//
// Source: S3 user guide, UsingMetadata ("User-defined metadata").
func readMetadata(h http.Header) (map[string]string, error) {
	metadata := map[string]string{}
	size := 0
	for name, values := range h {
		if meta, ok := strings.CutPrefix(strings.ToLower(name), metaPrefix); ok {
			metadata[meta] = decodeMetadata(strings.Join(values, ","))
			size += len(meta) + len(metadata[meta])
		}
	}
	if size > maxMetadata {
		return nil, fault.With(api.Errorf(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size"),
			"Size", strconv.Itoa(size), "MaxSizeAllowed", strconv.Itoa(maxMetadata))
	}
	return metadata, nil
}

// decodeMetadata is the text that a header's value stands for. The page's example
// reads the bytes of a header as ISO 8859-1, whatever the client meant. What
// looks encoded by RFC 2047 is decoded. How S3 reads what is wrongly encoded is
// not documented: it stays as it is.
func decodeMetadata(value string) string {
	var b strings.Builder
	for i := range len(value) {
		b.WriteRune(rune(value[i]))
	}
	text, err := new(mime.WordDecoder).DecodeHeader(b.String())
	if err != nil {
		return b.String()
	}
	return strings.ToValidUTF8(text, string(utf8.RuneError))
}

// encodeMetadata writes a text as the value of a header: as it is if it is ASCII,
// else as one word of RFC 2047. Public test suites recorded that S3 uses the form
// Q where most characters are ASCII and B elsewhere, that control characters
// count as others, and which characters it escapes.
func encodeMetadata(text string) string {
	plain, others := 0, 0
	for _, unit := range utf16.Encode([]rune(text)) {
		if unit >= ' ' && unit < 0x7F || unit == '\t' {
			plain++
		} else {
			others++
		}
	}
	switch {
	case others == 0:
		return text
	case others >= plain:
		return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(text)) + "?="
	}
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c > ' ' && c < 0x7F && c != '=' && c != '?' && c != '_':
			b.WriteByte(c)
		default:
			b.WriteString("=" + string(hexDigits[c>>4]) + string(hexDigits[c&15]))
		}
	}
	return "=?UTF-8?Q?" + b.String() + "?="
}
