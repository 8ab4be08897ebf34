package object

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// tokenTag is the object tag in which a conditional put leaves its request's
// token, so that a later try knows the object of an earlier one. It is a tag and
// not metadata, because S3 returns tags without the right to read objects, and
// without the object's key: the ring may have another primary by then.
const tokenTag = "request-token"

func (r PutRequest) conditional() bool { return r.CreateOnly || r.IfMatch != "" }

// checkConditions checks ifMatch and requestToken. A tag's value may have more
// characters than are let through here, but none of them is in every AWS service.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
func (r PutRequest) checkConditions() error {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	switch {
	case r.CreateOnly && r.IfMatch != "":
		return function.Errorf(function.BadRequest, nil, `the event has both "createOnly" and "ifMatch": send one`)
	case r.IfMatch == "*":
		return function.Errorf(function.BadRequest, nil, `"ifMatch" is "*": want an ETag, as a put or a get answers it`)
	case r.RequestToken == "":
		return nil
	case !r.conditional():
		return function.Errorf(function.BadRequest, nil, `"requestToken" is for puts with "createOnly" or "ifMatch": leave it out`)
	case len(r.RequestToken) > 256 || strings.Trim(r.RequestToken, letters+" +-=._:/@") != "":
		return function.Errorf(function.BadRequest, nil, `"requestToken" has to be 1-256 of letters, digits, space and + - = . _ : / @`)
	}
	return nil
}

// requestID is the same in every try of one invocation. Lambda's own retries of
// an asynchronous event keep it, so these know their object too, and so do the
// deliveries of one message.
func requestID(ctx context.Context) string {
	if id := messageID(ctx); id != "" {
		return id
	}
	if lc, ok := lambdacontext.FromContext(ctx); ok && lc.AwsRequestID != "" {
		return lc.AwsRequestID
	}
	return rand.Text()
}

// ownPut looks, after a conditional put was refused, whether the object is one
// that an earlier try of the same request wrote, the SDK's or the caller's: S3
// wrote it, and its answer got lost. What S3 said of its encryption is lost too,
// so the answer has what the function asks for.
func (s *Store) ownPut(ctx context.Context, token string, result *Object, refused error) (*Object, error) {
	out, err := s.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &result.Bucket, Key: &result.Key})
	if status := function.AnswerOf(err).Status; err != nil && status != http.StatusNotFound {
		e := function.Classify(ctx, "looking whether the object is this request's own", err)
		if status == http.StatusForbidden {
			e.Text = "the key has an object, and whether this request wrote it can't be read (s3:GetObjectTagging): " + e.Text
		}
		return nil, e
	}
	tags := map[string]string{}
	if err == nil {
		for _, tag := range out.TagSet {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}
	}
	if tags[tokenTag] != token {
		return nil, function.Errorf(function.Conflict, refused, "the condition does not hold: with createOnly the key has an object already, with ifMatch it has one with another ETag, or another put is at work on it")
	}
	result.VersionID = aws.ToString(out.VersionId)
	result.ETag = s.etag(ctx, result)
	result.Encryption = Encryption{Name: s.config.Pattern.Traits().Object, KMSKeyARN: s.config.KMSKeyARN, KeyID: tags[ssec.KeyIDTag]}
	return result, nil
}

// etag is the ETag of a version from a listing, which needs no right to read
// objects. If it isn't there, the answer has none.
func (s *Store) etag(ctx context.Context, o *Object) string {
	out, err := s.s3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &o.Bucket, Prefix: &o.Key, MaxKeys: aws.Int32(1)}, asHint)
	if err != nil {
		s.log.WarnContext(ctx, "the object's ETag cannot be read", "reason", function.Describe(err))
		return ""
	}
	// The key itself comes before those that it is a prefix of, and its current
	// version before others.
	for _, v := range out.Versions {
		if aws.ToString(v.Key) == o.Key && aws.ToString(v.VersionId) == o.VersionID {
			return aws.ToString(v.ETag)
		}
	}
	return ""
}

// asHint makes a call that only helps give up after two tries.
func asHint(o *s3.Options) { o.RetryMaxAttempts = 2 }
