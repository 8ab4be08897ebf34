package sweep

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/ssec"
)

// S3 are the calls that a sweep makes; *s3.Client has them.
type S3 interface {
	ListObjectVersions(context.Context, *s3.ListObjectVersionsInput, ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	GetObjectTagging(context.Context, *s3.GetObjectTaggingInput, ...func(*s3.Options)) (*s3.GetObjectTaggingOutput, error)
	CopyObject(context.Context, *s3.CopyObjectInput, ...func(*s3.Options)) (*s3.CopyObjectOutput, error)
	ListObjectAnnotations(context.Context, *s3.ListObjectAnnotationsInput, ...func(*s3.Options)) (*s3.ListObjectAnnotationsOutput, error)
	CreateMultipartUpload(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error)
	UploadPartCopy(context.Context, *s3.UploadPartCopyInput, ...func(*s3.Options)) (*s3.UploadPartCopyOutput, error)
	CompleteMultipartUpload(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error)
	AbortMultipartUpload(context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error)
	ListMultipartUploads(context.Context, *s3.ListMultipartUploadsInput, ...func(*s3.Options)) (*s3.ListMultipartUploadsOutput, error)
}

// A RingReader gives a ring that is not older than ssec.RingTTL; *ssec.Source is
// one.
type RingReader interface {
	Ring(context.Context) (*ssec.Ring, error)

	// RingAfter gives a newer ring, for an object under a key that old lacks.
	RingAfter(ctx context.Context, old *ssec.Ring, id string) (*ssec.Ring, error)
}

// A Sweeper sweeps one bucket.
type Sweeper struct {
	S3     S3
	Ring   RingReader
	Bucket string

	// Plan looks only: what would be moved is ToMove.
	Plan bool

	// Locked moves what is under Object Lock, too. The copy gets the same lock;
	// the version that it replaces stays, under its key, until its lock ends.
	Locked bool

	// Workers is how many versions are looked at at once. Default: 16.
	Workers int

	// Progress, if set, is called after each page of the list.
	Progress func(*Report)

	// Found, if set, is called with the key of each object that is to be moved,
	// which only a plan leaves so. Its error ends the sweep.
	Found func(key string) error

	limits limits
}

// limits are smaller in tests. A zero is the default.
type limits struct {
	page              int32
	maxCopy, partSize int64
	pause             time.Duration
	now               func() time.Time
}

func (s *Sweeper) workers() int         { return cmp.Or(s.Workers, 16) }
func (s *Sweeper) pageSize() int32      { return cmp.Or(s.limits.page, pageSize) }
func (s *Sweeper) maxCopy() int64       { return cmp.Or(s.limits.maxCopy, awsclient.MaxCopy) }
func (s *Sweeper) partSize() int64      { return cmp.Or(s.limits.partSize, partSize) }
func (s *Sweeper) pause() time.Duration { return cmp.Or(s.limits.pause, time.Second) }
func (s *Sweeper) now() time.Time {
	if s.limits.now != nil {
		return s.limits.now()
	}
	return time.Now()
}

// A Sweep is where a sweep is: what it found so far, and where it goes on. Its
// JSON is the answer of the function, which accepts it as its next event.
type Sweep struct {
	Done   bool    `json:"done"`
	Cursor Cursor  `json:"cursor,omitzero"`
	Report *Report `json:"report"`
}

// Sweep goes on with a sweep, to its end or until the given time, if that is not
// zero. What it moves after an error, or after until, is not lost: the next sweep
// finds it moved. The error is an *function.Error.
func (s *Sweeper) Sweep(ctx context.Context, at *Sweep, until time.Time) error {
	if at.Report == nil {
		at.Report = &Report{}
	}
	began := at.Cursor
	for !at.Done {
		p, err := s.list(ctx, at.Cursor)
		if err != nil {
			return err
		}
		findings, done, err := s.page(ctx, p, until)
		next, all := Cursor{}, done == len(p.entries)
		if !all { // what is behind the cursor comes again, and must not count twice
			next, done = p.behind(done, at.Cursor)
			findings = findings[:done]
		}
		at.Report.add(findings, p.entries[:done])
		if err := s.tell(findings); err != nil {
			return err
		}
		if !all {
			at.Cursor = next
			if err == nil && at.Cursor == began {
				return &function.Error{Type: function.Timeout, Text: "not one object could be moved in the time of the function: sweep from a terminal"}
			}
			if err != nil {
				return classify(ctx, "sweeping", err)
			}
			return nil
		}
		if p.next == nil {
			at.Done, at.Cursor = true, Cursor{}
		} else {
			at.Cursor = *p.next
		}
		if s.Progress != nil {
			s.Progress(at.Report)
		}
	}
	return nil
}

func (s *Sweeper) tell(findings []*finding) error {
	for _, f := range findings {
		if s.Found != nil && f != nil && f.state == ToMove {
			if err := s.Found(f.name.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// page processes the entries of a page. It returns what it found of the first done
// ones, up to which none is missing.
func (s *Sweeper) page(ctx context.Context, p page, until time.Time) (findings []*finding, done int, err error) {
	findings = make([]*finding, len(p.entries))
	finished := make([]bool, len(p.entries))
	err = inParallel(ctx, s.workers(), len(p.entries), func(ctx context.Context, i int) error {
		if !until.IsZero() && !s.now().Before(until) {
			return nil // and those that have begun come to their end
		}
		e := p.entries[i]
		if !e.marker {
			f, err := s.process(ctx, name{e.key, e.versionID}, e.latest)
			if err != nil {
				return err
			}
			findings[i] = f
		}
		finished[i] = true
		return nil
	})
	for done < len(finished) && finished[done] {
		done++
	}
	return findings[:done], done, err
}

// inParallel calls f with 0 to n-1, in that order, up to workers at once, until
// one fails; its error is the first.
func inParallel(ctx context.Context, workers, n int, f func(context.Context, int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for i := range next {
				if err := f(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range n {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	group.Wait()
	return context.Cause(ctx)
}
