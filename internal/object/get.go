package object

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
)

// A GetRequest is one download.
type GetRequest struct {
	Key       string // "" means OBJECT_KEY
	VersionID string // "" means the current version
	Range     string // "bytes=<first>-<last>", "bytes=<first>-" or "bytes=-<count>"; "" means all
}

// A GetResult is an object, or the part of it that Range names.
type GetResult struct {
	Object
	ContentType  string `json:"contentType"`
	ContentRange string `json:"contentRange,omitempty"` // "bytes <first>-<last>/<object size>"
	Body         []byte `json:"-"`
}

// Get downloads an object. Errors are *function.Error.
func (s *Store) Get(ctx context.Context, r GetRequest) (*GetResult, error) {
	key, err := s.key(r.Key)
	if err != nil {
		return nil, err
	}
	if err := checkRange(r.Range); err != nil {
		return nil, err
	}
	in := &s3.GetObjectInput{Bucket: &s.config.Bucket, Key: &key}
	if r.VersionID != "" {
		in.VersionId = &r.VersionID
	}
	if r.Range != "" {
		in.Range = &r.Range
	}
	if s.ring != nil {
		return s.getSSEC(ctx, in)
	}
	out, err := s.s3.GetObject(ctx, in)
	if err != nil {
		if a := function.AnswerOf(err); a.Code == "InvalidRequest" {
			// A GET without encryption headers is invalid for SSE-C objects only.
			return nil, function.Errorf(function.NoMatchingKey, err, "the object is under SSE-C; this function has ENCRYPTION %s and no key for it", s.config.Pattern)
		}
		return nil, function.Classify(ctx, "getting the object", err)
	}
	return s.result(ctx, in, out, "")
}

// result reads the body, which it closes.
func (s *Store) result(ctx context.Context, in *s3.GetObjectInput, out *s3.GetObjectOutput, keyID string) (*GetResult, error) {
	defer out.Body.Close()
	size := aws.ToInt64(out.ContentLength)
	if size > s.maxBody {
		return nil, s.tooLarge("the object", size, fmt.Sprintf(`read it in parts with "range", such as "bytes=0-%d"`, s.maxBody-1))
	}
	body, err := readBody(out.Body, size)
	if err != nil {
		e := function.Classify(ctx, "reading the object's body", err)
		if e.Type == function.Internal {
			e.Type, e.Text = function.Unavailable, "reading the object's body: the connection broke, or the checksum is wrong"
		}
		return nil, e
	}
	return &GetResult{
		Object: Object{
			Bucket:     *in.Bucket,
			Key:        *in.Key,
			VersionID:  aws.ToString(out.VersionId),
			ETag:       aws.ToString(out.ETag),
			Encryption: readEncryption(out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled, keyID),
			Size:       size,
		},
		ContentType:  aws.ToString(out.ContentType),
		ContentRange: aws.ToString(out.ContentRange),
		Body:         body,
	}, nil
}

// readBody reads size bytes and the end of r. The end is what makes the SDK
// compare the checksum, and io.ReadAll would need several times the memory.
func readBody(r io.Reader, size int64) ([]byte, error) {
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, err
	}
	var more [1]byte
	switch n, err := io.ReadFull(r, more[:]); {
	case n > 0:
		return nil, fmt.Errorf("the body is longer than Content-Length, %d bytes", size)
	case err != io.EOF:
		return nil, err
	}
	return body, nil
}
