package sweep

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// A State is what a look at a version found.
type State string

// The states. Those of versions under the primary key are Current and Noncurrent
// too.
const (
	Current    State = "current"    // under the primary key
	ToMove     State = "toMove"     // current, under another key: a plan found it
	Moved      State = "moved"      // current, was under another key, and is now under the primary
	Noncurrent State = "noncurrent" // not the current version: only its end frees its key
	Locked     State = "locked"     // current, under Object Lock
	Archived   State = "archived"   // current, to be restored before it can be copied
	NotSSEC    State = "notSSEC"    // not under SSE-C
	Unreadable State = "unreadable" // no key of the ring opens it
	Failed     State = "failed"     // the look or the copy failed
)

// finding is what a look at one version found.
type finding struct {
	name
	state State
	keyID string // of the key that the version is under, "" if that is not known
	size  int64
	err   *function.Error // of Failed

	// What a copy needs, of ToMove.
	key  ssec.Key
	head *s3.HeadObjectOutput
	tags map[string]string
}

// look looks at a version, and copies nothing. It returns nil for what is gone.
func (s *Sweeper) look(ctx context.Context, ring *ssec.Ring, n name, latest bool) (*finding, error) {
	f := &finding{name: n}
	tags, hint, tagErr := s.tags(ctx, n)
	switch statusOf(tagErr) {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return nil, nil
	}
	found, err := s.open(ctx, ring, n, hint, ring.IDs())
	if _, known := ring.Key(hint); err == nil && found.unreadable && hint != "" && !known {
		// A rotation may have made the key since the ring was read.
		if ring, err = s.Ring.RingAfter(ctx, ring, hint); err != nil {
			return nil, classify(ctx, "reading the secret", err)
		}
		found, err = s.open(ctx, ring, n, hint, ring.IDs())
	}
	primary, _ := ring.Primary()
	switch {
	case errors.Is(err, errNoRight):
		f.state, f.err = Failed, unreadBy(err)
		return f, nil
	case err != nil:
		return nil, err
	case found.gone:
		return nil, nil
	case found.unreadable:
		f.state = Unreadable
		return f, nil
	}
	f.keyID, f.key, f.head, f.tags = found.keyID, found.key, found.head, tags
	f.size = aws.ToInt64(found.head.ContentLength)
	if id := aws.ToString(found.head.VersionId); id != "" {
		f.versionID = id
	}
	switch {
	case f.keyID == "":
		f.state = NotSSEC
	case !latest:
		f.state = Noncurrent
	case f.keyID == primary:
		f.state = Current
	case archived(f.head):
		f.state = Archived
	case !s.Locked && locked(f.head, s.now()):
		f.state = Locked
	default:
		f.state = ToMove
		if n.versionID == "" || n.versionID == "null" {
			// The tags may be of an object that was there before. Those that are
			// read after HEAD are of this one, if the copy finds its ETag still.
			f.tags, _, tagErr = s.tags(ctx, n)
		}
		if tagErr != nil { // without its tags a copy would lose them
			f.state, f.err = Failed, classify(ctx, "reading the tags", tagErr)
		}
	}
	return f, nil
}

// archived reports whether an object must be restored before it can be copied. A
// restored one can, for as long as its copy lasts.
//
// Source: AmazonS3/latest/API/API_CopyObject.html, x-amz-storage-class.
func archived(h *s3.HeadObjectOutput) bool {
	archive := h.StorageClass == types.StorageClassGlacier || h.StorageClass == types.StorageClassDeepArchive || h.ArchiveStatus != ""
	return archive && !strings.Contains(aws.ToString(h.Restore), `ongoing-request="false"`)
}

// locked reports whether a version can't be deleted yet.
func locked(h *s3.HeadObjectOutput, now time.Time) bool {
	return h.ObjectLockLegalHoldStatus == types.ObjectLockLegalHoldStatusOn ||
		h.ObjectLockEventHold == types.ObjectLockEventHoldOn || retained(h, now)
}

func retained(h *s3.HeadObjectOutput, now time.Time) bool {
	return h.ObjectLockMode != "" && h.ObjectLockRetainUntilDate != nil && h.ObjectLockRetainUntilDate.After(now)
}
