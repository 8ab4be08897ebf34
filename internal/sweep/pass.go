package sweep

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/ssec"
)

// pass looks at every version of the bucket, and refuses unless a key of the ring
// that stays opens each, or it is not under SSE-C.
func (r *Retirement) pass(ctx context.Context, ring, staying *ssec.Ring, id string) (*Report, error) {
	s, report := r.Sweeper, &Report{}
	for from := (Cursor{}); ; {
		p, err := s.list(ctx, from)
		if err != nil {
			return report, err
		}
		if err := s.stillThere(ctx, from); err != nil {
			return report, err
		}
		findings := make([]*finding, len(p.entries))
		err = inParallel(ctx, s.workers(), len(p.entries), func(ctx context.Context, i int) (err error) {
			if e := p.entries[i]; !e.marker {
				findings[i], err = s.needs(ctx, ring, staying, id, e)
			}
			return err
		})
		if err != nil {
			return report, classify(ctx, "looking at the versions", err)
		}
		report.add(findings, p.entries)
		if s.Progress != nil {
			s.Progress(report)
		}
		if p.next == nil {
			return report, r.verdict(report, id)
		}
		from = *p.next
	}
}

// needs finds the key that opens a version: one that stays, else the one to
// retire. The tag is not asked.
func (s *Sweeper) needs(ctx context.Context, ring, staying *ssec.Ring, id string, e entry) (*finding, error) {
	f := &finding{name: name{e.key, e.versionID}, size: e.size}
	found, err := s.open(ctx, ring, f.name, "", append(staying.IDs(), id))
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
	f.keyID, f.head = found.keyID, found.head
	switch {
	case f.keyID == "":
		f.state = NotSSEC
	case locked(f.head, s.now()):
		f.state = Locked
	case !e.latest:
		f.state = Noncurrent
	default:
		f.state = Current
	}
	return f, nil
}

// verdict refuses if a version needs the key, or may.
func (r *Retirement) verdict(report *Report, id string) error {
	var needed Count
	for _, c := range report.Counts {
		if c.KeyID == id {
			needed.Versions += c.Versions
			needed.Bytes += c.Bytes
		}
	}
	failed, unreadable := report.Of(Failed).Versions, report.Of(Unreadable).Versions
	var e *RefusedError
	switch {
	case needed.Versions > 0:
		e = refused("%d versions (%s) need the key %s: move the current ones with a sweep, and wait for the end of the others", needed.Versions, Size(needed.Bytes), id)
	case failed > 0:
		e = refused("%d versions may not be read, so whether they need the key %s is not known", failed, id)
	case unreadable > 0 && !r.DespiteUnreadable:
		e = refused("no key of the ring opens %d versions, so whether a right or a key is missing is not known: look at them, then ask for the retirement despite them", unreadable)
	default:
		return nil
	}
	e.Report = report
	return e
}

// stillThere refuses if the version behind which a page of the list began is gone.
// What S3 lists behind a version that it has not is not documented, and a version
// that a list leaves out would be lost.
func (s *Sweeper) stillThere(ctx context.Context, from Cursor) error {
	if from.VersionID == "" {
		return nil
	}
	_, err := s.head(ctx, name{from.Key, from.VersionID}, nil)
	switch status := statusOf(err); {
	case err == nil, status == http.StatusBadRequest, status == http.StatusForbidden, status == http.StatusMethodNotAllowed:
		return nil // an SSE-C object, or a delete marker
	case status == http.StatusNotFound:
		return refused("versions were deleted while they were listed: try again")
	}
	return classify(ctx, "looking at a version", err)
}

// refuseUploads refuses if an upload in parts is open that began before the given
// time: it is under a key that nobody can ask for, and may become an object at any
// time.
func (r *Retirement) refuseUploads(ctx context.Context, before time.Time) error {
	s := r.Sweeper
	in := &s3.ListMultipartUploadsInput{Bucket: &s.Bucket}
	for {
		out, err := retrying(ctx, s, func() (*s3.ListMultipartUploadsOutput, error) { return s.S3.ListMultipartUploads(ctx, in) })
		if err != nil {
			return classify(ctx, "listing the uploads", err)
		}
		for _, u := range out.Uploads {
			if u.Initiated == nil || !u.Initiated.After(before) {
				return refused("the upload in parts of %q is open since %s, and may be under the key: complete or abort it (upload id %s)",
					aws.ToString(u.Key), aws.ToTime(u.Initiated).UTC().Format(time.RFC3339), aws.ToString(u.UploadId))
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			return nil
		}
		in.KeyMarker, in.UploadIdMarker = out.NextKeyMarker, out.NextUploadIdMarker
	}
}
