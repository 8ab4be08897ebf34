package checksum

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Scheme says what checksum a multipart object gets.
type Scheme struct {
	Algorithm string
	Composite bool
	Named     bool // by CreateMultipartUpload; else S3 chose, and tells of the whole object's only
}

// ReadScheme reads what CreateMultipartUpload asks for.
//
// Source: S3 user guide, checking-object-integrity-upload: the table of
// algorithms and types. API_CreateMultipartUpload does not say which type is
// the default; that it is the composite one where there is one is known from
// test suites that are run against S3.
func ReadScheme(h http.Header) (Scheme, error) {
	name, err := Named(h)
	if err != nil {
		return Scheme{}, err
	}
	kind := strings.ToUpper(h.Get("x-amz-checksum-type"))
	switch {
	case kind != "" && kind != composite && kind != fullObject:
		return Scheme{}, invalid("x-amz-checksum-type")
	case kind != "" && name == "":
		return Scheme{}, fault.InvalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case name == "":
		return Scheme{Algorithm: Default}, nil
	}
	a := algorithms[name]
	if (kind == composite && !a.composite) || (kind == fullObject && a.polynomial == 0) {
		return Scheme{}, fault.InvalidRequest("The %s checksum type cannot be used with the %s checksum algorithm.", kind, strings.ToLower(name))
	}
	return Scheme{Algorithm: name, Composite: a.composite && kind != fullObject, Named: true}, nil
}

// Kind is the type of the checksum.
func (s Scheme) Kind() string { return Sum{Composite: s.Composite}.Kind() }

// Of is the checksum of the object with those parts.
func (s Scheme) Of(parts []Sum, sizes []int64) Sum {
	if s.Composite {
		return Composite(s.Algorithm, parts)
	}
	return Full(s.Algorithm, parts, sizes)
}

// CheckPart refuses a part with a checksum of another algorithm, "" for none. A
// part of an upload that named none may have any: it is verified and not kept.
//
// Source: S3 API reference, API_UploadPart: the algorithm is that of all parts
// and of CreateMultipartUpload. The rest is known from test suites that are run
// against S3.
func (s Scheme) CheckPart(algorithm string) error {
	if !s.Named || algorithm == s.Algorithm || (algorithm == "" && !s.Composite) {
		return nil
	}
	return mismatch(s.Algorithm, algorithm)
}

func mismatch(expected, actual string) error {
	word := func(name string) string {
		if name == "" {
			return "null"
		}
		return strings.ToLower(name)
	}
	return fault.InvalidRequest("Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s", word(expected), word(actual))
}

// CheckObject refuses what CompleteMultipartUpload says of the whole object, if
// it isn't that. Where CreateMultipartUpload named no algorithm, a checksum of
// the older ones is neither verified nor kept.
//
// Source: S3 API reference, API_CompleteMultipartUpload: another type is
// BadDigest; S3 user guide, checking-object-integrity-upload, the notes on
// uploads that named no algorithm. The pages don't say what a checksum of
// another algorithm than the upload's is; it is refused.
func (s Scheme) CheckObject(h http.Header, got Sum, parts int) error {
	kind := strings.ToUpper(h.Get("x-amz-checksum-type"))
	switch {
	case kind != "" && kind != composite && kind != fullObject:
		return invalid("x-amz-checksum-type")
	case kind != "" && kind != s.Kind():
		return api.Errorf(400, "BadDigest", "The upload was created using the %s checksum mode. The complete request must use the same checksum mode.", s.Kind())
	}
	said, err := header(h)
	if err != nil || said.Algorithm == "" {
		return err
	}
	a := algorithms[said.Algorithm]
	value, count, counted := strings.Cut(said.Value, "-")
	if _, ok := a.decode(value); !ok || (counted && !isCount(count)) || (counted && !a.composite) {
		return invalid(Header(said.Algorithm))
	}
	switch {
	case said.Algorithm == s.Algorithm:
	case s.Named:
		return mismatch(s.Algorithm, said.Algorithm)
	case a.strict:
		return mismatch("", said.Algorithm)
	default:
		return nil
	}
	if s.Composite && !counted {
		said.Value += "-" + strconv.Itoa(parts)
	}
	if said.Value != got.Value {
		return BadDigest(said.Algorithm)
	}
	return nil
}

func isCount(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}
