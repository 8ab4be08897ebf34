package trace

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/rotation"
	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/internal/sweep"
	"github.com/s3seal/s3seal/test/model"
)

// A faulty program differs from the real one in one thing.
type faulty struct {
	plainFinish bool // a rotation moves AWSCURRENT from wherever it is
	s3          func(bucketClient) sweep.S3
	now         func() time.Time // of a retirement
}

func (a *actor) secretClient() secretClient { return secretClient{a, a.world.secret, false} }
func (a *actor) bucketClient() bucketClient {
	return bucketClient{actor: a, bucket: a.bucket, secret: a.world.secret}
}

// writes puts objects as a put function does that stays warm.
func writes(ctx context.Context, a *actor) {
	source := ssec.NewSource(a.secretClient(), "ring")
	for ctx.Err() == nil && !a.dead {
		invocation, cancel := context.WithTimeout(ctx, functionTimeout)
		if ring, err := source.Ring(invocation); err == nil {
			n := a.number()
			a.bucketClient().put(invocation, names[n%len(names)], n, ring)
		}
		cancel()
		a.rest(5 * time.Minute)
	}
}

// rotates does what Secrets Manager does for RotateSecret: it goes on with the
// version that is pending, if there is one.
func rotates(f faulty, again bool, rest time.Duration) func(context.Context, *actor) {
	return func(ctx context.Context, a *actor) {
		s, token := a.world.secret, ""
		if a.call(ctx, "RotateSecret", func() error {
			if token = s.labels[pending]; token == "" || token == s.labels[current] || again {
				token = fmt.Sprint("v", len(s.all))
				s.texts[token], s.all[token], s.labels[pending], s.changed = "", "", token, time.Now()
			}
			return nil
		}) != nil {
			return
		}
		client := a.secretClient()
		client.plainly = f.plainFinish
		r := rotation.New(rotation.Config{Bucket: "bucket", ProbeKey: "probe", SecretARN: "ring"}, client, a.bucketClient(), slog.New(slog.DiscardHandler))
		for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret"} {
			invocation, cancel := context.WithTimeout(ctx, functionTimeout)
			err := r.Step(invocation, rotation.Event{Step: step, SecretID: "ring", ClientRequestToken: token})
			cancel()
			if err != nil {
				return
			}
		}
		_ = a.call(ctx, "RotateSecret ends", func() error {
			if s.labels[pending] == token {
				delete(s.labels, pending)
			}
			return nil
		})
		a.rest(rest)
	}
}

func sweeper(f faulty, a *actor) *sweep.Sweeper {
	var client sweep.S3 = a.bucketClient()
	if f.s3 != nil {
		client = f.s3(a.bucketClient())
	}
	return &sweep.Sweeper{S3: client, Ring: ssec.NewSource(a.secretClient(), "ring"), Bucket: "bucket", Workers: 1}
}

func sweeps(f faulty) func(context.Context, *actor) {
	return func(ctx context.Context, a *actor) {
		for ctx.Err() == nil && !a.dead {
			_ = sweeper(f, a).Sweep(ctx, &sweep.Sweep{}, time.Time{})
			a.rest(3 * time.Minute)
		}
	}
}

func retires(f faulty, rest time.Duration) func(context.Context, *actor) {
	return func(ctx context.Context, a *actor) {
		ids := a.world.secret.ring().IDs()
		r := &sweep.Retirement{Sweeper: sweeper(f, a), Secrets: a.secretClient(), SecretID: "ring", LongestWrite: functionTimeout, Now: f.now}
		if id := ids[len(ids)-1]; len(ids) > 1 {
			_, _ = r.Retire(ctx, id)
		}
		a.rest(rest)
	}
}

// play lets actors act in an order that the seed decides, and hold, if it is not
// nil.
func play(t *testing.T, seed uint64, steps int, hold func(*world, *ask) bool, actors ...func(context.Context, *actor)) (w *world, wrong error) {
	synctest.Test(t, func(t *testing.T) {
		w = newWorld(seed)
		if hold != nil {
			w.hold = func(k *ask) bool { return hold(w, k) }
		}
		wrong = w.run(steps, actors...)
	})
	return w, wrong
}

func TestTheProgramTakesStepsOfTheModel(t *testing.T) {
	t.Parallel()
	var all counts
	for seed := range uint64(30) {
		w, wrong := play(t, seed, 2000, nil, writes, writes, rotates(faulty{}, false, 2*time.Hour), rotates(faulty{}, seed%2 == 0, 2*time.Hour), sweeps(faulty{}), retires(faulty{}, 10*time.Minute))
		if wrong != nil {
			t.Fatalf("seed %d: %v\n%s", seed, wrong, strings.Join(w.steps[max(0, len(w.steps)-120):], "\n"))
		}
		all.puts += w.counts.puts
		all.copies += w.counts.copies
		all.rotations += w.counts.rotations
		all.retirements += w.counts.retirements
		all.crashes += w.counts.crashes
	}
	t.Logf("%+v", all)
	if min(all.puts, all.copies, all.rotations, all.retirements, all.crashes) == 0 {
		t.Error("something never happened")
	}
}

type overwriting struct{ bucketClient }

func (o overwriting) CopyObject(ctx context.Context, in *s3.CopyObjectInput, options ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	in.IfMatch = nil
	return o.bucketClient.CopyObject(ctx, in, options...)
}

// The check is worth something only if it finds what is wrong.
func TestAFaultyProgramIsFound(t *testing.T) {
	t.Parallel()
	lying := faulty{s3: func(c bucketClient) sweep.S3 { return overwriting{c} }}
	plain := faulty{plainFinish: true}
	hasty := faulty{now: func() time.Time { return time.Now().Add(time.Hour) }}
	for name, c := range map[string]struct {
		actors []func(context.Context, *actor)
		hold   func(*world, *ask) bool // so that it doesn't take long to happen
		want   []model.Property
	}{
		"a sweep without If-Match": {[]func(context.Context, *actor){writes, writes, rotates(lying, false, time.Hour), sweeps(lying)}, nil, []model.Property{model.NoLostPut, model.StaysGone}},
		"a finish from wherever": {[]func(context.Context, *actor){writes, rotates(plain, true, time.Second), rotates(plain, true, time.Second)}, func(w *world, k *ask) bool {
			return w.counts.rotations == 0 && k.who == "actor 1" && k.what == "UpdateSecretVersionStage AWSCURRENT"
		}, []model.Property{step}},
		"a retirement without grace": {[]func(context.Context, *actor){writes, writes, rotates(hasty, false, time.Minute), retires(hasty, time.Second)}, func(w *world, k *ask) bool {
			return w.counts.retirements == 0 && strings.HasPrefix(k.what, "PutObject")
		}, []model.Property{model.Readable}},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(50) {
				w, wrong := play(t, seed, 400, c.hold, c.actors...)
				if wrong == nil {
					continue
				}
				property, _, _ := strings.Cut(wrong.Error(), ": ")
				if !slices.Contains(c.want, model.Property(property)) {
					t.Errorf("%v; want one of %q", wrong, c.want)
				}
				t.Logf("seed %d, after %d steps: %v", seed, len(w.steps), wrong)
				return
			}
			t.Error("not found")
		})
	}
}
