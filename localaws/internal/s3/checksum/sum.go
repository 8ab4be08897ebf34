// Package checksum is the additional checksums of S3: of a body, of a multipart
// object from those of its parts, and as headers and elements.
//
// Source: S3 user guide, checking-object-integrity-upload.
package checksum

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Sum is a checksum.
type Sum struct {
	Algorithm string // "CRC32", ...; "" for none
	Value     string // base64, of a composite one with "-N" behind
	Composite bool
}

var algorithms = map[string]func() hash.Hash{
	"CRC32":     func() hash.Hash { return crc32.NewIEEE() },
	"CRC32C":    func() hash.Hash { return crc32.New(castagnoli) },
	"SHA1":      sha1.New,
	"SHA256":    sha256.New,
	"CRC64NVME": func() hash.Hash { return crc64.New(nvme) },
}

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	// nvme is the polynomial of CRC-64/NVME, 0xad93d23594c93659, reversed.
	nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)
)

// Header is the header of a checksum.
func Header(algorithm string) string {
	return "x-amz-checksum-" + strings.ToLower(algorithm)
}

// Known says whether there is such an algorithm.
func Known(algorithm string) bool { return algorithms[algorithm] != nil }

// New is the hash of an algorithm that is known.
func New(algorithm string) hash.Hash { return algorithms[algorithm]() }

// Of is the checksum that was computed.
func Of(algorithm string, h hash.Hash) Sum {
	return Sum{Algorithm: algorithm, Value: base64.StdEncoding.EncodeToString(h.Sum(nil))}
}

// Unsupported refuses an algorithm that is not known.
func Unsupported() error {
	return fault.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
}

// Wanted finds the algorithm that a request names, by a checksum header, by its
// trailer, or by name only. Value is "" if it comes in the trailer or not at
// all.
func Wanted(h http.Header) (Sum, error) {
	var found Sum
	for name := range algorithms {
		values := h.Values(Header(name))
		if len(values) == 0 {
			continue
		}
		if found.Algorithm != "" {
			return found, fault.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
		}
		found = Sum{Algorithm: name, Value: values[0]}
		if raw, err := base64.StdEncoding.DecodeString(found.Value); err != nil || len(raw) != algorithms[name]().Size() {
			return found, fault.InvalidRequest("Value for %s header is invalid.", Header(name))
		}
	}
	if trailer := strings.ToLower(strings.TrimSpace(h.Get("x-amz-trailer"))); trailer != "" && found.Algorithm == "" {
		name := strings.ToUpper(strings.TrimPrefix(trailer, "x-amz-checksum-"))
		if algorithms[name] == nil {
			return found, fault.InvalidRequest("The value specified in the x-amz-trailer header is not supported")
		}
		found.Algorithm = name
	}
	named := strings.ToUpper(h.Get("x-amz-sdk-checksum-algorithm"))
	if named == "" {
		named = strings.ToUpper(h.Get("x-amz-checksum-algorithm"))
	}
	if named != "" && algorithms[named] == nil {
		return found, Unsupported()
	}
	if found.Algorithm == "" {
		found.Algorithm = named
	}
	return found, nil
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
		return "COMPOSITE"
	}
	return "FULL_OBJECT"
}

// BadDigest refuses a checksum that is another than what was computed.
func BadDigest(algorithm string) error {
	return api.Errorf(400, "BadDigest", "The %s you specified did not match the calculated checksum.", algorithm)
}

// Composite is the checksum of the parts' checksums.
func Composite(algorithm string, parts []Sum) Sum {
	h := algorithms[algorithm]()
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Value)
		if err != nil || p.Algorithm != algorithm {
			return Sum{}
		}
		h.Write(raw)
	}
	return Sum{Algorithm: algorithm, Composite: true, Value: base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts))}
}
