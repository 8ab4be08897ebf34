package sweep

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// name is what to look at: a version, or with versionID "" the current one.
type name struct{ key, versionID string }

// pinned is the version id for a request, also the id "null": a bucket that got
// its versioning later has noncurrent versions of that id.
func (n name) pinned() *string {
	if n.versionID == "" {
		return nil
	}
	return &n.versionID
}

// opened is how a version opens.
type opened struct {
	keyID string // "" unless a key opens it
	key   ssec.Key
	head  *s3.HeadObjectOutput // nil unless it opens, with a key or without

	gone       bool // no such version, or a delete marker
	unreadable bool // an SSE-C object that one may read, and no key of the ring opens
}

// errNoRight is that the version may not be read, whatever the key.
var errNoRight = errors.New("no right to read the version")

// open finds the key that opens a version: the one of the hint, then those of ids,
// by HEAD. A hint that lies costs a request and no more.
//
// Sources disagree whether S3 answers a wrong key with 403 or 400, and 403 can be
// a missing right as well. So after the first such answer it asks without a key:
// 400 is an SSE-C object that one may read, 403 one that one may not, and 200 is
// not under SSE-C. That S3 looks at the right before the key is not documented. If
// it did not, a missing right would count as unreadable, which a retirement
// refuses too.
func (s *Sweeper) open(ctx context.Context, ring *ssec.Ring, n name, hint string, ids []string) (opened, error) {
	if _, known := ring.Key(hint); known {
		ids = append([]string{hint}, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == hint })...)
	}
	asked := false
	for _, id := range ids {
		key, ok := ring.Key(id)
		if !ok {
			continue
		}
		out, err := s.head(ctx, n, &key)
		switch status := statusOf(err); {
		case err == nil:
			return opened{keyID: id, key: key, head: out}, nil
		case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
			return opened{gone: true}, nil
		case status != http.StatusForbidden && status != http.StatusBadRequest:
			return opened{}, classify(ctx, "looking at a version", err)
		}
		if !asked {
			asked = true
			out, err := s.head(ctx, n, nil)
			switch statusOf(err) {
			case 0:
				if err == nil {
					return opened{head: out}, nil
				}
				return opened{}, classify(ctx, "looking at a version", err)
			case http.StatusBadRequest:
			case http.StatusNotFound, http.StatusMethodNotAllowed:
				return opened{gone: true}, nil
			case http.StatusForbidden:
				return opened{}, errNoRight
			default:
				return opened{}, classify(ctx, "looking at a version", err)
			}
		}
	}
	return opened{unreadable: true}, nil
}

// head asks for a version with a key, or without one. A store that doesn't look at
// the key would open everything with every key: it fails here, since it doesn't say
// under which key the object is.
func (s *Sweeper) head(ctx context.Context, n name, key *ssec.Key) (*s3.HeadObjectOutput, error) {
	in := &s3.HeadObjectInput{Bucket: &s.Bucket, Key: &n.key, VersionId: n.pinned()}
	if key != nil {
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key.Customer()
	}
	out, err := retrying(ctx, s, func() (*s3.HeadObjectOutput, error) { return s.S3.HeadObject(ctx, in) })
	if err == nil && key != nil && aws.ToString(out.SSECustomerKeyMD5) != *in.SSECustomerKeyMD5 {
		return nil, function.Errorf(function.BadConfig, nil, "the endpoint answers a SSE-C key without saying so: it is not S3, or doesn't check the keys")
	}
	return out, err
}

// tags are those of a version, without that of its key, which is the hint.
func (s *Sweeper) tags(ctx context.Context, n name) (tags map[string]string, hint string, err error) {
	in := &s3.GetObjectTaggingInput{Bucket: &s.Bucket, Key: &n.key, VersionId: n.pinned()}
	out, err := retrying(ctx, s, func() (*s3.GetObjectTaggingOutput, error) { return s.S3.GetObjectTagging(ctx, in) })
	if err != nil {
		return nil, "", err
	}
	tags = map[string]string{}
	for _, tag := range out.TagSet {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}
	hint = tags[ssec.KeyIDTag]
	delete(tags, ssec.KeyIDTag)
	return tags, hint, nil
}

// statusOf is the status of the answer that err is made of, 0 without an answer.
func statusOf(err error) int { return function.AnswerOf(err).Status }
