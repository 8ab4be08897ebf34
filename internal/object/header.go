package object

import (
	"strings"

	"github.com/s3seal/s3seal/internal/function"
)

// maxMetadata is how large the user metadata of an object may be: the bytes of
// all names and values.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
const maxMetadata = 2048

// checkHeaders checks what an upload sends in headers. S3 would refuse some of
// it with codes that say little, and change the rest: it writes names in lower
// case, encodes what is not ASCII, and space at the ends gets lost.
func (r PutRequest) checkHeaders() error {
	for _, h := range []struct{ name, value string }{
		{"contentType", r.ContentType},
		{"contentEncoding", r.ContentEncoding},
		{"cacheControl", r.CacheControl},
		{"ifMatch", r.IfMatch},
	} {
		if !printable(h.value) {
			return function.Errorf(function.BadRequest, nil, "%q is %q: want printable ASCII, without space at the ends", h.name, h.value)
		}
	}
	size := 0
	for name, value := range r.Metadata {
		size += len(name) + len(value)
		switch {
		case name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~") != "":
			return function.Errorf(function.BadRequest, nil, `"metadata" has the name %q: want a header's name in lower case, such as "first-name"`, name)
		case strings.HasPrefix(name, "x-amz-"):
			return function.Errorf(function.BadRequest, nil, `"metadata" has the name %q: names that begin with x-amz- are reserved for S3's own clients`, name)
		case !printable(value):
			return function.Errorf(function.BadRequest, nil, `"metadata" has the value %q of %q: want printable ASCII, without space at the ends; base64 carries the rest`, value, name)
		}
	}
	if size > maxMetadata {
		return function.Errorf(function.BadRequest, nil, `"metadata" has %d bytes in names and values: S3 allows at most %d`, size, maxMetadata)
	}
	return nil
}

func printable(value string) bool {
	for _, c := range []byte(value) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return value == strings.Trim(value, " ")
}
