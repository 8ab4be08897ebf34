package object

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// requestMetadata is the user metadata (x-amz-meta-...) that a createOnly put
// carries, so that it knows its own object again.
const requestMetadata = "ssec-request"

// A PutRequest is one upload.
type PutRequest struct {
	Key         string // "" means OBJECT_KEY
	Body        []byte
	ContentType string
	CreateOnly  bool // fail with Conflict if the key has an object
}

// Put uploads an object. Errors are *function.Error.
func (s *Store) Put(ctx context.Context, r PutRequest) (*Object, error) {
	key, err := s.key(r.Key)
	if err != nil {
		return nil, err
	}
	if size := int64(len(r.Body)); size > s.maxBody {
		return nil, s.tooLarge("the body", size, "upload it to S3 directly")
	}
	in := &s3.PutObjectInput{
		Bucket:      &s.config.Bucket,
		Key:         &key,
		Body:        bytes.NewReader(r.Body),
		ContentType: &r.ContentType,
	}
	encrypt(in, s.config.Pattern, s.config.KMSKeyARN)
	keyID := ""
	if s.ring != nil {
		ring, err := s.ring.Ring(ctx)
		if err != nil {
			return nil, function.Classify(ctx, "reading the secret", err)
		}
		var primary ssec.Key
		keyID, primary = ring.Primary()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		in.Tagging = aws.String(url.Values{ssec.KeyIDTag: {keyID}}.Encode())
	}
	if r.CreateOnly {
		in.IfNoneMatch = aws.String("*")
		in.Metadata = map[string]string{requestMetadata: requestToken(ctx)}
	}
	result := &Object{Bucket: s.config.Bucket, Key: key, Size: int64(len(r.Body))}
	out, err := s.s3.PutObject(ctx, in)
	switch {
	case err == nil:
		result.ETag, result.VersionID = aws.ToString(out.ETag), aws.ToString(out.VersionId)
		result.Encryption = readEncryption(out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, keyID)
		return result, nil
	case r.CreateOnly && function.AnswerOf(err).Status == http.StatusPreconditionFailed:
		return s.ownPut(ctx, in, keyID, result)
	case s.ring != nil && function.AnswerOf(err).Code == "AccessDenied":
		return nil, s.ssecDenied(ctx, err)
	}
	return nil, function.Classify(ctx, "putting the object", err)
}

// requestToken is the same in every try of one invocation. Lambda's own retries
// of an asynchronous event keep the request id, so these know their object too.
func requestToken(ctx context.Context) string {
	if lc, ok := lambdacontext.FromContext(ctx); ok && lc.AwsRequestID != "" {
		return lc.AwsRequestID
	}
	return rand.Text()
}

// ownPut looks, after a createOnly put was answered 412, whether the object is
// this very put's: when S3 wrote the object and its answer got lost, the SDK's
// next try meets the object of the first.
func (s *Store) ownPut(ctx context.Context, put *s3.PutObjectInput, keyID string, result *Object) (*Object, error) {
	out, err := s.s3.HeadObject(ctx, &s3.HeadObjectInput{
		Bucket:               put.Bucket,
		Key:                  put.Key,
		SSECustomerAlgorithm: put.SSECustomerAlgorithm,
		SSECustomerKey:       put.SSECustomerKey,
		SSECustomerKeyMD5:    put.SSECustomerKeyMD5,
	})
	switch status := function.AnswerOf(err).Status; {
	case err == nil && out.Metadata[requestMetadata] == put.Metadata[requestMetadata]:
		result.ETag, result.VersionID = aws.ToString(out.ETag), aws.ToString(out.VersionId)
		result.Encryption = readEncryption(out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, keyID)
		return result, nil
	case err == nil, status == http.StatusBadRequest, status == http.StatusNotFound:
		// Under another encryption or key than ours, or gone again: not ours.
		return nil, function.Errorf(function.Conflict, err, "createOnly: the key has an object already")
	case status == http.StatusForbidden:
		return nil, function.Errorf(function.Conflict, err, "createOnly: the key has an object already, which this function can't read (another SSE-C key, or no s3:GetObject)")
	}
	return nil, function.Classify(ctx, "looking whether the object is this request's own", err)
}

// ssecDenied tells a bucket that blocks SSE-C from a missing right: S3 answers
// both 403 AccessDenied.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
func (s *Store) ssecDenied(ctx context.Context, denied error) error {
	e := function.Classify(ctx, "putting the object", denied)
	out, err := s.s3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &s.config.Bucket})
	switch {
	case err != nil:
		e.Text += "; whether the bucket blocks SSE-C (BlockedEncryptionTypes) could not be read (s3:GetEncryptionConfiguration); if it does not, look at the role's and the bucket's policy, and at an organization's resource control policy (RCP) against SSE-C"
	case blocksSSEC(out.ServerSideEncryptionConfiguration):
		e.Type = function.SSECBlocked
		e.Text = "the bucket blocks SSE-C: set BlockedEncryptionTypes NONE in its encryption configuration; if that is set and uploads still fail, a resource control policy (RCP) of the organization denies SSE-C"
	default:
		e.Text += "; the bucket does not block SSE-C (BlockedEncryptionTypes): look at the role's and the bucket's policy, and at an organization's resource control policy (RCP) against SSE-C"
	}
	return e
}

func blocksSSEC(c *types.ServerSideEncryptionConfiguration) bool {
	return c != nil && slices.ContainsFunc(c.Rules, func(r types.ServerSideEncryptionRule) bool {
		return r.BlockedEncryptionTypes != nil && slices.Contains(r.BlockedEncryptionTypes.EncryptionType, types.EncryptionTypeSseC)
	})
}
