package s3

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
)

// checksum is an additional checksum of S3. value is base64, for a composite
// one with "-N" behind.
//
// Source: S3 user guide, checking-object-integrity-upload.
type checksum struct {
	algorithm string // "CRC32", ...; "" for none
	value     string
	composite bool
}

var checksumAlgorithms = map[string]func() hash.Hash{
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

func checksumHeader(algorithm string) string {
	return "x-amz-checksum-" + strings.ToLower(algorithm)
}

// wantedChecksum finds the algorithm that a request names, by a checksum
// header, by its trailer, or by name only. value is "" if it comes in the
// trailer or not at all.
func (rq *request) wantedChecksum() (checksum, error) {
	var found checksum
	for name := range checksumAlgorithms {
		if !rq.has(checksumHeader(name)) {
			continue
		}
		if found.algorithm != "" {
			return found, invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
		}
		found = checksum{algorithm: name, value: rq.header(checksumHeader(name))}
		if raw, err := base64.StdEncoding.DecodeString(found.value); err != nil || len(raw) != checksumAlgorithms[name]().Size() {
			return found, invalidRequest("Value for %s header is invalid.", checksumHeader(name))
		}
	}
	if trailer := strings.ToLower(strings.TrimSpace(rq.header("x-amz-trailer"))); trailer != "" && found.algorithm == "" {
		name := strings.ToUpper(strings.TrimPrefix(trailer, "x-amz-checksum-"))
		if checksumAlgorithms[name] == nil {
			return found, invalidRequest("The value specified in the x-amz-trailer header is not supported")
		}
		found.algorithm = name
	}
	named := strings.ToUpper(rq.header("x-amz-sdk-checksum-algorithm"))
	if named == "" {
		named = strings.ToUpper(rq.header("x-amz-checksum-algorithm"))
	}
	if named != "" && checksumAlgorithms[named] == nil {
		return found, invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
	}
	if found.algorithm == "" {
		found.algorithm = named
	}
	return found, nil
}

// headers gives the checksum to the client.
func (c checksum) headers(h http.Header) {
	if c.value == "" {
		return
	}
	h.Set(checksumHeader(c.algorithm), c.value)
	h.Set("x-amz-checksum-type", c.kind())
}

func (c checksum) kind() string {
	if c.composite {
		return "COMPOSITE"
	}
	return "FULL_OBJECT"
}

func badDigest(algorithm string) error {
	return api.Errorf(400, "BadDigest", "The %s you specified did not match the calculated checksum.", algorithm)
}

// compositeChecksum is the checksum of the parts' checksums.
func compositeChecksum(algorithm string, parts []checksum) checksum {
	h := checksumAlgorithms[algorithm]()
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.value)
		if err != nil || p.algorithm != algorithm {
			return checksum{}
		}
		h.Write(raw)
	}
	return checksum{algorithm: algorithm, composite: true, value: base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts))}
}
