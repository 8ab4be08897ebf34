package object

import (
	"context"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// maxRounds is how often one call follows a source that keeps changing.
const maxRounds = 5

// Ingest makes the object at key in the function's bucket a copy of the current
// one in another bucket. Errors are *function.Error.
//
// Notifications come late, twice and in any order, so what one says of a version
// is not what is copied. Whoever writes a copy looks at the source afterwards,
// and copies again if that has become another. So the copy that is written last
// was the source's current object when it was looked at last, whatever else ran
// at the same time. An object that is deleted meanwhile leaves the copy there.
func (s *Store) Ingest(ctx context.Context, bucket, key string) error {
	var done *source
	for range maxRounds {
		from, err := s.lookAtSource(ctx, bucket, key)
		switch {
		case err != nil:
			return err
		case from == nil && done == nil:
			s.log.InfoContext(ctx, "the object that a notification names is gone", "bucket", bucket, "key", key)
			return nil
		case from == nil, done != nil && *from == *done:
			return nil
		}
		switch err := s.ingestVersion(ctx, from); {
		case err == nil:
			done = from
		case !from.replaced(err):
			return err
		}
	}
	return function.Errorf(function.Unavailable, nil, "the object changes faster than it is copied: %d times during one call", maxRounds)
}

// A source is one version of an object to copy.
type source struct {
	bucket, key, version, etag string
	size                       int64
}

// lookAtSource returns the current version, nil if there is none.
func (s *Store) lookAtSource(ctx context.Context, bucket, key string) (*source, error) {
	out, err := s.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	switch status := function.AnswerOf(err).Status; {
	case status == http.StatusNotFound:
		return nil, nil
	case status == http.StatusBadRequest:
		// The answer to a HEAD has no body. A HEAD without encryption headers is
		// invalid for SSE-C objects only.
		return nil, function.Errorf(function.NoMatchingKey, err, "the object is under SSE-C, and this function has no key for other buckets")
	case err != nil:
		return nil, function.Classify(ctx, "looking at the object in "+bucket, err)
	}
	from := &source{bucket, key, aws.ToString(out.VersionId), aws.ToString(out.ETag), aws.ToInt64(out.ContentLength)}
	if from.version == "null" {
		from.version = "" // what has the id null can be replaced; its ETag says by what
	}
	if err := s.checkCopySize(from.size); err != nil {
		return nil, err
	}
	return from, nil
}

// replaced reports whether a copy failed since the source is no longer there.
func (from *source) replaced(err error) bool {
	t := function.Classify(context.Background(), "", err).Type
	return t == function.Conflict || t == function.ObjectNotFound
}

// ingestVersion copies a version, encrypted as a put is. Metadata and tags stay.
func (s *Store) ingestVersion(ctx context.Context, from *source) error {
	version := target{&from.bucket, &from.key, optional(from.version)}
	in := &s3.CopyObjectInput{
		Bucket:            &s.config.Bucket,
		Key:               &from.key,
		CopySource:        version.copySource(),
		CopySourceIfMatch: &from.etag, // or the tags could be another object's
	}
	in.ServerSideEncryption, in.SSEKMSKeyId = encryptionHeaders(s.config.Pattern, s.config.KMSKeyARN)
	tags, keyID := url.Values{}, ""
	if s.ring != nil {
		ring, err := s.ring.Ring(ctx)
		if err != nil {
			return function.Classify(ctx, "reading the secret", err)
		}
		var primary ssec.Key
		keyID, primary = ring.Primary()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		tags.Set(ssec.KeyIDTag, keyID)
	}
	if err := s.retag(ctx, in, version, tags); err != nil {
		return err
	}
	out, err := s.s3.CopyObject(ctx, in)
	if err != nil {
		if s.ring != nil && function.AnswerOf(err).Code == "AccessDenied" {
			return s.ssecDenied(ctx, err)
		}
		return function.Classify(ctx, "copying the object from "+from.bucket, err)
	}
	s.logDone(ctx, "ingest", &Object{
		Bucket: s.config.Bucket, Key: from.key, VersionID: aws.ToString(out.VersionId), Size: from.size,
		Encryption: readEncryption(out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, keyID),
	})
	return nil
}
