package s3

import (
	"crypto/rand"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// upload is a multipart upload that is not complete. Its bucket guards it.
type upload struct {
	id        string
	started   time.Time
	initiator owner
	version   *version // what it becomes: all but body, ETag and size
	scheme    checksum.Scheme
	parts     map[int]*part
}

type part struct {
	number   int
	body     sealed.Body
	etag     string
	md5      []byte       // what the ETag of the object is made from
	checksum checksum.Sum // of the algorithm of the upload
	modified time.Time
}

func (u *upload) drop() {
	for _, p := range u.parts {
		p.body.Release()
	}
}

// upload finds an upload of the request's key. b.mu is held.
func (b *bucket) upload(key, id string) (*upload, error) {
	u, ok := b.uploads[id]
	if !ok || u.version.key != key {
		return nil, fault.With(api.Errorf(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."), "UploadId", id)
	}
	return u, nil
}

// findUpload finds it for a request; what it returns never changes but parts.
func (b *bucket) findUpload(rq *request) (*upload, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.upload(rq.Key, rq.query.Get("uploadId"))
}

type initiateResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
	Bucket   string
	Key      string
	UploadID string `xml:"UploadId"`
}

func (s *Service) createMultipartUpload(rq *request, b *bucket) error {
	c := b.settings()
	w, v, err := s.newVersion(rq, b, &c, false)
	if err != nil {
		return err
	}
	u := &upload{id: rand.Text(), started: s.opt.Now(), initiator: initiatorOf(rq.Call.Caller), version: v, parts: map[int]*part{}}
	if u.scheme, err = checksum.ReadScheme(rq.Request.Header); err != nil {
		return err
	}
	if v.encryption, _, err = s.keys.Encrypt(rq.Call, b.sse(), rq.Key, w); err != nil {
		return err
	}
	b.mu.Lock()
	if !b.deleted {
		b.uploads[u.id] = u
	}
	b.mu.Unlock()
	h := rq.w.Header()
	v.encryption.Headers(h, w.Customer)
	if u.scheme.Named {
		h.Set("x-amz-checksum-algorithm", u.scheme.Algorithm)
		h.Set("x-amz-checksum-type", u.scheme.Kind())
	}
	return rq.answer(http.StatusOK, initiateResult{Bucket: b.name, Key: rq.Key, UploadID: u.id})
}

// partUpload is what UploadPart and UploadPartCopy have in common.
type partUpload struct {
	upload *upload
	number int
	keys   [][]byte
}

// openUpload reads a request for a part, after the policies admitted it. SSE-KMS
// needs kms:Decrypt here.
//
// Source: S3 user guide, mpuAndPermissions.
func (s *Service) openUpload(rq *request, b *bucket) (p partUpload, err error) {
	customer, err := rq.customerKey(sse.HeaderCustomer)
	if err != nil {
		return p, err
	}
	if err := s.authorize(rq, b, "s3:PutObject", rq.Key, rq.writeKeys(false)); err != nil {
		return p, err
	}
	p.number, err = strconv.Atoi(rq.query.Get("partNumber"))
	if err != nil || p.number < 1 || p.number > 10000 {
		return p, fault.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", rq.query.Get("partNumber"))
	}
	if p.upload, err = b.findUpload(rq); err != nil {
		return p, err
	}
	e := &p.upload.version.encryption
	if err := e.FitsPart(customer); err != nil {
		return p, err
	}
	p.keys, err = s.keys.DataKeys(rq.Call, b.sse(), e, customer)
	if err == nil {
		e.Headers(rq.w.Header(), customer)
	}
	return p, err
}

func (s *Service) uploadPart(rq *request, b *bucket) error {
	to, err := s.openUpload(rq, b)
	if err != nil {
		return err
	}
	u := to.upload
	hashed := u.version.encryption.Mode.HashedETag()
	in, err := payload.Open(rq.Request, payload.Options{MD5: hashed})
	if err != nil {
		return err
	}
	if err := u.scheme.CheckPart(in.Algorithm()); err != nil {
		return err
	}
	in.Sum(u.scheme.Algorithm)
	body, err := s.bodies.Seal(in, to.keys)
	if err != nil {
		return err
	}
	if err := in.Verify(); err != nil {
		body.Release()
		return err
	}
	sum, shown := in.Computed(u.scheme.Algorithm), in.Computed(in.Algorithm())
	if u.scheme.Named {
		shown = sum
	}
	p := &part{number: to.number, body: body, checksum: sum, md5: sealed.RandomBytes(16)}
	if hashed {
		p.md5 = in.MD5()
	}
	if err := s.addPart(b, rq, p); err != nil {
		return err
	}
	rq.w.Header().Set("ETag", quote(p.etag))
	shown.Headers(rq.w.Header())
	rq.w.Header().Del("x-amz-checksum-type")
	return rq.done(http.StatusOK)
}

// addPart puts a part into its upload, if that is still there, in the place of
// an earlier one with its number.
func (s *Service) addPart(b *bucket, rq *request, p *part) error {
	p.etag = hexString(p.md5)
	p.modified = s.opt.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	u, err := b.upload(rq.Key, rq.query.Get("uploadId"))
	if err != nil {
		p.body.Release()
		return err
	}
	if old := u.parts[p.number]; old != nil {
		old.body.Release()
	}
	u.parts[p.number] = p
	return nil
}

func (s *Service) abortMultipartUpload(rq *request, b *bucket) error {
	b.mu.Lock()
	u, err := b.upload(rq.Key, rq.query.Get("uploadId"))
	if err == nil {
		u.drop()
		delete(b.uploads, u.id)
	}
	b.mu.Unlock()
	if err != nil {
		return err
	}
	return rq.done(http.StatusNoContent)
}

// sortedUploads are the uploads by key and start. b.mu is held.
func (b *bucket) sortedUploads() []*upload {
	return slices.SortedFunc(maps.Values(b.uploads), func(x, y *upload) int {
		if c := strings.Compare(x.version.key, y.version.key); c != 0 {
			return c
		}
		return x.started.Compare(y.started)
	})
}
