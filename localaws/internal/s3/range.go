package s3

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// span is the range of bytes that a GET asks for, and the status of its
// answer. S3 gives the whole object for a range that it can't read and for
// several ranges.
func (rq *request) span(v *reading) (from, n int64, status int, err error) {
	h := rq.w.Header()
	text := rq.header("Range")
	if rq.query.Has("partNumber") {
		if text != "" {
			return 0, 0, 0, fault.InvalidRequest("Cannot specify both Range header and partNumber query parameter")
		}
		return rq.part(v)
	}
	from, to, ok := parseRange(text, v.size)
	if !ok {
		return 0, v.size, http.StatusOK, nil
	}
	if from >= v.size {
		h.Set("Content-Range", "bytes */"+strconv.FormatInt(v.size, 10))
		return 0, 0, 0, fault.With(api.Errorf(416, "InvalidRange", "The requested range is not satisfiable"),
			"RangeRequested", text, "ActualObjectSize", strconv.FormatInt(v.size, 10))
	}
	h.Set("Content-Range", contentRange(from, to, v.size))
	return from, to - from + 1, http.StatusPartialContent, nil
}

func contentRange(from, to, size int64) string {
	return "bytes " + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(to, 10) + "/" + strconv.FormatInt(size, 10)
}

func (rq *request) part(v *reading) (from, n int64, status int, err error) {
	number, err := strconv.Atoi(rq.query.Get("partNumber"))
	sizes := v.partSizes
	if len(sizes) == 0 {
		sizes = []int64{v.size}
	} else {
		rq.w.Header().Set("x-amz-mp-parts-count", strconv.Itoa(len(sizes)))
	}
	if err != nil || number < 1 || number > len(sizes) {
		return 0, 0, 0, api.Errorf(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
	}
	for _, size := range sizes[:number-1] {
		from += size
	}
	n = sizes[number-1]
	if n > 0 {
		rq.w.Header().Set("Content-Range", contentRange(from, from+n-1, v.size))
	}
	return from, n, http.StatusPartialContent, nil
}

// parseRange reads "bytes=a-b", "bytes=a-" and "bytes=-n". ok is false if
// there is no such range in text.
func parseRange(text string, size int64) (from, to int64, ok bool) {
	spec, found := strings.CutPrefix(text, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !found || !dash || strings.Contains(spec, ",") {
		return 0, 0, false
	}
	if first == "" {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil || n < 0 {
			return 0, 0, false
		}
		if n == 0 {
			return size, size, true // not satisfiable
		}
		return max(0, size-n), size - 1, true
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil || from < 0 {
		return 0, 0, false
	}
	to = size - 1
	if last != "" {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil || n < from {
			return 0, 0, false
		}
		to = min(to, n)
	}
	return from, to, true
}
