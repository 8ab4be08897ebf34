package object

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

const (
	// maxIngest is the largest object in bytes that S3 copies in one call.
	//
	// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
	maxIngest = 5 << 30

	// maxRounds is how often one call follows a source that keeps changing.
	maxRounds = 5
)

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
	if from.size > s.maxIngest {
		return nil, function.Errorf(function.PayloadTooLarge, nil, `the object has %d bytes, and S3 copies at most %d in one call: copy it in parts, as "aws s3 cp" does`, from.size, s.maxIngest)
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
	in := &s3.CopyObjectInput{
		Bucket:            &s.config.Bucket,
		Key:               &from.key,
		CopySource:        aws.String(from.path()),
		CopySourceIfMatch: &from.etag, // or the tags could be another object's
	}
	in.ServerSideEncryption, in.SSEKMSKeyId = encryptionHeaders(s.config.Pattern, s.config.KMSKeyARN)
	keyID := ""
	if s.ring != nil {
		// The tags first, for the ring must be fresh when the copy begins.
		tags, err := s.sourceTags(ctx, from)
		if err != nil {
			return err
		}
		ring, err := s.ring.Ring(ctx)
		if err != nil {
			return function.Classify(ctx, "reading the secret", err)
		}
		var primary ssec.Key
		keyID, primary = ring.Primary()
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
		tags.Set(ssec.KeyIDTag, keyID)
		in.TaggingDirective, in.Tagging = types.TaggingDirectiveReplace, aws.String(tags.Encode())
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

// sourceTags are the version's tags, without those that a function of this
// program gave it.
func (s *Store) sourceTags(ctx context.Context, from *source) (url.Values, error) {
	out, err := s.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &from.bucket, Key: &from.key, VersionId: optional(from.version)})
	if err != nil {
		return nil, function.Classify(ctx, "reading the object's tags in "+from.bucket, err)
	}
	tags := url.Values{}
	for _, t := range out.TagSet {
		if name := aws.ToString(t.Key); name != ssec.KeyIDTag && name != tokenTag {
			tags.Set(name, aws.ToString(t.Value))
		}
	}
	return tags, nil
}

// path is the parameter CopySource, which the SDK does not encode.
func (from *source) path() string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	path := from.bucket + "/" + escape(from.key)
	if from.version != "" {
		path += "?versionId=" + escape(from.version)
	}
	return path
}
