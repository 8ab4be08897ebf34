package rotation

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// probe sees whether S3 accepts the ring's primary key in the bucket, and leaves
// nothing there: see "The test in S3" in the package comment.
func (r *Rotator) probe(ctx context.Context, ring *ssec.Ring) error {
	id, key := ring.Primary()
	algorithm, text, sum := key.Customer()
	bucket, object := &r.config.Bucket, &r.config.ProbeKey
	begun, err := r.s3.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: bucket, Key: object, SSECustomerAlgorithm: algorithm, SSECustomerKey: text, SSECustomerKeyMD5: sum,
	})
	if err != nil {
		return r.probeFailed(ctx, "beginning an upload under the key "+id, err)
	}
	_, err = r.s3.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: bucket, Key: object, UploadId: begun.UploadId, PartNumber: aws.Int32(1), Body: strings.NewReader("s3seal"),
		SSECustomerAlgorithm: algorithm, SSECustomerKey: text, SSECustomerKeyMD5: sum,
	})
	_, abortErr := r.s3.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: bucket, Key: object, UploadId: begun.UploadId})
	if abortErr != nil {
		r.log.WarnContext(ctx, "the test's upload is left to the bucket's lifecycle rule", "object", *object, "uploadId", aws.ToString(begun.UploadId), "reason", function.Describe(abortErr))
	}
	if err != nil {
		return r.probeFailed(ctx, "uploading under the key "+id, err)
	}
	return nil
}

func (r *Rotator) probeFailed(ctx context.Context, what string, err error) error {
	e := function.Classify(ctx, what, err)
	if e.Type == function.AccessDenied {
		e.Text += "; look at the role's and the bucket's policy, at whether the bucket blocks SSE-C (BlockedEncryptionTypes), and at an organization's resource control policy (RCP) against SSE-C"
	}
	return e
}
