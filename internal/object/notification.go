package object

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/s3seal/s3seal/internal/function"
)

// NewIngestHandler returns the function that copies new objects of other buckets
// into its own. Its event, and the body of each message of its queue, is a
// notification of S3.
func NewIngestHandler() *Handler { return newHandler("ingest", invokeIngest) }

// invokeIngest brings every object that a notification names up to date. What it
// does for one record does not depend on the others, so it does all, and answers
// the first failure.
func invokeIngest(ctx context.Context, s *Store, payload []byte) ([]byte, error) {
	records, err := readNotification(payload)
	if err != nil {
		return nil, err
	}
	var first error
	for _, r := range records {
		if err := s.ingestRecord(ctx, r); err != nil && first == nil {
			first = err
		}
	}
	if first != nil {
		return nil, first
	}
	return []byte("{}"), nil
}

// readNotification reads the records of a notification. The test message, which
// S3 sends once when notifications are turned on, has none.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
func readNotification(payload []byte) ([]events.S3EventRecord, error) {
	var n struct {
		events.S3Event
		Service, Event string
	}
	switch err := json.Unmarshal(payload, &n); {
	case err != nil:
		return nil, function.Errorf(function.BadRequest, nil, "the event is no notification of Amazon S3")
	case n.Service == "Amazon S3" && n.Event == "s3:TestEvent":
		return nil, nil
	case len(n.Records) == 0:
		return nil, function.Errorf(function.BadRequest, nil, "the event has no Records: want a notification of Amazon S3")
	}
	return n.Records, nil
}

func (s *Store) ingestRecord(ctx context.Context, r events.S3EventRecord) error {
	bucket, key := r.S3.Bucket.Name, r.S3.Object.URLDecodedKey
	switch {
	case r.EventSource != "aws:s3":
		return function.Errorf(function.BadRequest, nil, "a record is of %q: want aws:s3", r.EventSource)
	case !strings.HasPrefix(r.EventVersion, "2."):
		// Another major version may mean another thing by the same field.
		return function.Errorf(function.BadRequest, nil, "a record has the version %q: want 2.x", r.EventVersion)
	case !strings.HasPrefix(r.EventName, "ObjectCreated:"):
		s.log.InfoContext(ctx, "ignored an event that creates no object", "event", r.EventName, "bucket", bucket, "key", key)
		return nil
	case !slices.Contains(s.config.SourceBuckets, bucket):
		return function.Errorf(function.BadRequest, nil, "a record is of the bucket %q, which SOURCE_BUCKETS does not list", bucket)
	}
	if err := needKey("key", key); err != nil {
		return err
	}
	return s.Ingest(ctx, bucket, key)
}
