package s3

import (
	"cmp"
	"crypto/md5"
	"encoding/xml"
	"io"
	"net/http"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
	"github.com/s3seal/s3seal/localaws/internal/s3/sse"
)

type copyResult struct {
	XMLName      xml.Name
	LastModified string
	ETag         string
	checksum.Elements
	ChecksumType string `xml:",omitempty"`
}

// copyObject writes a new object, encrypted as the request and the destination
// bucket say, whatever the source's encryption.
func (s *Service) copyObject(rq *request, b *bucket) error {
	c := b.settings()
	replaceMetadata, err := rq.directive("x-amz-metadata-directive")
	if err != nil {
		return err
	}
	replaceTags, err := rq.directive("x-amz-tagging-directive")
	if err != nil {
		return err
	}
	algorithm, err := checksum.Named(rq.Request.Header)
	if err != nil {
		return err
	}
	w, v, err := s.newVersion(rq, b, &c, true)
	if err != nil {
		return err
	}
	src, err := s.openSource(rq)
	if err != nil {
		return err
	}
	defer src.close()
	switch {
	case src.size > payload.Max:
		return fault.InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(payload.Max))
	case src.bucket == b && src.version.key == rq.Key && !src.named && !replaceMetadata && !rq.changesSomething():
		return fault.InvalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	if !replaceMetadata {
		v.headers, v.metadata = src.headers, src.metadata
	}
	if !replaceTags {
		if err := s.copyTags(rq, b, src, v); err != nil {
			return err
		}
	}
	err = s.store(rq, b, w, v, func(keys [][]byte) error {
		return s.copyBytes(v, keys, src, cmp.Or(algorithm, src.checksum.Algorithm, checksum.Default))
	})
	if err != nil {
		return err
	}
	rq.copied(src)
	return rq.answer(http.StatusOK, copyResult{
		XMLName: resultName("CopyObjectResult"), LastModified: isoTime(v.modified), ETag: quote(v.etag),
		Elements: checksum.ElementOf(v.checksum), ChecksumType: v.checksum.Kind(),
	})
}

// copied names the version that was read.
func (rq *request) copied(src *source) {
	if src.bucket.settings().Versioning != "" {
		rq.w.Header().Set("x-amz-copy-source-version-id", src.id)
	}
}

func resultName(local string) xml.Name { return xml.Name{Space: namespace, Local: local} }

// directive reads COPY or REPLACE.
func (rq *request) directive(name string) (replace bool, err error) {
	switch rq.header(name) {
	case "", "COPY":
		return false, nil
	case "REPLACE":
		return true, nil
	}
	return false, fault.InvalidArgument("Unknown "+strings.TrimPrefix(name, "x-amz-")+".", name, rq.header(name))
}

// changesSomething says whether a copy onto itself is of any use.
func (rq *request) changesSomething() bool {
	for _, name := range []string{sse.Header, sse.HeaderKMSKeyID, sse.HeaderBucketKey, sse.HeaderCustomerAlgorithm, sse.HeaderCopyCustomer + "algorithm", "x-amz-storage-class", "x-amz-checksum-algorithm"} {
		if rq.has(name) {
			return true
		}
	}
	return rq.header("x-amz-tagging-directive") == "REPLACE"
}

// copyTags copies the source's tags too; that needs permissions of its own.
//
// Source: S3 API reference, API_CopyObject, TaggingDirective.
func (s *Service) copyTags(rq *request, b *bucket, src *source, v *version) error {
	v.tags = src.tags
	if len(src.tags) == 0 {
		return nil
	}
	action := "s3:GetObjectTagging"
	keys := existingTagKeys(src.tags)
	if src.named {
		action = versioned[action]
		keys["s3:VersionId"] = iam.Strings{src.id}
	}
	if err := s.authorize(rq, src.bucket, action, src.version.key, keys); err != nil {
		return err
	}
	return s.authorize(rq, b, "s3:PutObjectTagging", rq.Key, requestTagKeys(src.tags))
}

// copyBytes decrypts the source and seals it anew, a frame at a time. The
// checksum is of the whole object, even if the source's was composite.
//
// Source: S3 user guide, checking-object-integrity-upload.
func (s *Service) copyBytes(v *version, keys [][]byte, src *source, algorithm string) error {
	hashed := v.encryption.Mode.HashedETag()
	body, sum, sumMD5, err := s.reseal(src, keys, 0, src.size, algorithm, hashed)
	if err != nil {
		return err
	}
	v.bodies, v.size, v.checksum, v.etag = []sealed.Body{body}, body.Size(), sum, newETag()
	if hashed {
		v.etag = hexString(sumMD5)
	}
	return nil
}

// reseal gives the MD5 too, if it is asked for.
func (s *Service) reseal(src *source, keys [][]byte, from, n int64, algorithm string, wantMD5 bool) (sealed.Body, checksum.Sum, []byte, error) {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(s.opt.Log.Guard("copy", func() error { return src.writeBody(pw, src.keys, from, n) }))
	}()
	defer pr.Close()
	additional := checksum.New(algorithm)
	in := io.TeeReader(pr, additional)
	sumMD5 := md5.New()
	if wantMD5 {
		in = io.TeeReader(in, sumMD5)
	}
	body, err := s.bodies.Seal(in, keys)
	if err != nil {
		return body, checksum.Sum{}, nil, api.Errorf(500, "InternalError", "copy: %v", err)
	}
	return body, checksum.Of(algorithm, additional), sumMD5.Sum(nil), nil
}
