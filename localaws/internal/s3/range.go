package s3

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// span is what a GET or HEAD asks for.
type span struct {
	from, n  int64
	status   int
	checksum checksum.Sum // of these bytes; none if S3 tells none
}

// span reads Range or partNumber. S3 gives the whole object for a range that
// it can't read and for several ranges.
func (rq *request) span(v *reading) (span, error) {
	h := rq.w.Header()
	text := rq.header("Range")
	if rq.query.Has("partNumber") {
		if text != "" {
			return span{}, fault.InvalidRequest("Cannot specify both Range header and partNumber query parameter")
		}
		return rq.part(v)
	}
	from, to, ok := parseRange(text, v.size)
	if !ok {
		return span{0, v.size, http.StatusOK, v.checksum}, nil
	}
	if from >= v.size {
		h.Set("Content-Range", "bytes */"+strconv.FormatInt(v.size, 10))
		return span{}, fault.With(api.Errorf(416, "InvalidRange", "The requested range is not satisfiable"),
			"RangeRequested", text, "ActualObjectSize", strconv.FormatInt(v.size, 10))
	}
	h.Set("Content-Range", contentRange(from, to, v.size))
	return span{from, to - from + 1, http.StatusPartialContent, v.partChecksum(from, to-from+1)}, nil
}

// partChecksum is that of the part of exactly these bytes. An object with a
// full object checksum tells none of its parts here: its part checksums are no
// part of it, as they are of a composite one.
//
// Source: S3 user guide, checking-object-integrity-upload: by a part number or
// byte range that aligns with a single part.
func (v *version) partChecksum(from, n int64) checksum.Sum {
	if !v.checksum.Composite {
		return checksum.Sum{}
	}
	start := int64(0)
	for i, size := range v.partSizes {
		if start == from && size == n {
			sum := v.partSums[i]
			sum.Composite = true // the type is the object's
			return sum
		}
		start += size
	}
	return checksum.Sum{}
}

func contentRange(from, to, size int64) string {
	return "bytes " + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(to, 10) + "/" + strconv.FormatInt(size, 10)
}

func (rq *request) part(v *reading) (span, error) {
	number, err := strconv.Atoi(rq.query.Get("partNumber"))
	sizes := v.partSizes
	if len(sizes) == 0 {
		sizes = []int64{v.size}
	} else {
		rq.w.Header().Set("x-amz-mp-parts-count", strconv.Itoa(len(sizes)))
	}
	if err != nil || number < 1 || number > len(sizes) {
		return span{}, api.Errorf(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
	}
	p := span{n: sizes[number-1], status: http.StatusPartialContent}
	for _, size := range sizes[:number-1] {
		p.from += size
	}
	p.checksum = v.partChecksum(p.from, p.n)
	if len(v.partSizes) == 0 {
		p.checksum = v.checksum // the only part is the whole
	}
	if p.n > 0 {
		rq.w.Header().Set("Content-Range", contentRange(p.from, p.from+p.n-1, v.size))
	}
	return p, nil
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
