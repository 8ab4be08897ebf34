package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/s3seal/s3seal/internal/ssec"
)

// An oracle looks at every version that is stored.
type oracle struct {
	*world
	journals map[string]*journal
	seen     map[string]seen // by version id: neither its key nor its body ever changes
	looks    int
	versions int // that were seen
}

type seen struct {
	key    string // id, in the ring
	number int
}

// look returns an error if a version can't be read by a reader that starts now,
// or an object has not what was acknowledged last.
func (o *oracle) look(ctx context.Context) error {
	before := map[string]int{}
	for key, j := range o.journals {
		before[key] = j.acknowledged()
	}
	stored, markers, err := o.list(ctx)
	if err != nil {
		return err
	}
	ring, err := o.ring(ctx)
	if err != nil {
		return err
	}
	o.looks++
	current := map[string]int{}
	for _, v := range stored {
		s, known := o.seen[*v.VersionId]
		if _, has := ring.Key(s.key); !known || !has {
			if s, err = o.read(ctx, ring, v); errors.Is(err, errGone) {
				delete(current, *v.Key)
				delete(before, *v.Key) // it changes just now: the next look will tell
				continue
			} else if err != nil {
				return err
			}
			o.seen[*v.VersionId] = s
			o.versions++
		}
		if *v.IsLatest {
			current[*v.Key] = s.number
		}
	}
	for _, m := range markers {
		if *m.IsLatest {
			current[*m.Key] = o.journals[*m.Key].numberOf(*m.VersionId)
		}
	}
	for key, acked := range before {
		if err := o.journals[key].check(current[key], acked); err != nil {
			return err
		}
	}
	return nil
}

func (o *oracle) list(ctx context.Context) (stored []types.ObjectVersion, markers []types.DeleteMarkerEntry, err error) {
	pages := s3.NewListObjectVersionsPaginator(o.s3, &s3.ListObjectVersionsInput{Bucket: aws.String(bucket)})
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, err
		}
		stored, markers = append(stored, p.Versions...), append(markers, p.DeleteMarkers...)
	}
	return stored, markers, nil
}

// errGone is that the version was removed since it was listed.
var errGone = errors.New("the version is gone")

// read finds the key of a version and reads it, as one who knows nothing but the
// ring.
func (o *oracle) read(ctx context.Context, ring *ssec.Ring, v types.ObjectVersion) (seen, error) {
	for _, id := range ring.IDs() {
		key, _ := ring.Key(id)
		in := &s3.GetObjectInput{Bucket: aws.String(bucket), Key: v.Key, VersionId: v.VersionId}
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5 = key.Customer()
		out, err := o.s3.GetObject(ctx, in)
		var answer *smithyhttp.ResponseError
		switch {
		case err == nil:
			body, err := io.ReadAll(out.Body)
			out.Body.Close()
			if err != nil {
				return seen{}, err
			}
			number, err := strconv.Atoi(string(body))
			return seen{id, number}, err
		case errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusNotFound:
			return seen{}, errGone
		case errors.As(err, &answer) && (answer.HTTPStatusCode() == http.StatusForbidden || answer.HTTPStatusCode() == http.StatusBadRequest):
			// the wrong key
		default:
			return seen{}, err
		}
	}
	return seen{}, fmt.Errorf("no key of the ring %v opens version %s of %s", ring.IDs(), *v.VersionId, *v.Key)
}

// lifecycle removes what has not been current for the given time, as a rule of
// the bucket does; else no key could ever retire.
func (o *oracle) lifecycle(ctx context.Context, age time.Duration) error {
	stored, markers, err := o.list(ctx)
	if err != nil {
		return err
	}
	var old []types.ObjectIdentifier
	for _, v := range stored {
		if !*v.IsLatest && time.Since(*v.LastModified) > age {
			old = append(old, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
	}
	for _, m := range markers {
		if !*m.IsLatest && time.Since(*m.LastModified) > age {
			old = append(old, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
	}
	for len(old) > 0 {
		n := min(len(old), 1000)
		if _, err := o.s3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: aws.String(bucket), Delete: &types.Delete{Objects: old[:n], Quiet: aws.Bool(true)}}); err != nil {
			return err
		}
		old = old[n:]
	}
	return nil
}
