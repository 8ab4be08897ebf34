package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
)

// A GetRequest is one download.
type GetRequest struct {
	Key       string // "" means OBJECT_KEY
	VersionID string // "" means the current version
	Range     string // "bytes=<first>-<last>", "bytes=<first>-" or "bytes=-<count>"; "" means all
	IfMatch   string // fail with Conflict if the object has another ETag
}

// A GetResult is an object, or the part of it that Range names.
type GetResult struct {
	Object
	ContentType     string            `json:"contentType"`
	ContentEncoding string            `json:"contentEncoding,omitempty"`
	CacheControl    string            `json:"cacheControl,omitempty"`
	Metadata        map[string]string `json:"metadata,omitempty"`
	LastModified    string            `json:"lastModified,omitempty"` // RFC 3339, in UTC
	ContentRange    string            `json:"contentRange,omitempty"` // "bytes <first>-<last>/<object size>"
	Body            []byte            `json:"-"`
}

// bodyTries is how often an object is got whose body breaks off: the SDK tries
// again only until the body begins.
const bodyTries = 3

// errBody is the cause of a body that broke off, or has a wrong checksum.
var errBody = errors.New("the body broke off")

// Get downloads an object. Errors are *function.Error.
func (s *Store) Get(ctx context.Context, r GetRequest) (*GetResult, error) {
	for try := 1; ; try++ {
		o, err := s.openObject(ctx, r)
		if err != nil {
			return nil, err
		}
		result, err := s.result(ctx, o)
		if err == nil || try == bodyTries || !errors.Is(err, errBody) {
			return result, err
		}
	}
}

// An opened object has a body to read, and to close.
type opened struct {
	*s3.GetObjectOutput
	key   string
	keyID string // of the SSE-C key, "" for none
}

// openObject begins a download.
func (s *Store) openObject(ctx context.Context, r GetRequest) (*opened, error) {
	key, err := s.key(r.Key)
	if err != nil {
		return nil, err
	}
	if err := checkRange(r.Range); err != nil {
		return nil, err
	}
	if !printable(r.IfMatch) {
		return nil, function.Errorf(function.BadRequest, nil, `"ifMatch" is %q: want an ETag, as a put or a get answers it`, r.IfMatch)
	}
	in := &s3.GetObjectInput{
		Bucket:    &s.config.Bucket,
		Key:       &key,
		VersionId: optional(r.VersionID),
		Range:     optional(r.Range),
		IfMatch:   optional(r.IfMatch),
	}
	if s.ring != nil {
		return find(ctx, s, target{in.Bucket, in.Key, in.VersionId}, func(ctx context.Context, k namedKey) (*opened, error) {
			in := *in
			in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = k.Customer()
			out, err := s.s3.GetObject(ctx, &in)
			return &opened{out, key, k.id}, err
		})
	}
	out, err := s.s3.GetObject(ctx, in)
	if err != nil {
		if a := function.AnswerOf(err); a.Code == "InvalidRequest" {
			// A GET without encryption headers is invalid for SSE-C objects only.
			return nil, s.needsKey(err)
		}
		return nil, function.Classify(ctx, "getting the object", err)
	}
	return &opened{out, key, ""}, nil
}

// needsKey is the failure of a function without a key ring at an SSE-C object.
func (s *Store) needsKey(err error) error {
	return function.Errorf(function.NoMatchingKey, err, "the object is under SSE-C; this function has ENCRYPTION %s and no key for it", s.config.Pattern)
}

// optional is a parameter that is left out if it is "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// result reads the body, which it closes.
func (s *Store) result(ctx context.Context, out *opened) (*GetResult, error) {
	defer out.Body.Close()
	size := aws.ToInt64(out.ContentLength)
	if size > s.maxBody {
		return nil, s.tooLarge("the object", size, fmt.Sprintf(`read it in parts with "range", such as "bytes=0-%d"`, s.maxBody-1))
	}
	body, err := readBody(out.Body, size)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, function.Classify(ctx, "reading the object's body", err)
	case err != nil:
		return nil, function.Errorf(function.Unavailable, errors.Join(errBody, err), "reading the object's body: the connection broke, or the checksum is wrong, %d times", bodyTries)
	}
	result := &GetResult{
		Object:          s.describe(out),
		ContentType:     aws.ToString(out.ContentType),
		ContentEncoding: aws.ToString(out.ContentEncoding),
		CacheControl:    aws.ToString(out.CacheControl),
		Metadata:        out.Metadata,
		ContentRange:    aws.ToString(out.ContentRange),
		Body:            body,
	}
	if out.LastModified != nil {
		result.LastModified = out.LastModified.UTC().Format(time.RFC3339)
	}
	return result, nil
}

// describe says what was opened.
func (s *Store) describe(o *opened) Object {
	return Object{
		Bucket:     s.config.Bucket,
		Key:        o.key,
		VersionID:  aws.ToString(o.VersionId),
		ETag:       aws.ToString(o.ETag),
		Encryption: readEncryption(o.ServerSideEncryption, o.SSEKMSKeyId, o.BucketKeyEnabled, o.keyID),
		Size:       aws.ToInt64(o.ContentLength),
	}
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
