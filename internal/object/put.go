package object

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A PutRequest is one upload.
type PutRequest struct {
	Key             string // "" means OBJECT_KEY
	Body            []byte
	ContentType     string
	ContentEncoding string
	CacheControl    string
	Metadata        map[string]string
	CreateOnly      bool   // fail with Conflict if the key has an object
	IfMatch         string // fail with Conflict if the object has another ETag
	RequestToken    string // of a conditional put; "" means Lambda's request id
}

// Put uploads an object. Errors are *function.Error.
func (s *Store) Put(ctx context.Context, r PutRequest) (*Object, error) {
	key, err := s.key(r.Key)
	if err != nil {
		return nil, err
	}
	for _, err := range []error{s.checkSize(len(r.Body)), r.checkHeaders(), r.checkConditions()} {
		if err != nil {
			return nil, err
		}
	}
	in := &s3.PutObjectInput{
		Bucket:          &s.config.Bucket,
		Key:             &key,
		Body:            bytes.NewReader(r.Body),
		ContentType:     &r.ContentType,
		ContentEncoding: optional(r.ContentEncoding),
		CacheControl:    optional(r.CacheControl),
		Metadata:        r.Metadata,
		IfMatch:         optional(r.IfMatch),
	}
	encrypt(in, s.config.Pattern, s.config.KMSKeyARN)
	keyID, tags := "", url.Values{}
	if s.ring != nil {
		ring, err := s.ring.Ring(ctx)
		if err != nil {
			return nil, function.Classify(ctx, "reading the secret", err)
		}
		var primary ssec.Key
		keyID, primary = ring.Primary()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		tags.Set(ssec.KeyIDTag, keyID)
	}
	if r.CreateOnly {
		in.IfNoneMatch = aws.String("*")
	}
	token := ""
	if r.conditional() {
		token = cmp.Or(r.RequestToken, requestID(ctx))
		tags.Set(tokenTag, token)
	}
	if len(tags) > 0 {
		in.Tagging = aws.String(tags.Encode())
	}
	result := &Object{Bucket: s.config.Bucket, Key: key, Size: int64(len(r.Body))}
	out, err := s.s3.PutObject(ctx, in)
	switch a := function.AnswerOf(err); {
	case err == nil:
		result.ETag, result.VersionID = aws.ToString(out.ETag), aws.ToString(out.VersionId)
		result.Encryption = readEncryption(out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, keyID)
		return result, nil
	case r.conditional() && (a.Status == http.StatusPreconditionFailed || a.Code == "ConditionalRequestConflict"):
		return s.ownPut(ctx, token, result, err)
	case s.ring != nil && a.Code == "AccessDenied":
		return nil, s.ssecDenied(ctx, err)
	}
	return nil, function.Classify(ctx, "putting the object", err)
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
