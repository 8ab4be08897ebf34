package object

import (
	"context"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
)

// A DeleteRequest deletes an object. It cannot name a version, since a version
// that is deleted is gone for good.
type DeleteRequest struct {
	Key     string `json:"key"`     // no default: an empty event must not delete
	IfMatch string `json:"ifMatch"` // the ETag that the object must have, or "*": there must be one
}

// A DeleteResult says what became of the object.
type DeleteResult struct {
	Bucket       string `json:"bucket"`
	Key          string `json:"key"`
	VersionID    string `json:"versionId,omitempty"` // of the delete marker
	DeleteMarker bool   `json:"deleteMarker"`        // false in a bucket that never had versions: the object is gone
}

// Delete puts a delete marker on an object, or deletes it in a bucket without
// versions. Errors are *function.Error.
func (s *Store) Delete(ctx context.Context, r DeleteRequest) (*DeleteResult, error) {
	if err := needKey("key", r.Key); err != nil {
		return nil, err
	}
	if !printable(r.IfMatch) {
		return nil, function.Errorf(function.BadRequest, nil, `"ifMatch" is %q: want an ETag, as a put or a get answers it, or "*"`, r.IfMatch)
	}
	out, err := s.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.config.Bucket, Key: &r.Key, IfMatch: optional(r.IfMatch)})
	if err != nil {
		return nil, function.Classify(ctx, "deleting the object", err)
	}
	result := &DeleteResult{Bucket: s.config.Bucket, Key: r.Key, VersionID: aws.ToString(out.VersionId), DeleteMarker: aws.ToBool(out.DeleteMarker)}
	s.log.InfoContext(ctx, "delete", "key", result.Key, "versionId", result.VersionID, "deleteMarker", result.DeleteMarker)
	return result, nil
}

// needKey checks an object key that has no default.
func needKey(field, key string) error {
	switch {
	case key == "":
		return function.Errorf(function.BadRequest, nil, "the event has no %q", field)
	case !utf8.ValidString(key): // which only the URL encoding of a notification can hold
		return function.Errorf(function.BadRequest, nil, "%q is not UTF-8", field)
	case len(key) > maxKey:
		return function.Errorf(function.BadRequest, nil, "%q has %d bytes: S3 allows at most %d", field, len(key), maxKey)
	}
	return nil
}
