package checksum

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/minio/crc64nvme"
	"github.com/zeebo/xxh3"
)

// Default is the algorithm of the checksum that S3 computes when the client
// sends none.
const Default = "CRC64NVME"

// algorithm is what S3 documents of a checksum algorithm.
//
// Source: S3 user guide, checking-object-integrity-upload.
type algorithm struct {
	new func() hash.Hash

	// polynomial of a CRC, reversed; 0 for the others. The CRCs of parts make
	// that of the whole, so only a CRC has full object checksums of uploads in
	// parts.
	polynomial uint64
	composite  bool // there are composite checksums of uploads in parts
	// strict: a checksum in CompleteMultipartUpload is refused if
	// CreateMultipartUpload did not name the algorithm.
	strict bool

	header string // canonical, as the keys of http.Header are
	size   int
}

// The package hash/crc64 of Go is eight times slower, and each upload without a
// checksum needs CRC-64/NVME.
var algorithms = map[string]*algorithm{
	"CRC32":     {new: func() hash.Hash { return crc32.NewIEEE() }, polynomial: 0xedb88320, composite: true},
	"CRC32C":    {new: func() hash.Hash { return crc32.New(castagnoli) }, polynomial: 0x82f63b78, composite: true},
	"CRC64NVME": {new: func() hash.Hash { return crc64nvme.New() }, polynomial: 0x9a6c9329ac4bc9b5},
	"SHA1":      {new: sha1.New, composite: true},
	"SHA256":    {new: sha256.New, composite: true},
	"SHA512":    {new: sha512.New, composite: true, strict: true},
	"MD5":       {new: md5.New, composite: true, strict: true},
	"XXHASH64":  {new: func() hash.Hash { return xxhash.New() }, composite: true, strict: true},
	"XXHASH3":   {new: func() hash.Hash { return xxh3.New() }, composite: true, strict: true},
	"XXHASH128": {new: func() hash.Hash { return xxh128{xxh3.New()} }, composite: true, strict: true},
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// names are those of the algorithms in order.
var names = slices.Sorted(maps.Keys(algorithms))

func init() {
	for name, a := range algorithms {
		a.header = http.CanonicalHeaderKey(Header(name))
		a.size = a.new().Size()
	}
}

// xxh128 is the hash of 128 bits of XXH3.
type xxh128 struct{ *xxh3.Hasher }

func (xxh128) Size() int { return 16 }

func (h xxh128) Sum(b []byte) []byte {
	sum := h.Sum128().Bytes()
	return append(b, sum[:]...)
}

// Header is the header of a checksum.
func Header(algorithm string) string {
	return "x-amz-checksum-" + strings.ToLower(algorithm)
}

// Known says whether there is such an algorithm.
func Known(algorithm string) bool { return algorithms[algorithm] != nil }

// New is the hash of an algorithm that is known.
func New(algorithm string) hash.Hash { return algorithms[algorithm].new() }

// decode is the hash in a checksum's text.
func (a *algorithm) decode(text string) ([]byte, bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	return raw, err == nil && len(raw) == a.size
}
