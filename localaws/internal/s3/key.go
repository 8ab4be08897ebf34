package s3

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// maxKey is the longest key, in bytes.
const maxKey = 1024

// checkKey refuses what is no key of an object, whatever would be done with it: a
// listing could not show it, and nobody could delete it.
//
// Source: S3 user guide, object-keys. That a path which climbs above the bucket is
// no valid key is documented, its code is not: it is that of other bad paths.
func checkKey(key string) error {
	switch {
	case !utf8.ValidString(key) || climbs(key):
		return invalidURI("")
	case len(key) > maxKey:
		return fault.With(api.Errorf(400, "KeyTooLongError", "Your key is too long"),
			"Size", strconv.Itoa(len(key)), "MaxSizeAllowed", strconv.Itoa(maxKey))
	}
	return nil
}

// climbs says whether a key has, from the left, more ".." than other elements.
func climbs(key string) bool {
	depth := 0
	for element := range strings.SplitSeq(key, "/") {
		switch element {
		case "":
		case "..":
			depth--
		default:
			depth++
		}
		if depth < 0 {
			return true
		}
	}
	return false
}

func invalidURI(uri string) *api.Error {
	e := api.Errorf(400, "InvalidURI", "Couldn't parse the specified URI.")
	if uri != "" {
		return fault.With(e, "URI", uri)
	}
	return e
}

// checkURI refuses paths and parameters that are not UTF-8, and keys that no
// object can have.
//
// Source: S3 developer guide, ErrorResponses (InvalidURI).
func (rq *request) checkURI() error {
	valid := utf8.ValidString(rq.Bucket)
	for name, values := range rq.query {
		valid = valid && utf8.ValidString(name+strings.Join(values, ""))
	}
	if !valid || !utf8.ValidString(rq.Key) || climbs(rq.Key) {
		return invalidURI(rq.Request.URL.EscapedPath())
	}
	return checkKey(rq.Key)
}
