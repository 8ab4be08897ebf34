package sweep

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// maxLooks bounds how often an object is looked at that changes all the time.
const maxLooks = 5

// process looks at a version and, unless it only plans, copies what is to be
// moved. The error is of the whole sweep; that of one version is in the finding.
func (s *Sweeper) process(ctx context.Context, n name, latest bool) (*finding, error) {
	for range maxLooks {
		f, err := s.try(ctx, n, latest)
		switch {
		case errors.Is(err, errChanged):
			n.versionID = "" // whatever is the current version now
			continue
		case err == nil:
			return f, nil
		}
		var typed *function.Error
		if !errors.As(err, &typed) || !ofOne(typed.Type) || ctx.Err() != nil {
			return nil, err
		}
		return &finding{name: n, state: Failed, err: typed}, nil
	}
	return &finding{name: n, state: Failed, err: &function.Error{Type: function.Conflict, Text: "the object changed at each try"}}, nil
}

// errChanged is that a version is no longer what the look found.
var errChanged = errors.New("the object has changed")

// try looks and copies once. It ends within WriteTime of reading the ring, so that
// no copy is under a key that has not been the primary for longer than Grace.
func (s *Sweeper) try(ctx context.Context, n name, latest bool) (*finding, error) {
	ring, err := s.Ring.Ring(ctx)
	if err != nil {
		return nil, classify(ctx, "reading the secret", err)
	}
	bounded, cancel := context.WithTimeout(ctx, WriteTime)
	defer cancel()
	f, err := s.look(bounded, ring, n, latest)
	if err != nil || f == nil || f.state != ToMove || s.Plan {
		return f, err
	}
	if f.size > s.maxCopy() {
		err = s.copyInParts(ctx, ring, f) // bounded by itself
	} else {
		err = s.copy(bounded, ring, f)
	}
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed:
		return nil, errChanged
	}
	if err != nil {
		return nil, classify(ctx, "copying the object", err)
	}
	f.state = Moved
	return f, nil
}

// ofOne reports whether a failure is of one object, and the sweep may go on. It
// stops for what every object would meet: no secret, no connection, throttling.
func ofOne(t function.Type) bool {
	switch t {
	case function.BadRequest, function.Conflict, function.ObjectNotFound, function.ObjectNotSSEC, function.AccessDenied, function.Timeout, function.Internal:
		return true
	}
	return false
}

// copy copies an object onto itself under the primary key. MetadataDirective COPY
// keeps metadata and the headers of the content, not the redirect of a website.
func (s *Sweeper) copy(ctx context.Context, ring *ssec.Ring, f *finding) error {
	id, primary := ring.Primary()
	in := &s3.CopyObjectInput{
		Bucket:                  &s.Bucket,
		Key:                     &f.name.key,
		CopySource:              s.source(f.name),
		CopySourceIfMatch:       f.head.ETag,
		IfMatch:                 f.head.ETag,
		MetadataDirective:       types.MetadataDirectiveCopy,
		TaggingDirective:        types.TaggingDirectiveReplace,
		Tagging:                 tagging(f.tags, id),
		StorageClass:            f.head.StorageClass,
		WebsiteRedirectLocation: f.head.WebsiteRedirectLocation,
	}
	in.CopySourceSSECustomerAlgorithm, in.CopySourceSSECustomerKey, in.CopySourceSSECustomerKeyMD5 = f.key.Customer()
	in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = primary.Customer()
	lock := lockOf(f.head, s.now())
	in.ObjectLockMode, in.ObjectLockRetainUntilDate, in.ObjectLockLegalHoldStatus = lock.mode, lock.until, lock.hold
	in.ObjectLockEventHold, in.ObjectLockEventHoldDurationDays, in.ObjectLockEventHoldDurationYears = lock.event, lock.days, lock.years
	_, err := retrying(ctx, s, func() (*s3.CopyObjectOutput, error) { return s.S3.CopyObject(ctx, in) })
	return err
}

// source is the header of a copy's source. The ETag pins what it leaves out.
func (s *Sweeper) source(n name) *string {
	return awsclient.CopySource(s.Bucket, n.key, n.versionID)
}

// tagging is the header of the tags, with that of the key.
func tagging(tags map[string]string, keyID string) *string {
	values := url.Values{}
	for k, v := range maps.All(tags) {
		values.Set(k, v)
	}
	values.Set(ssec.KeyIDTag, keyID)
	return aws.String(values.Encode())
}
