package object

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A search looks for the key of one object, in this order: the key of a ring
// that has only one, so that a get is one call; the key that the object's tag
// names, after a new look at the secret if the ring in memory lacks it; every
// key of the ring, the primary first; the keys that a new look at the secret
// adds.
//
// A tag can be missing, wrong, or not readable. So it is only a hint: it saves
// tries, and never makes an object unreadable.
type search[T any] struct {
	*Store
	at        target
	open      func(context.Context, namedKey) (*T, error) // the call; its failure may be S3's own
	ring      *ssec.Ring
	refreshed bool       // whether a ring of after the search's beginning was asked for
	failure   error      // of asking, which a search that ends without a key answers
	tried     []ssec.Key // not ids: a secret of 32 bytes that was replaced is "legacy" again
	readable  bool       // whether the object is known to be an SSE-C object that one may read
}

// A target is the object, or the version of it, that a request names.
type target struct {
	bucket, key, version *string // version may be nil
}

// A namedKey is a key of the ring with its id. Its zero value is none.
type namedKey struct {
	id string
	ssec.Key
}

// find opens an object under one of the ring's keys, as open does with one.
func find[T any](ctx context.Context, s *Store, t target, open func(context.Context, namedKey) (*T, error)) (*T, error) {
	ring, err := s.ring.RingForReading(ctx)
	switch {
	case ring == nil:
		return nil, function.Classify(ctx, "reading the secret", err)
	case err != nil:
		s.log.WarnContext(ctx, "the secret cannot be read, so an older key ring is used", "reason", function.Describe(err))
	}
	f := &search[T]{Store: s, at: t, open: open, ring: ring}
	if ring.Len() == 1 {
		if result, err := f.tryAll(ctx); result != nil || err != nil {
			return result, err
		}
	}
	named, err := f.named(ctx)
	if err != nil {
		return nil, err
	}
	if _, known := f.ring.Key(named); named != "" && !known {
		f.refresh(ctx, named)
	}
	if result, err := f.try(ctx, named); result != nil || err != nil {
		return result, err
	}
	if result, err := f.tryAll(ctx); result != nil || err != nil {
		return result, err
	}
	f.refresh(ctx, named)
	if result, err := f.tryAll(ctx); result != nil || err != nil {
		return result, err
	}
	if f.failure != nil {
		return nil, function.Classify(ctx, "none of the keys in memory opens the object, and reading the secret again", f.failure)
	}
	return nil, function.Errorf(function.NoMatchingKey, nil, "none of the ring's keys %v opens the object, whose tag %s is %q: it was written under a key that the secret no longer holds", f.ring.IDs(), ssec.KeyIDTag, named)
}

// refresh reads the secret again, once. If that fails, the keys in memory are
// still worth a try: the tag may be wrong.
func (f *search[T]) refresh(ctx context.Context, named string) {
	if f.refreshed {
		return
	}
	f.refreshed = true
	ring, err := f.Store.ring.RingAfter(ctx, f.ring, named)
	if err != nil {
		f.failure = err
		return
	}
	f.ring = ring
}

// tryAll tries every key of the ring.
func (f *search[T]) tryAll(ctx context.Context) (*T, error) {
	for _, id := range f.ring.IDs() {
		if result, err := f.try(ctx, id); result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

// try opens the object with one key. It returns nil and nil if that is the wrong
// key, not in the ring, or was tried before.
func (f *search[T]) try(ctx context.Context, id string) (*T, error) {
	key, ok := f.ring.Key(id)
	if !ok || slices.ContainsFunc(f.tried, key.Equal) {
		return nil, nil
	}
	f.tried = append(f.tried, key)
	metric.Add(ctx, metric.KeyTries, 1)
	result, err := f.open(ctx, namedKey{id, key})
	switch {
	case err == nil:
		return result, nil
	case !maybeWrongKey(err):
		return nil, function.Classify(ctx, "reading the object", err)
	case !f.readable:
		if err := f.checkReadable(ctx, err); err != nil {
			return nil, err
		}
		f.readable = true
	}
	return nil, nil
}

// named is the key id in the object's tag, "" if there is none that can be read:
// the tag only saves tries. The answer to a HEAD has no body, and so does not say
// that a version id is none; this call's does.
func (f *search[T]) named(ctx context.Context) (string, error) {
	out, err := f.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: f.at.bucket, Key: f.at.key, VersionId: f.at.version}, asHint)
	if badVersion(function.AnswerOf(err)) {
		return "", function.Classify(ctx, "reading the object's tags", err)
	}
	if err != nil {
		f.log.WarnContext(ctx, "the object's tags cannot be read, so every key is tried", "reason", function.Describe(err))
		return "", nil
	}
	for _, tag := range out.TagSet {
		if aws.ToString(tag.Key) == ssec.KeyIDTag && ssec.ValidID(aws.ToString(tag.Value)) {
			return *tag.Value, nil
		}
	}
	return "", nil
}

// badVersion reports whether the request's version id can be none.
func badVersion(a function.AWSAnswer) bool {
	return a.Code == "InvalidArgument" && strings.Contains(strings.ToLower(a.Message), "version id")
}

// maybeWrongKey reports whether a GET or HEAD with a key failed as one with a
// wrong key does. Sources disagree whether S3 answers that 403 AccessDenied or
// 400, and a 403 can as well be a missing right; checkReadable tells them apart.
// To a HEAD the SDK knows the status only.
func maybeWrongKey(err error) bool {
	a := function.AnswerOf(err)
	switch a.Status {
	case http.StatusForbidden:
		return a.Code == "AccessDenied" || a.Code == "Forbidden"
	case http.StatusBadRequest:
		switch a.Code {
		case "ExpiredToken", "InvalidToken", "AuthorizationHeaderMalformed", "KeyTooLongError", "InvalidURI":
			return false
		}
		return !badVersion(a) && !strings.HasPrefix(a.Code, "KMS.") && !awsclient.Throttled(err) && !awsclient.Disturbed(err)
	}
	return false
}

// checkReadable looks, after a call that maybeWrongKey, at the object without a
// key: S3 answers 400 for an SSE-C object that one may read, 403 for one that
// one may not, 200 for an object that is not under SSE-C, and 404 for none. It
// returns nil for 400. That S3 looks at the right before the key, so that the
// first two differ, is not documented; if it did not, the failure would be of
// another type, and no object would be answered that should not be.
func (f *search[T]) checkReadable(ctx context.Context, failed error) error {
	_, err := f.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: f.at.bucket, Key: f.at.key, VersionId: f.at.version})
	if err == nil {
		return function.Errorf(function.ObjectNotSSEC, failed, "the object is not under SSE-C, and this function reads SSE-C objects only")
	}
	switch function.AnswerOf(err).Status {
	case http.StatusBadRequest:
		return nil
	case http.StatusForbidden:
		e := function.Classify(ctx, "reading the object", failed)
		e.Type = function.AccessDenied
		e.Text += " (a missing right, not a wrong key; without s3:ListBucket, S3 answers so for an object that does not exist too)"
		return e
	}
	return function.Classify(ctx, "looking at the object without a key", err)
}
