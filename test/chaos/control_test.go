package chaos

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
)

// overwriting is an S3 to which a sweep can't say that what it copies must still
// be there.
type overwriting struct {
	*s3.Client
	dice dice
}

func (o overwriting) CopyObject(ctx context.Context, in *s3.CopyObjectInput, options ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	in.IfMatch = nil
	o.dice.sleep(ctx, 0, 50*time.Millisecond) // as a large object takes
	return o.Client.CopyObject(ctx, in, options...)
}

// The ring that a sweep reads.
type rings struct{ *world }

func (r rings) Ring(ctx context.Context) (*ssec.Ring, error) { return r.ring(ctx) }

func (r rings) RingAfter(ctx context.Context, _ *ssec.Ring, _ string) (*ssec.Ring, error) {
	return r.ring(ctx)
}

// The oracle is worth something only if it finds a loss that is there.
func TestASweepThatOverwritesIsFound(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	actors := append(r.clients(), r.rotates, func(ctx context.Context, d dice) error {
		for ctx.Err() == nil {
			s := &sweep.Sweeper{S3: overwriting{r.s3, d}, Ring: rings{r.world}, Bucket: bucket, Workers: 1}
			if err := s.Sweep(ctx, &sweep.Sweep{}, time.Time{}); err != nil {
				return err
			}
			r.tally.sweeps.Add(1)
		}
		return nil
	})
	err := r.act(t, time.Minute, actors...)
	if err == nil {
		t.Error("the oracle saw no loss in a minute")
	}
	t.Log(err)
}
