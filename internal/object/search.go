package object

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/ssec"
)

// getSSEC finds the object's key and gets the object.
//
// A ring of one key: the key, so one call. Else the key that the object's tag
// names, after a new look at the secret if the ring in memory lacks it. A tag
// can be missing, or be wrong, or not be readable; then every key of the ring is
// tried, the primary first. So the tag is only a hint, and never makes an object
// unreadable.
func (s *Store) getSSEC(ctx context.Context, in *s3.GetObjectInput) (*GetResult, error) {
	ring, err := s.ring.Ring(ctx)
	if err != nil {
		return nil, classify(ctx, "reading the secret", err)
	}
	var tried []ssec.Key // not ids: a secret of 32 bytes that was replaced is "legacy" again
	checked := false     // whether the object is known to be one under SSE-C that we may read
	attempt := func(id string) (*GetResult, error) {
		key, ok := ring.Key(id)
		if !ok || slices.ContainsFunc(tried, key.Equal) {
			return nil, nil
		}
		tried = append(tried, key)
		result, err := s.try(ctx, in, id, key)
		if err == nil {
			return result, nil
		}
		if !maybeWrongKey(err) {
			return nil, classify(ctx, "getting the object", err)
		}
		if !checked {
			if err := s.checkReadable(ctx, in, err); err != nil {
				return nil, err
			}
			checked = true
		}
		return nil, nil
	}

	if ring.Len() == 1 {
		id, _ := ring.Primary()
		if result, err := attempt(id); result != nil || err != nil {
			return result, err
		}
	}
	refreshed := false
	refresh := func() error {
		if refreshed {
			return nil
		}
		refreshed = true
		newer, err := s.ring.RingAfter(ctx, ring)
		if err != nil {
			return classify(ctx, "reading the secret", err)
		}
		ring = newer
		return nil
	}
	named := s.namedKey(ctx, in)
	if named != "" {
		if _, ok := ring.Key(named); !ok {
			if err := refresh(); err != nil {
				return nil, err
			}
		}
		if result, err := attempt(named); result != nil || err != nil {
			return result, err
		}
	}
	for range 2 {
		for _, id := range ring.IDs() {
			if result, err := attempt(id); result != nil || err != nil {
				return result, err
			}
		}
		if err := refresh(); err != nil {
			return nil, err
		}
	}
	if named == "" {
		named = "none"
	}
	return nil, &Error{NoMatchingKey, fmt.Sprintf("none of the ring's keys %v opens the object (its tag %s: %s): it was written under a key that the secret no longer holds", ring.IDs(), ssec.KeyIDTag, named), nil}
}

// namedKey is the key id in the object's tag, "" if there is none that can be
// read: the tag only saves tries.
func (s *Store) namedKey(ctx context.Context, in *s3.GetObjectInput) string {
	out, err := s.s3.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: in.Bucket, Key: in.Key, VersionId: in.VersionId})
	if err != nil {
		s.log.WarnContext(ctx, "the object's tags cannot be read, so every key is tried", "reason", describe(err))
		return ""
	}
	for _, tag := range out.TagSet {
		if value(tag.Key) == ssec.KeyIDTag && ssec.ValidID(value(tag.Value)) {
			return *tag.Value
		}
	}
	return ""
}

// maybeWrongKey reports whether a GET with a key failed as one with a wrong key
// does. Sources disagree whether S3 answers that 403 AccessDenied or 400, and a
// 403 can as well be a missing right; checkReadable tells them apart.
func maybeWrongKey(err error) bool {
	a := answerOf(err)
	switch a.status {
	case http.StatusForbidden:
		return a.code == "AccessDenied"
	case http.StatusBadRequest:
		switch a.code {
		case "ExpiredToken", "InvalidToken", "RequestTimeout", "AuthorizationHeaderMalformed", "KeyTooLongError", "InvalidURI":
			return false
		case "InvalidArgument":
			return !strings.Contains(strings.ToLower(a.message), "version id")
		}
		return true
	}
	return false
}

// checkReadable looks, after a GET that maybeWrongKey, at the object without a
// key: S3 answers 400 for an SSE-C object that one may read, 403 for one that
// one may not, 200 for an object that is not under SSE-C, and 404 for none. That
// it does so is documented for 400 and 404, and not checked against S3 itself
// for the order of the other two; were it otherwise, the answer would be an
// error of another type, never an object. It returns nil for 400.
func (s *Store) checkReadable(ctx context.Context, in *s3.GetObjectInput, getErr error) error {
	_, err := s.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: in.Bucket, Key: in.Key, VersionId: in.VersionId})
	if err == nil {
		return &Error{ObjectNotSSEC, "the object is not under SSE-C, and this function reads SSE-C objects only", getErr}
	}
	switch answerOf(err).status {
	case http.StatusBadRequest:
		return nil
	case http.StatusForbidden:
		e := classify(ctx, "getting the object", getErr)
		e.Type = AccessDenied
		e.Text += " (a missing right, not a wrong key; without s3:ListBucket, S3 answers so for an object that does not exist too)"
		return e
	}
	return classify(ctx, "looking at the object without a key", err)
}
