package sweep

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// partSize is the least that a part of a copy has, in bytes, unless it is the
// last. An upload has at most maxParts parts.
//
// Source: AmazonS3/latest/userguide/qfacts.html.
const (
	partSize = 1 << 30
	maxParts = 10_000
)

// copyInParts copies an object onto itself that is too large for one request. The
// upload carries what CopyObject copies by itself. If it does not come to its end
// it is aborted; if the process dies, the bucket's lifecycle does that.
func (s *Sweeper) copyInParts(ctx context.Context, ring *ssec.Ring, f *finding) error {
	if err := s.refuseAnnotations(ctx, f); err != nil {
		return err
	}
	id, primary := ring.Primary()
	upload, err := s.begin(ctx, f, id, primary)
	if err != nil {
		return err
	}
	if err := s.complete(ctx, f, id, primary, upload); err != nil {
		// Also when ctx has ended: parts that stay are paid for.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		s.S3.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &s.Bucket, Key: &f.name.key, UploadId: upload})
		return err
	}
	return nil
}

// refuseAnnotations fails for an object with annotations: CopyObject copies them,
// and an upload in parts does not.
//
// Source: AmazonS3/latest/API/API_CopyObject.html, x-amz-object-annotation-directive.
func (s *Sweeper) refuseAnnotations(ctx context.Context, f *finding) error {
	in := &s3.ListObjectAnnotationsInput{Bucket: &s.Bucket, Key: &f.name.key, VersionId: f.pinned()}
	out, err := retrying(ctx, s, func() (*s3.ListObjectAnnotationsOutput, error) { return s.S3.ListObjectAnnotations(ctx, in) })
	switch {
	case statusOf(err) == http.StatusNotImplemented:
		return nil // an S3 without annotations
	case err != nil:
		return err
	case len(out.Annotations) > 0:
		return &function.Error{Type: function.BadRequest, Text: "the object has annotations, which a copy in parts would lose: copy it by hand"}
	}
	return nil
}

func (s *Sweeper) begin(ctx context.Context, f *finding, id string, primary ssec.Key) (*string, error) {
	h := f.head
	in := &s3.CreateMultipartUploadInput{
		Bucket: &s.Bucket, Key: &f.name.key,
		Metadata: h.Metadata, ContentType: h.ContentType, ContentEncoding: h.ContentEncoding, ContentLanguage: h.ContentLanguage,
		ContentDisposition: h.ContentDisposition, CacheControl: h.CacheControl, WebsiteRedirectLocation: h.WebsiteRedirectLocation,
		StorageClass: h.StorageClass, Tagging: tagging(f.tags, id),
	}
	if expires, err := http.ParseTime(aws.ToString(h.ExpiresString)); err == nil {
		in.Expires = &expires
	}
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
	lock := lockOf(h, s.now())
	in.ObjectLockMode, in.ObjectLockRetainUntilDate, in.ObjectLockLegalHoldStatus = lock.mode, lock.until, lock.hold
	in.ObjectLockEventHold, in.ObjectLockEventHoldDurationDays, in.ObjectLockEventHoldDurationYears = lock.event, lock.days, lock.years
	out, err := retrying(ctx, s, func() (*s3.CreateMultipartUploadOutput, error) { return s.S3.CreateMultipartUpload(ctx, in) })
	if err != nil {
		return nil, err
	}
	return out.UploadId, nil
}

// complete copies the parts and makes the object of them, if the object is still
// the one that was looked at and the primary key still the primary: the parts may
// have taken longer than a ring is current.
func (s *Sweeper) complete(ctx context.Context, f *finding, id string, primary ssec.Key, upload *string) error {
	parts, err := s.copyParts(ctx, f, primary, upload)
	if err != nil {
		return err
	}
	ring, err := s.Ring.Ring(ctx)
	if err != nil {
		return err
	}
	if _, now := ring.Primary(); !now.Equal(primary) {
		return errChanged
	}
	ctx, cancel := context.WithTimeout(ctx, WriteTime)
	defer cancel()
	in := &s3.CompleteMultipartUploadInput{
		Bucket: &s.Bucket, Key: &f.name.key, UploadId: upload, IfMatch: f.head.ETag,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	}
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
	_, err = retrying(ctx, s, func() (*s3.CompleteMultipartUploadOutput, error) { return s.S3.CompleteMultipartUpload(ctx, in) })
	return err
}

func (s *Sweeper) copyParts(ctx context.Context, f *finding, primary ssec.Key, upload *string) ([]types.CompletedPart, error) {
	size := s.partSizeOf(f.size)
	count := (f.size + size - 1) / size
	parts := make([]types.CompletedPart, count)
	err := inParallel(ctx, s.workers(), int(count), func(ctx context.Context, i int) error {
		first := int64(i) * size
		in := &s3.UploadPartCopyInput{
			Bucket: &s.Bucket, Key: &f.name.key, UploadId: upload, PartNumber: aws.Int32(int32(i + 1)),
			CopySource: s.source(f.name), CopySourceIfMatch: f.head.ETag,
			CopySourceRange: aws.String(fmt.Sprintf("bytes=%d-%d", first, min(first+size, f.size)-1)),
		}
		in.CopySourceSSECustomerAlgorithm, in.CopySourceSSECustomerKey, in.CopySourceSSECustomerKeyMD5 = f.key.Customer()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		out, err := retrying(ctx, s, func() (*s3.UploadPartCopyOutput, error) { return s.S3.UploadPartCopy(ctx, in) })
		if err != nil {
			return err
		}
		r := out.CopyPartResult
		parts[i] = types.CompletedPart{PartNumber: in.PartNumber, ETag: r.ETag, ChecksumCRC32: r.ChecksumCRC32, ChecksumCRC32C: r.ChecksumCRC32C, ChecksumCRC64NVME: r.ChecksumCRC64NVME, ChecksumSHA1: r.ChecksumSHA1, ChecksumSHA256: r.ChecksumSHA256}
		return nil
	})
	return parts, err
}

// partSizeOf is the size of the parts of an object: a whole number of MiB, and not
// more than maxParts of them.
func (s *Sweeper) partSizeOf(size int64) int64 {
	const mib = 1 << 20
	least := (size + maxParts - 1) / maxParts
	return max(s.partSize(), (least+mib-1)/mib*mib)
}
