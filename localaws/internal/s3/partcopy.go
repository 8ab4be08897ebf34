package s3

import (
	"fmt"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/s3/checksum"
	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
	"github.com/s3seal/s3seal/localaws/internal/s3/payload"
	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// uploadPartCopy makes a part of a range of an object.
//
// Source: S3 API reference, API_UploadPartCopy.
func (s *Service) uploadPartCopy(rq *request, b *bucket) error {
	to, err := s.openUpload(rq, b)
	if err != nil {
		return err
	}
	src, err := s.openSource(rq)
	if err != nil {
		return err
	}
	defer src.close()
	from, n := int64(0), src.size
	if text := rq.header("x-amz-copy-source-range"); text != "" {
		first, last, ok := parseRange(text, src.size)
		if !ok || first >= src.size || text != fmt.Sprintf("bytes=%d-%d", first, last) {
			return fault.InvalidArgument(fmt.Sprintf("Range specified is not valid for source object of size: %d", src.size), "x-amz-copy-source-range", text)
		}
		from, n = first, last-first+1
	}
	if n > payload.Max {
		return fault.InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(payload.Max))
	}
	scheme, hashed := to.upload.scheme, to.upload.version.encryption.Mode.HashedETag()
	body, sum, sumMD5, err := s.reseal(src, to.keys, from, n, scheme.Algorithm, hashed)
	if err != nil {
		return err
	}
	p := &part{number: to.number, body: body, checksum: sum, md5: sealed.RandomBytes(16)}
	if hashed {
		p.md5 = sumMD5
	}
	if err := s.addPart(b, rq, p); err != nil {
		return err
	}
	rq.copied(src)
	out := copyResult{XMLName: resultName("CopyPartResult"), LastModified: isoTime(p.modified), ETag: quote(p.etag)}
	if scheme.Named {
		out.Elements = checksum.ElementOf(sum)
	}
	return rq.answer(http.StatusOK, out)
}
