package s3

import (
	"cmp"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

// putObject stores an object. The order is S3's: the request's own sense
// first, then the policies, then the body.
func (s *Service) putObject(rq *request, b *bucket) error {
	c := b.settings()
	w, v, err := s.newVersion(rq, b, &c, true)
	if err != nil {
		return err
	}
	err = s.store(rq, b, w, v, func(keys [][]byte) error {
		in, err := payload.Open(rq.Request, payload.Options{MD5: v.encryption.Mode.HashedETag()})
		if err != nil {
			return err
		}
		return s.receive(in, v, keys)
	})
	if err != nil {
		return err
	}
	rq.w.Header().Set("ETag", quote(v.etag))
	v.checksum.Headers(rq.w.Header())
	return rq.done(http.StatusOK)
}

// store encrypts a new version, has its body written, and makes it visible.
func (s *Service) store(rq *request, b *bucket, w sse.Wish, v *version, write func(keys [][]byte) error) error {
	may, err := s.writeCondition(rq, b)
	if err != nil {
		return err
	}
	var keys [][]byte
	if v.encryption, keys, err = s.keys.Encrypt(rq.Call, b.sse(), rq.Key, w); err != nil {
		return err
	}
	if err := write(keys); err != nil {
		return err
	}
	id, err := s.commit(b, v, may)
	if err != nil {
		v.drop()
		return err
	}
	rq.made(v, id, w.Customer)
	s.notify(rq, b, created[rq.Operation], eventObject{Key: v.key, Size: v.size, ETag: v.etag, VersionID: id})
	return nil
}

// made tells of a new version. id is "" if the bucket never was versioned.
func (rq *request) made(v *version, id string, customer *sse.CustomerKey) {
	rq.ObjectSize, rq.VersionID = v.size, id
	if id != "" {
		rq.w.Header().Set("x-amz-version-id", id)
	}
	v.encryption.Headers(rq.w.Header(), customer)
}

// newVersion reads what a write says of the new object and has the policies
// decide it. creates is false for CreateMultipartUpload.
func (s *Service) newVersion(rq *request, b *bucket, c *configuration.Bucket, creates bool) (sse.Wish, *version, error) {
	w, err := sse.ReadWish(rq.Request.Header, rq.Call.Secure, c.Encryption.Wish())
	if err != nil {
		return w, nil, err
	}
	v, err := rq.attributes()
	if err != nil {
		return w, nil, err
	}
	v.owner = b.account // BucketOwnerEnforced: the bucket's owner owns every object
	if v.tags, err = rq.headerTags(); err != nil {
		return w, nil, err
	}
	if err := s.authorizeWrite(rq, b, creates, v.tags); err != nil {
		return w, nil, err
	}
	if err := rq.cannedACL(); err != nil {
		return w, nil, err
	}
	return w, v, rq.blocked(w, b, c)
}

// receive reads the version's only body.
//
// Source: S3 API reference, API_PutObject, x-amz-checksum-crc64nvme: S3 adds it
// to what was uploaded without a checksum.
func (s *Service) receive(in *payload.Reader, v *version, keys [][]byte) error {
	algorithm := cmp.Or(in.Algorithm(), checksum.Default)
	in.Sum(algorithm)
	body, err := s.bodies.Seal(in, keys)
	if err != nil {
		return err
	}
	if err := in.Verify(); err != nil {
		body.Release()
		return err
	}
	v.checksum = in.Computed(algorithm)
	v.bodies, v.size = []sealed.Body{body}, body.Size()
	v.etag = newETag()
	if v.encryption.Mode.HashedETag() {
		v.etag = hex.EncodeToString(in.MD5())
	}
	return nil
}

// newETag is the ETag of a body whose MD5 must not be told.
func newETag() string { return hex.EncodeToString(sealed.RandomBytes(md5.Size)) }

// commit makes a version visible, if it may be.
func (s *Service) commit(b *bucket, v *version, may condition) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.deleted {
		return "", fault.NoSuchBucket(b.name)
	}
	if may != nil {
		if err := may(b.index.current(v.key)); err != nil {
			return "", err
		}
	}
	s.show(b, v)
	if b.config.Versioning == "" {
		return "", nil
	}
	return v.id, nil
}

// show makes a version visible and has it replicated. b.mu is held.
func (s *Service) show(b *bucket, v *version) {
	v.modified = s.opt.Now()
	v.replication = b.config.Replication.Status(v.object())
	b.place(v)
	if v.replication == "PENDING" {
		s.replication.add(task{bucket: b, key: v.key, version: v.id, kind: replicateObject})
	}
}

// keptHeaders come back with the object as they were sent.
var keptHeaders = []string{"Cache-Control", "Content-Disposition", "Content-Language", "Expires"}

// attributes reads headers, metadata and storage class of a new object.
func (rq *request) attributes() (*version, error) {
	v := &version{key: rq.Key, headers: map[string]string{}}
	v.headers["Content-Type"] = "binary/octet-stream"
	if t := rq.header("Content-Type"); t != "" {
		v.headers["Content-Type"] = t
	}
	for _, name := range keptHeaders {
		if value := rq.header(name); value != "" {
			v.headers[name] = value
		}
	}
	encodings := slices.DeleteFunc(strings.Split(rq.header("Content-Encoding"), ","), func(e string) bool {
		e = strings.TrimSpace(e)
		return e == "" || e == "aws-chunked" // how it travelled, not what it is
	})
	if len(encodings) > 0 {
		v.headers["Content-Encoding"] = strings.Join(encodings, ",")
	}
	var err error
	if v.metadata, err = readMetadata(rq.Request.Header); err != nil {
		return nil, err
	}
	v.class, err = rq.storageClass()
	return v, err
}

// storageClass is recorded and changes nothing. The archive classes would:
// their objects must be restored before they are read.
func (rq *request) storageClass() (string, error) {
	switch class := rq.header("x-amz-storage-class"); class {
	case "", "STANDARD":
		return "STANDARD", nil
	case "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR":
		return class, nil
	case "GLACIER", "DEEP_ARCHIVE":
		return "", fault.NotImplemented("the storage class " + class)
	default:
		return "", api.Errorf(400, "InvalidStorageClass", "The storage class you specified is not valid")
	}
}

// cannedACL refuses ACLs: every bucket here is BucketOwnerEnforced.
//
// Source: S3 user guide, about-object-ownership.
func (rq *request) cannedACL() error {
	switch rq.header("x-amz-acl") {
	case "", "private", "bucket-owner-full-control":
	default:
		return aclNotSupported()
	}
	for name := range rq.Request.Header {
		if strings.HasPrefix(strings.ToLower(name), "x-amz-grant-") {
			return aclNotSupported()
		}
	}
	return nil
}

func aclNotSupported() error {
	return api.Errorf(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
}
