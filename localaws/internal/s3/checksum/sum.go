// Package checksum is the additional checksums of S3: of a body, of a multipart
// object from those of its parts, and as headers and elements.
//
// Source: S3 user guide, checking-object-integrity-upload.
package checksum

import (
	"encoding/base64"
	"hash"
	"net/http"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// Sum is a checksum.
type Sum struct {
	Algorithm string // "CRC32", ...; "" for none
	Value     string // base64, of a composite one with "-N" behind
	Composite bool
}

// Of is the checksum that was computed.
func Of(algorithm string, h hash.Hash) Sum {
	return Sum{Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(h.Sum(nil))}
}

// Headers gives the checksum to the client.
func (c Sum) Headers(h http.Header) {
	if c.Value == "" {
		return
	}
	h.Set(Header(c.Algorithm), c.Value)
	h.Set("x-amz-checksum-type", c.Kind())
}

// Kind is the type of the checksum.
func (c Sum) Kind() string {
	if c.Composite {
		return composite
	}
	return fullObject
}

const (
	composite  = "COMPOSITE"
	fullObject = "FULL_OBJECT"
)

// BadDigest refuses a checksum that is another than what was computed.
func BadDigest(algorithm string) error {
	return api.Errorf(400, "BadDigest", "The %s you specified did not match the calculated checksum.", algorithm)
}

// Composite is the checksum of the parts' checksums.
func Composite(algorithm string, parts []Sum) Sum {
	h := New(algorithm)
	for _, p := range parts {
		raw, ok := algorithms[algorithm].decode(p.Value)
		if !ok || p.Algorithm != algorithm {
			return Sum{}
		}
		h.Write(raw)
	}
	return Sum{Algorithm: algorithm, Composite: true, Value: base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts))}
}
