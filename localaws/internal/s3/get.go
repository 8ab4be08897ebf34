package s3

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// openVersion finds the version that a request names, after the policies
// admitted the action on it. The caller closes it.
func (s *Service) openVersion(rq *request, b *bucket, action string, keys map[string]iam.Strings) (*reading, error) {
	v := b.read(rq.Key, rq.query.Get("versionId"))
	err := s.authorizeRead(rq, b, action, v, keys)
	if err == nil {
		err = rq.exists(b, v)
	}
	if err != nil {
		v.close()
		return nil, err
	}
	return v, nil
}

// openForRead is openVersion for a GET or HEAD of what is encrypted.
func (s *Service) openForRead(rq *request, b *bucket, action string) (*reading, *sse.CustomerKey, error) {
	for _, name := range []string{sse.Header, sse.HeaderKMSKeyID} {
		if rq.has(name) {
			return nil, nil, fault.InvalidArgument(name+" header is not supported for this operation.", name, rq.header(name))
		}
	}
	customer, err := rq.customerKey(sse.HeaderCustomer)
	if err != nil {
		return nil, nil, err
	}
	v, err := s.openVersion(rq, b, action, nil)
	if err == nil {
		rq.ObjectSize = v.size
	}
	return v, customer, err
}

// exists refuses what isn't there, and delete markers.
//
// Source: S3 user guide, DeleteMarker.
func (rq *request) exists(b *bucket, v *reading) error {
	id := rq.query.Get("versionId")
	switch {
	case v == nil && id != "":
		return fault.NoSuchVersion(rq.Key, id)
	case v == nil:
		return fault.NoSuchKey(rq.Key)
	case v.marker:
		rq.w.Header().Set("x-amz-delete-marker", "true")
		rq.versionHeader(b, v.id)
		if id == "" {
			return fault.NoSuchKey(rq.Key)
		}
		rq.w.Header().Set("Allow", "DELETE")
		return fault.With(api.Errorf(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
			"Method", rq.Request.Method, "ResourceType", "DeleteMarker")
	}
	return nil
}

// versionHeader names the version, if the bucket was ever versioned.
func (rq *request) versionHeader(b *bucket, id string) {
	if b.settings().Versioning != "" {
		rq.VersionID = id
		rq.w.Header().Set("x-amz-version-id", id)
	}
}

func (s *Service) getObject(rq *request, b *bucket) error  { return s.serveObject(rq, b, true) }
func (s *Service) headObject(rq *request, b *bucket) error { return s.serveObject(rq, b, false) }

func (s *Service) serveObject(rq *request, b *bucket, body bool) error {
	v, customer, err := s.openForRead(rq, b, "s3:GetObject")
	if err != nil {
		return err
	}
	defer v.close()
	if v.encryption.Mode.UsesKMS() && !rq.Call.Secure {
		return sse.NeedsTLS()
	}
	checksums := strings.EqualFold(rq.header("x-amz-checksum-mode"), "ENABLED")
	var keys [][]byte
	if body || v.encryption.Mode == sse.C || checksums {
		// HEAD of an SSE-KMS object needs kms:Decrypt only for the checksum.
		if keys, err = s.keys.DataKeys(rq.Call, b.sse(), &v.encryption, customer); err != nil {
			return err
		}
	} else if err := v.encryption.OpensWith(customer); err != nil {
		return err
	}
	rq.versionHeader(b, v.id)
	if err := rq.unchanged(v, "", http.StatusNotModified); err != nil {
		rq.w.Header().Set("ETag", quote(v.etag))
		rq.w.Header().Set("Last-Modified", httpTime(v.modified))
		return err
	}
	p, err := rq.span(v)
	if err != nil {
		return err
	}
	rq.describe(v, customer)
	if checksums {
		p.checksum.Headers(rq.w.Header())
	}
	rq.w.Header().Set("Content-Length", strconv.FormatInt(p.n, 10))
	rq.w.WriteHeader(p.status)
	if !body {
		return nil
	}
	return v.writeBody(rq.w, keys, p.from, p.n)
}

// writeBody decrypts bytes [from, from+n) of a version.
func (r *reading) writeBody(w io.Writer, keys [][]byte, from, n int64) error {
	for _, body := range r.bodies {
		if from >= body.Size() && body.Size() > 0 {
			from -= body.Size()
			continue
		}
		k := min(n, body.Size()-from)
		if err := body.WriteRange(w, keys, from, k); err != nil {
			return err
		}
		if n -= k; n == 0 {
			return nil
		}
		from = 0
	}
	return nil
}

// describe writes the headers of an object.
func (rq *request) describe(v *reading, customer *sse.CustomerKey) {
	h := rq.w.Header()
	for name, value := range v.headers {
		h.Set(name, value)
	}
	for name, value := range v.metadata {
		// Not by Set, which would write "X-Amz-Meta-Name": S3 keeps names in
		// lower case, and SDKs show them as they come.
		h[metaPrefix+name] = []string{encodeMetadata(value)}
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
	v.encryption.Headers(h, customer)
}

func quote(etag string) string { return `"` + etag + `"` }

func httpTime(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// isoTime is the form of times in S3's documents.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
