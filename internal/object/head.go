package object

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
)

// A HeadRequest names an object to look at.
type HeadRequest struct {
	Key       string `json:"key"`       // "" means OBJECT_KEY
	VersionID string `json:"versionId"` // "" means the current version
}

// A HeadResult is what S3 says of an object.
type HeadResult struct {
	Object
	ContentType     string             `json:"contentType"`
	ContentEncoding string             `json:"contentEncoding,omitempty"`
	CacheControl    string             `json:"cacheControl,omitempty"`
	Metadata        map[string]string  `json:"metadata,omitempty"`
	StorageClass    types.StorageClass `json:"storageClass"`
	LastModified    time.Time          `json:"lastModified"`
}

// Head looks at an object. Errors are *function.Error.
func (s *Store) Head(ctx context.Context, r HeadRequest) (*HeadResult, error) {
	o, err := s.look(ctx, r)
	if err != nil {
		return nil, err
	}
	result := &HeadResult{
		Object:          s.described(o),
		ContentType:     aws.ToString(o.ContentType),
		ContentEncoding: aws.ToString(o.ContentEncoding),
		CacheControl:    aws.ToString(o.CacheControl),
		Metadata:        o.Metadata,
		StorageClass:    o.StorageClass,
		LastModified:    aws.ToTime(o.LastModified),
	}
	if result.StorageClass == "" {
		result.StorageClass = types.StorageClassStandard // which S3 leaves out
	}
	s.logObject(ctx, "head", &result.Object)
	return result, nil
}

// A seen object is an object that was looked at, with its SSE-C key.
type seen struct {
	*s3.HeadObjectOutput
	key string
	namedKey
}

// look finds an object and the key that opens it.
func (s *Store) look(ctx context.Context, r HeadRequest) (*seen, error) {
	key, err := s.key(r.Key)
	if err != nil {
		return nil, err
	}
	version, err := versionOf(r.VersionID)
	if err != nil {
		return nil, err
	}
	in := &s3.HeadObjectInput{Bucket: &s.config.Bucket, Key: &key, VersionId: version}
	if s.ring != nil {
		return find(ctx, s, target{in.Bucket, in.Key, in.VersionId}, func(ctx context.Context, k namedKey) (*seen, error) {
			in := *in
			in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = k.Customer()
			out, err := s.s3.HeadObject(ctx, &in)
			return &seen{out, key, k}, err
		})
	}
	out, err := s.s3.HeadObject(ctx, in)
	switch status := function.AnswerOf(err).Status; {
	case err == nil:
		return &seen{HeadObjectOutput: out, key: key}, nil
	case status == http.StatusBadRequest && version != nil:
		// The answer to a HEAD has no body that would tell the two apart.
		return nil, function.Errorf(function.BadRequest, err, `"versionId" can be no version's id, or the version is under SSE-C, for which this function, with ENCRYPTION %s, has no key`, s.config.Pattern)
	case status == http.StatusBadRequest:
		return nil, s.needsKey(err)
	}
	return nil, function.Classify(ctx, "looking at the object", err)
}

func (s *Store) described(o *seen) Object {
	return Object{
		Bucket:     s.config.Bucket,
		Key:        o.key,
		VersionID:  aws.ToString(o.VersionId),
		ETag:       aws.ToString(o.ETag),
		Encryption: readEncryption(o.ServerSideEncryption, o.SSEKMSKeyId, o.BucketKeyEnabled, o.id),
		Size:       aws.ToInt64(o.ContentLength),
	}
}

// versionOf is a version's id of an event, nil for none.
func versionOf(id string) (*string, error) {
	if len(id) > 1024 {
		return nil, function.Errorf(function.BadRequest, nil, `"versionId" has %d bytes: S3 makes ids of at most 1024`, len(id))
	}
	return optional(id), nil
}
