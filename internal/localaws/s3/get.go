package s3

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/internal/localaws/api"
)

// openForRead finds the version that a GET or HEAD names, after the policies
// admitted it. The caller closes it.
func (s *Service) openForRead(rq *request, action string) (*bucket, *reading, *customerKey, error) {
	b, err := s.bucket(rq)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, name := range []string{headerSSE, headerKMSKeyID} {
		if rq.has(name) {
			return nil, nil, nil, invalidArgument(name+" header is not supported for this operation.", name, rq.header(name))
		}
	}
	customer, err := rq.customerKey(headerCustomer)
	if err != nil {
		return nil, nil, nil, err
	}
	v := b.read(rq.key, rq.query.Get("versionId"))
	if err := s.authorizeRead(rq, b, action, v, nil); err != nil {
		if v != nil {
			v.close()
		}
		return nil, nil, nil, err
	}
	if err := rq.exists(b, v); err != nil {
		if v != nil {
			v.close()
		}
		return nil, nil, nil, err
	}
	rq.objectSize = v.size
	return b, v, customer, nil
}

// exists refuses what isn't there, and delete markers.
//
// Source: S3 user guide, DeleteMarker.
func (rq *request) exists(b *bucket, v *reading) error {
	id := rq.query.Get("versionId")
	switch {
	case v == nil && id != "":
		return noSuchVersion(rq.key, id)
	case v == nil:
		return noSuchKey(rq.key)
	case v.marker:
		rq.w.Header().Set("x-amz-delete-marker", "true")
		rq.versionHeader(b, v.id)
		if id == "" {
			return noSuchKey(rq.key)
		}
		rq.w.Header().Set("Allow", "DELETE")
		return detail(api.Errorf(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
			"Method", rq.r.Method, "ResourceType", "DeleteMarker")
	}
	return nil
}

// versionHeader names the version, if the bucket was ever versioned.
func (rq *request) versionHeader(b *bucket, id string) {
	if b.settings().versioning != "" {
		rq.versionID = id
		rq.w.Header().Set("x-amz-version-id", id)
	}
}

func (s *Service) getObject(rq *request) error  { return s.serveObject(rq, true) }
func (s *Service) headObject(rq *request) error { return s.serveObject(rq, false) }

func (s *Service) serveObject(rq *request, body bool) error {
	b, v, customer, err := s.openForRead(rq, "s3:GetObject")
	if err != nil {
		return err
	}
	defer v.close()
	if v.encryption.mode.kms() && !rq.call.Secure {
		return invalidArgument("Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.", headerSSE, "null")
	}
	checksums := strings.EqualFold(rq.header("x-amz-checksum-mode"), "ENABLED")
	var keys [][]byte
	if body || v.encryption.mode == sseC || (checksums && v.checksum.value != "") {
		// HEAD of an SSE-KMS object needs kms:Decrypt only for the checksum.
		if keys, err = s.dataKeys(rq.call, b, &v.encryption, customer); err != nil {
			return err
		}
	} else if err := v.encryption.opensWith(customer); err != nil {
		return err
	}
	rq.versionHeader(b, v.id)
	if err := rq.unchanged(v); err != nil {
		rq.w.Header().Set("ETag", quote(v.etag))
		rq.w.Header().Set("Last-Modified", httpTime(v.modified))
		return err
	}
	from, n, status, err := rq.span(v)
	if err != nil {
		return err
	}
	rq.describe(v, customer, checksums)
	rq.w.Header().Set("Content-Length", strconv.FormatInt(n, 10))
	rq.w.WriteHeader(status)
	if !body {
		return nil
	}
	return v.writeBody(rq.w, keys, from, n)
}

// writeBody decrypts bytes [from, from+n) of a version.
func (r *reading) writeBody(w writer, keys [][]byte, from, n int64) error {
	for _, sg := range r.segments {
		if from >= sg.size && sg.size > 0 {
			from -= sg.size
			continue
		}
		ls, err := sealing(keys, sg.salt)
		if err != nil {
			return err
		}
		k := min(n, sg.size-from)
		if err := sg.unseal(w, ls, from, k); err != nil {
			return err
		}
		if n -= k; n == 0 {
			return nil
		}
		from = 0
	}
	return nil
}

type writer interface{ Write([]byte) (int, error) }

// describe writes the headers of an object.
func (rq *request) describe(v *reading, customer *customerKey, checksums bool) {
	h := rq.w.Header()
	for name, value := range v.headers {
		h.Set(name, value)
	}
	for name, value := range v.metadata {
		h.Set("x-amz-meta-"+name, value)
	}
	for _, name := range []string{"Content-Type", "Content-Language", "Expires", "Cache-Control", "Content-Disposition", "Content-Encoding"} {
		if value := rq.query.Get("response-" + strings.ToLower(name)); value != "" {
			h.Set(name, value)
		}
	}
	h.Set("Accept-Ranges", "bytes")
	h.Set("ETag", quote(v.etag))
	h.Set("Last-Modified", httpTime(v.modified))
	if v.class != "STANDARD" {
		h.Set("x-amz-storage-class", v.class)
	}
	if len(v.tags) > 0 {
		h.Set("x-amz-tagging-count", strconv.Itoa(len(v.tags)))
	}
	if v.replication != "" {
		h.Set("x-amz-replication-status", v.replication)
	}
	if checksums && rq.header("Range") == "" {
		v.checksum.headers(h)
	}
	v.encryption.headers(h, customer)
}

// unchanged applies If-Match, If-Unmodified-Since, If-None-Match and
// If-Modified-Since in the order of S3.
//
// Source: S3 API reference, API_GetObject.
func (rq *request) unchanged(v *reading) error {
	return conditions(v, rq.header("If-Match"), rq.header("If-None-Match"), rq.header("If-Modified-Since"), rq.header("If-Unmodified-Since"), 304)
}

func conditions(v *reading, match, noneMatch, since, unmodifiedSince string, unchangedStatus int) error {
	modified := v.modified.Truncate(time.Second)
	unchanged := api.Errorf(unchangedStatus, "NotModified", "Not Modified")
	if unchangedStatus == 412 {
		unchanged = preconditionFailed("x-amz-copy-source-If-None-Match")
	}
	if match != "" {
		if !matchesETag(match, v.etag) {
			return preconditionFailed("If-Match")
		}
	} else if t, err := http.ParseTime(unmodifiedSince); err == nil && modified.After(t) {
		return preconditionFailed("If-Unmodified-Since")
	}
	if noneMatch != "" {
		if matchesETag(noneMatch, v.etag) {
			return unchanged
		}
	} else if t, err := http.ParseTime(since); err == nil && !modified.After(t) {
		return unchanged
	}
	return nil
}

func matchesETag(list, etag string) bool {
	return slices.ContainsFunc(strings.Split(list, ","), func(t string) bool {
		t = strings.TrimSpace(t)
		return t == "*" || strings.Trim(t, `"`) == etag
	})
}

// span is the range of bytes that a GET asks for, and the status of its
// answer. S3 gives the whole object for a range that it can't read and for
// several ranges.
func (rq *request) span(v *reading) (from, n int64, status int, err error) {
	h := rq.w.Header()
	text := rq.header("Range")
	if rq.query.Has("partNumber") {
		if text != "" {
			return 0, 0, 0, invalidRequest("Cannot specify both Range header and partNumber query parameter")
		}
		return rq.part(v)
	}
	from, to, ok := parseRange(text, v.size)
	if !ok {
		return 0, v.size, http.StatusOK, nil
	}
	if from >= v.size {
		h.Set("Content-Range", "bytes */"+strconv.FormatInt(v.size, 10))
		return 0, 0, 0, detail(api.Errorf(416, "InvalidRange", "The requested range is not satisfiable"),
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

func quote(etag string) string { return `"` + etag + `"` }

func httpTime(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// isoTime is the form of times in S3's documents.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
