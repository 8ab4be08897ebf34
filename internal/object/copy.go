package object

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A CopyRequest copies an object within the bucket. The conditions are of Key, and
// those of a put.
type CopyRequest struct {
	From         HeadRequest `json:"from"`
	Key          string      `json:"key"`
	CreateOnly   bool        `json:"createOnly"`
	IfMatch      string      `json:"ifMatch"`
	RequestToken string      `json:"requestToken"`
}

// A CopyResult is the copy, and the version that was copied.
type CopyResult struct {
	Object
	From copied `json:"from"`
}

type copied struct {
	Key       string `json:"key"`
	VersionID string `json:"versionId,omitempty"`
}

// Copy copies an object and encrypts the copy as a put does. Metadata, tags and
// storage class stay. Errors are *function.Error.
func (s *Store) Copy(ctx context.Context, r CopyRequest) (*CopyResult, error) {
	like := PutRequest{CreateOnly: r.CreateOnly, IfMatch: r.IfMatch, RequestToken: r.RequestToken}
	if err := cmp.Or(needKey("from.key", r.From.Key), needKey("key", r.Key), like.checkConditions(), like.checkHeaders()); err != nil {
		return nil, err
	}
	from, err := s.look(ctx, r.From)
	if err != nil {
		return nil, err
	}
	size := aws.ToInt64(from.ContentLength)
	if err := s.checkCopySize(size); err != nil {
		return nil, err
	}
	version := target{&s.config.Bucket, &from.key, from.VersionId}
	in := &s3.CopyObjectInput{
		Bucket:            &s.config.Bucket,
		Key:               &r.Key,
		CopySource:        version.copySource(),
		CopySourceIfMatch: from.ETag,
		StorageClass:      from.StorageClass,
		IfMatch:           optional(r.IfMatch),
	}
	if r.CreateOnly {
		in.IfNoneMatch = aws.String("*")
	}
	in.ServerSideEncryption, in.SSEKMSKeyId = encryptionHeaders(s.config.Pattern, s.config.KMSKeyARN)
	tags, keyID, token := url.Values{}, "", ""
	if s.ring != nil {
		ring, err := s.ring.Ring(ctx)
		if err != nil {
			return nil, function.Classify(ctx, "reading the secret", err)
		}
		var primary ssec.Key
		keyID, primary = ring.Primary()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		in.CopySourceSSECustomerAlgorithm, in.CopySourceSSECustomerKey, in.CopySourceSSECustomerKeyMD5 = from.Customer()
		tags.Set(ssec.KeyIDTag, keyID)
	}
	if like.conditional() {
		token = cmp.Or(r.RequestToken, requestID(ctx))
		tags.Set(tokenTag, token)
	}
	if err := s.retag(ctx, in, version, tags); err != nil {
		return nil, err
	}
	result := &CopyResult{
		Object: Object{Bucket: s.config.Bucket, Key: r.Key, Size: size},
		From:   copied{from.key, aws.ToString(from.VersionId)},
	}
	out, err := s.s3.CopyObject(ctx, in)
	switch a := function.AnswerOf(err); {
	case err == nil:
		result.VersionID = aws.ToString(out.VersionId)
		result.Encryption = readEncryption(out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, keyID)
		if out.CopyObjectResult != nil {
			result.ETag = aws.ToString(out.CopyObjectResult.ETag)
		}
	case like.conditional() && (a.Status == http.StatusPreconditionFailed || a.Code == "ConditionalRequestConflict"):
		if _, err := s.ownPut(ctx, token, &result.Object, err); err != nil {
			return nil, err
		}
	case s.ring != nil && a.Code == "AccessDenied":
		return nil, s.ssecDenied(ctx, err)
	default:
		return nil, function.Classify(ctx, "copying the object", err)
	}
	s.logObject(ctx, "copy", &result.Object)
	return result, nil
}

// retag gives the copy the source's tags and others. S3 would copy the source's
// as they are, with the id of the old key and the token of the source's own put.
func (s *Store) retag(ctx context.Context, in *s3.CopyObjectInput, from target, tags url.Values) error {
	out, err := s.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: from.bucket, Key: from.key, VersionId: from.version})
	if err != nil {
		return function.Classify(ctx, "reading the object's tags", err)
	}
	for _, t := range out.TagSet {
		if key := aws.ToString(t.Key); key != ssec.KeyIDTag && key != tokenTag {
			tags.Set(key, aws.ToString(t.Value))
		}
	}
	in.TaggingDirective, in.Tagging = types.TaggingDirectiveReplace, aws.String(tags.Encode())
	return nil
}

func (s *Store) checkCopySize(size int64) error {
	if size > s.maxCopy {
		return function.Errorf(function.PayloadTooLarge, nil, `the object has %d bytes, and S3 copies at most %d in one call: copy it in parts, as "aws s3 cp" does`, size, s.maxCopy)
	}
	return nil
}

// copySource is the parameter CopySource. It names the version, and not only the
// key: the SSE-C key that was found is that version's.
func (t target) copySource() *string {
	return awsclient.CopySource(*t.bucket, *t.key, aws.ToString(t.version))
}
