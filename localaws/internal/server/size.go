package server

import (
	"net/http"
	"strconv"
)

// maxHeader is the largest header section that S3 accepts. To the byte, what
// counts is not documented: here it is the query, and each header with its colon,
// space and line end.
//
// Source: S3 user guide, UsingMetadata; S3 developer guide, ErrorResponses
// (RequestHeaderSectionTooLarge).
const maxHeader = 8 << 10

// checkSize refuses a request whose headers and query are too long for S3.
func checkSize(r *http.Request) *refusal {
	size := len(r.URL.RawQuery) + len("Host: \r\n") + len(r.Host)
	if r.ContentLength > 0 {
		size += len("Content-Length: \r\n") + len(strconv.FormatInt(r.ContentLength, 10))
	}
	for name, values := range r.Header {
		for _, v := range values {
			size += len(name) + len(": \r\n") + len(v)
		}
	}
	if size <= maxHeader {
		return nil
	}
	return &refusal{fault: headerTooLarge, detail: map[string]string{"MaxSizeAllowed": strconv.Itoa(maxHeader)}}
}
