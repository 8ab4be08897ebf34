package checksum

import (
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// Wanted finds the checksum of the body that a request names, by its header or
// by its trailer, whose value comes later: then Value is "".
//
// x-amz-checksum-algorithm says something in requests without a body only.
//
// Source: S3 API reference, API_PutObject, x-amz-sdk-checksum-algorithm: a
// checksum or a trailer must come with it. How S3 words this, and that another
// algorithm than the checksum's is InvalidRequest, is known from test suites
// that are run against S3: API_PutObject says BadDigest, and API_UploadPart
// that the name is ignored.
func Wanted(h http.Header) (Sum, error) {
	found, err := header(h)
	if err != nil {
		return found, err
	}
	if found.Value != "" {
		if _, ok := algorithms[found.Algorithm].decode(found.Value); !ok {
			return found, invalid(Header(found.Algorithm))
		}
	}
	if text := h.Get("x-amz-trailer"); text != "" {
		name, err := trailer(text)
		if err != nil {
			return found, err
		}
		if found.Algorithm != "" {
			return found, severalTypes()
		}
		found.Algorithm = name
	}
	named := strings.ToUpper(h.Get("x-amz-sdk-checksum-algorithm"))
	switch {
	case named == "" || named == found.Algorithm:
		return found, nil
	case found.Algorithm == "":
		return found, fault.InvalidRequest("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
	}
	return found, invalid("x-amz-sdk-checksum-algorithm")
}

// trailer is the algorithm of the only trailer that x-amz-trailer names.
//
// Source: S3 user guide, checking-object-integrity-upload: one trailer. The
// page lists those of CRC32, CRC32C, CRC64NVME, SHA1 and SHA256; AWS's SDKs
// send that of SHA512 too.
func trailer(text string) (string, error) {
	found := ""
	for name := range strings.SplitSeq(strings.TrimRight(text, ","), ",") {
		name, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(name)), "x-amz-checksum-")
		name = strings.ToUpper(name)
		if !ok || !Known(name) {
			return "", fault.InvalidRequest("The value specified in the x-amz-trailer header is not supported")
		}
		if found != "" {
			return "", severalTypes()
		}
		found = name
	}
	return found, nil
}

// header is the only checksum header of a request. Its value is not checked.
func header(h http.Header) (Sum, error) {
	var found Sum
	for _, name := range names {
		values := h[algorithms[name].header]
		switch {
		case len(values) == 0:
			continue
		case found.Algorithm != "":
			return found, severalTypes()
		case len(values) > 1:
			return found, fault.InvalidArgument("Only one value may be specified.", Header(name), values[1])
		case values[0] == "":
			return found, invalid(Header(name))
		}
		found = Sum{Algorithm: name, Value: values[0]}
	}
	return found, nil
}

func severalTypes() error {
	return fault.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
}

func invalid(header string) error {
	return fault.InvalidRequest("Value for %s header is invalid.", header)
}

// CheckTrailer refuses the value of a trailer that is no checksum at all.
func CheckTrailer(c Sum) error {
	if _, ok := algorithms[c.Algorithm].decode(c.Value); !ok {
		return fault.InvalidRequest("Value for %s trailing header is invalid.", Header(c.Algorithm))
	}
	return nil
}

// Named is the algorithm that x-amz-checksum-algorithm names; "" for none.
func Named(h http.Header) (string, error) {
	name := strings.ToUpper(h.Get("x-amz-checksum-algorithm"))
	if name != "" && !Known(name) {
		return "", fault.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [%s]", strings.Join(names, ", "))
	}
	return name, nil
}
