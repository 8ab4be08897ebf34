package object

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/function"
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
type search struct {
	*Store
	in        *s3.GetObjectInput
	ring      *ssec.Ring
	refreshed bool       // whether ring was read after the search began
	tried     []ssec.Key // not ids: a secret of 32 bytes that was replaced is "legacy" again
	readable  bool       // whether the object is known to be an SSE-C object that one may read
}

// getSSEC gets an object under one of the ring's keys.
func (s *Store) getSSEC(ctx context.Context, in *s3.GetObjectInput) (*GetResult, error) {
	ring, err := s.ring.Ring(ctx)
	if err != nil {
		return nil, function.Classify(ctx, "reading the secret", err)
	}
	f := &search{Store: s, in: in, ring: ring}
	if ring.Len() == 1 {
		if result, err := f.tryAll(ctx); result != nil || err != nil {
			return result, err
		}
	}
	named := f.namedKey(ctx)
	if _, known := f.ring.Key(named); named != "" && !known {
		if err := f.refresh(ctx); err != nil {
			return nil, err
		}
	}
	if result, err := f.try(ctx, named); result != nil || err != nil {
		return result, err
	}
	if result, err := f.tryAll(ctx); result != nil || err != nil {
		return result, err
	}
	if err := f.refresh(ctx); err != nil {
		return nil, err
	}
	if result, err := f.tryAll(ctx); result != nil || err != nil {
		return result, err
	}
	return nil, function.Errorf(function.NoMatchingKey, nil, "none of the ring's keys %v opens the object, whose tag %s is %q: it was written under a key that the secret no longer holds", f.ring.IDs(), ssec.KeyIDTag, named)
}

// refresh reads the secret again, once.
func (f *search) refresh(ctx context.Context) error {
	if f.refreshed {
		return nil
	}
	ring, err := f.Store.ring.RingAfter(ctx, f.ring)
	if err != nil {
		return function.Classify(ctx, "reading the secret", err)
	}
	f.ring, f.refreshed = ring, true
	return nil
}

// tryAll tries every key of the ring.
func (f *search) tryAll(ctx context.Context) (*GetResult, error) {
	for _, id := range f.ring.IDs() {
		if result, err := f.try(ctx, id); result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

// try gets the object with one key. It returns nil and nil if that is the wrong
// key, not in the ring, or was tried before.
func (f *search) try(ctx context.Context, id string) (*GetResult, error) {
	key, ok := f.ring.Key(id)
	if !ok || slices.ContainsFunc(f.tried, key.Equal) {
		return nil, nil
	}
	f.tried = append(f.tried, key)
	in := *f.in
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key.Customer()
	out, err := f.s3.GetObject(ctx, &in)
	switch {
	case err == nil:
		return f.result(ctx, f.in, out, id)
	case !maybeWrongKey(err):
		return nil, function.Classify(ctx, "getting the object", err)
	case !f.readable:
		if err := f.checkReadable(ctx, err); err != nil {
			return nil, err
		}
		f.readable = true
	}
	return nil, nil
}

// namedKey is the key id in the object's tag, "" if there is none that can be
// read: the tag only saves tries.
func (f *search) namedKey(ctx context.Context) string {
	out, err := f.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: f.in.Bucket, Key: f.in.Key, VersionId: f.in.VersionId})
	if err != nil {
		f.log.WarnContext(ctx, "the object's tags cannot be read, so every key is tried", "reason", function.Describe(err))
		return ""
	}
	for _, tag := range out.TagSet {
		if aws.ToString(tag.Key) == ssec.KeyIDTag && ssec.ValidID(aws.ToString(tag.Value)) {
			return *tag.Value
		}
	}
	return ""
}

// maybeWrongKey reports whether a GET with a key failed as one with a wrong key
// does. Sources disagree whether S3 answers that 403 AccessDenied or 400, and a
// 403 can as well be a missing right; checkReadable tells them apart.
func maybeWrongKey(err error) bool {
	a := function.AnswerOf(err)
	switch a.Status {
	case http.StatusForbidden:
		return a.Code == "AccessDenied"
	case http.StatusBadRequest:
		switch a.Code {
		case "ExpiredToken", "InvalidToken", "RequestTimeout", "AuthorizationHeaderMalformed", "KeyTooLongError", "InvalidURI":
			return false
		case "InvalidArgument":
			return !strings.Contains(strings.ToLower(a.Message), "version id")
		}
		return true
	}
	return false
}

// checkReadable looks, after a GET that maybeWrongKey, at the object without a
// key: S3 answers 400 for an SSE-C object that one may read, 403 for one that
// one may not, 200 for an object that is not under SSE-C, and 404 for none. It
// returns nil for 400. That S3 looks at the right before the key, so that the
// first two differ, is not documented; if it did not, the failure would be of
// another type, and no object would be answered that should not be.
func (f *search) checkReadable(ctx context.Context, getErr error) error {
	_, err := f.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: f.in.Bucket, Key: f.in.Key, VersionId: f.in.VersionId})
	if err == nil {
		return function.Errorf(function.ObjectNotSSEC, getErr, "the object is not under SSE-C, and this function reads SSE-C objects only")
	}
	switch function.AnswerOf(err).Status {
	case http.StatusBadRequest:
		return nil
	case http.StatusForbidden:
		e := function.Classify(ctx, "getting the object", getErr)
		e.Type = function.AccessDenied
		e.Text += " (a missing right, not a wrong key; without s3:ListBucket, S3 answers so for an object that does not exist too)"
		return e
	}
	return function.Classify(ctx, "looking at the object without a key", err)
}
