package chaos

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

var (
	duration = flag.Duration("chaos.for", 10*time.Second, "how long TestNothingIsLost goes on")
	seed     = flag.Uint64("chaos.seed", 0, "of what happens; 0: another one each time")
	kills    = flag.Int64("chaos.kills", 5, "how many kills there must be at least")
)

const writers, perWriter, readers = 4, 3, 4

// A run is a world and what happens in it.
type run struct {
	*world
	seed      uint64
	rotateARN string
	oracle    oracle
	journals  []*journal
	tally     tally
}

// dice are those of one actor.
type dice struct{ *rand.Rand }

// sleep waits for a random time, or until ctx ends.
func (d dice) sleep(ctx context.Context, least, most time.Duration) {
	select {
	case <-time.After(least + time.Duration(d.Int64N(int64(most-least)))):
	case <-ctx.Done():
	}
}

func newRun(t *testing.T) *run {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the functions, and takes as long as -chaos.for says")
	}
	if runtime.GOOS != "linux" {
		t.Skip("finds the functions' processes in /proc, as Linux has it")
	}
	r := &run{world: newWorld(t), seed: *seed}
	if r.seed == 0 {
		r.seed = rand.Uint64()
	}
	t.Logf("-chaos.seed %d", r.seed)
	f, err := r.lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("rotate")})
	if err != nil {
		t.Fatal(err)
	}
	r.rotateARN = *f.Configuration.FunctionArn
	r.oracle = oracle{world: r.world, journals: map[string]*journal{}, seen: map[string]seen{}}
	for i := range writers * perWriter {
		j := newJournal(fmt.Sprint("object-", i))
		r.journals = append(r.journals, j)
		r.oracle.journals[j.key] = j
	}
	return r
}

// errOver is that the time of a run is over.
var errOver = errors.New("the time is over")

// act lets the actors act until one finds a violation, or the time is over. It
// returns the violation.
func (r *run) act(t *testing.T, limit time.Duration, actors ...func(context.Context, dice) error) error {
	ctx, cancel := context.WithCancelCause(t.Context())
	timer := time.AfterFunc(limit, func() { cancel(errOver) })
	defer timer.Stop()
	began := time.Now()
	var group sync.WaitGroup
	for i, actor := range actors {
		group.Go(func() {
			err := actor(ctx, dice{rand.New(rand.NewPCG(r.seed, uint64(i)))})
			if err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("after %s: %w", time.Since(began).Round(time.Millisecond), err))
			}
		})
	}
	group.Wait()
	t.Logf("%s; the oracle looked %d times, at %d versions", &r.tally, r.oracle.looks, r.oracle.versions)
	if err := context.Cause(ctx); !errors.Is(err, errOver) {
		return err
	}
	return r.oracle.look(t.Context()) // at what was still on its way
}

// clients are the writers and readers, and the oracle.
func (r *run) clients() []func(context.Context, dice) error {
	actors := []func(context.Context, dice) error{func(ctx context.Context, d dice) error {
		for ctx.Err() == nil {
			if err := r.oracle.look(ctx); err != nil {
				return err
			}
			d.sleep(ctx, time.Millisecond, 5*time.Millisecond)
		}
		return nil
	}}
	for i := range writers {
		actors = append(actors, func(ctx context.Context, d dice) error {
			for ctx.Err() == nil {
				if err := r.write(ctx, d, r.journals[i*perWriter+d.IntN(perWriter)]); err != nil {
					return err
				}
				d.sleep(ctx, 0, 60*time.Millisecond)
			}
			return nil
		})
	}
	for range readers {
		actors = append(actors, func(ctx context.Context, d dice) error { return r.read(ctx, d, r.journals) })
	}
	return actors
}

func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	r := newRun(t)
	actors := append(r.clients(), r.kill, r.operate, func(ctx context.Context, d dice) error {
		for ctx.Err() == nil {
			if err := r.sweep(ctx); err != nil {
				return err
			}
			d.sleep(ctx, 0, 300*time.Millisecond)
		}
		return nil
	}, func(ctx context.Context, d dice) error {
		for ctx.Err() == nil {
			if err := r.oracle.lifecycle(ctx, time.Second); err != nil {
				return err
			}
			d.sleep(ctx, 100*time.Millisecond, 500*time.Millisecond)
		}
		return nil
	})
	if err := r.act(t, *duration, actors...); err != nil {
		t.Error(err)
	}
	if n := r.tally.kills.Load(); n < *kills {
		t.Errorf("%d kills only", n)
	}
}
