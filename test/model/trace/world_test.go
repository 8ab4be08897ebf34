package trace

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/test/model"
)

// functionTimeout is that of the functions that put and rotate.
const functionTimeout = 30 * time.Second

var names = []string{"A", "B"}

// A world is the secret, the bucket, and those who use them. Everybody waits at
// the gate before each call, so that one call is carried out at a time.
type world struct {
	secret *secret
	bucket *bucket
	seed   uint64
	rand   *rand.Rand // of the world; each actor has its own
	counts counts

	slow string            // who isn't let through the gate just now
	hold func(k *ask) bool // calls that have to wait, if not nil

	mu    sync.Mutex
	asks  []*ask
	steps []string // what happened
	wrong error
}

type counts struct{ puts, copies, rotations, retirements, crashes int }

// An ask is a call that waits at the gate.
type ask struct {
	who, what string
	verdict   chan verdict
}

type verdict int

const (
	carriedOut verdict = iota
	crashesBefore
	crashesAfter
)

func newWorld(seed uint64) *world {
	return &world{secret: newSecret(), bucket: newBucket(), seed: seed, rand: rand.New(rand.NewPCG(seed, 0))}
}

// An actor is one life of somebody: after a crash, another one goes on.
type actor struct {
	*world
	name string
	dice *rand.Rand
	dead bool
}

// rest lets the actor do nothing for a random time.
func (a *actor) rest(most time.Duration) { time.Sleep(time.Duration(a.dice.Int64N(int64(most)))) }

var errDead = errors.New("the process has crashed")

// call waits for its turn and carries the call out. One that waits for longer
// than its context lasts is never carried out.
func (a *actor) call(ctx context.Context, what string, carryOut func() error) error {
	if a.dead {
		return errDead // what its code does on its way out
	}
	k := &ask{a.name, what, make(chan verdict)}
	a.mu.Lock()
	a.asks = append(a.asks, k)
	a.mu.Unlock()
	var v verdict
	select {
	case v = <-k.verdict:
	case <-ctx.Done():
		a.mu.Lock()
		defer a.mu.Unlock()
		a.asks = slices.DeleteFunc(a.asks, func(other *ask) bool { return other == k })
		return ctx.Err()
	}
	if a.dead = v != carriedOut; v == crashesBefore {
		a.note("%s: crashes before %s", a.name, what)
		return errDead
	}
	err := carryOut()
	a.note("%s: %s%s", a.name, what, map[bool]string{true: ": " + fmt.Sprint(err)}[err != nil])
	a.check()
	if a.dead {
		a.note("%s: crashes", a.name)
		return errDead
	}
	return err
}

func (w *world) note(format string, arguments ...any) {
	w.steps = append(w.steps, fmt.Sprintf(format, arguments...))
}

// fail keeps the first thing that is wrong.
func (w *world) fail(p model.Property, format string, arguments ...any) {
	if w.wrong == nil {
		w.wrong = fmt.Errorf("%s: %s", p, fmt.Sprintf(format, arguments...))
		w.note("WRONG: %v", w.wrong)
	}
}

// check is the model's, of a state.
func (w *world) check() {
	ring := w.secret.ring()
	for key, all := range w.bucket.versions {
		for _, v := range all {
			if _, has := ring.Key(v.keyID); !v.marker && !has {
				w.fail(model.Readable, "%s of %s needs %s", v.id, key, v.keyID)
			}
		}
		switch v := w.bucket.current(key); {
		case v.body == w.bucket.acked[key]:
		case w.bucket.deleted(key):
			w.fail(model.StaysGone, "%s has what number %d put, and number %d deleted it", key, v.body, w.bucket.acked[key])
		default:
			w.fail(model.NoLostPut, "%s has what number %d put, and number %d was acknowledged", key, v.body, w.bucket.acked[key])
		}
	}
}

// run lets the actors act, for a number of steps, and returns what is wrong.
func (w *world) run(steps int, actors ...func(context.Context, *actor)) error {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	for i, act := range actors {
		group.Go(func() {
			dice := rand.New(rand.NewPCG(w.seed, uint64(i+1)))
			for ctx.Err() == nil {
				a := &actor{world: w, name: fmt.Sprint("actor ", i), dice: dice}
				act(ctx, a)
				a.rest(time.Second)
			}
		})
	}
	for range steps {
		synctest.Wait()
		if w.wrong != nil {
			break
		}
		w.step()
	}
	cancel()
	group.Wait()
	return w.wrong
}

// step lets one thing happen.
func (w *world) step() {
	w.mu.Lock()
	slices.SortStableFunc(w.asks, func(a, b *ask) int { return strings.Compare(a.who, b.who) })
	n := len(w.asks)
	w.mu.Unlock()
	dice := w.rand.IntN(1000)
	if w.hold != nil {
		dice = max(dice, 70) // nothing else happens, or time would run out
	}
	switch {
	case n == 0:
		w.pass(time.Minute, ssec.RingTTL)
	case dice < 30:
		w.pass(time.Second, functionTimeout/2)
	case dice < 45:
		w.pass(ssec.RingTTL, 2*ssec.RingTTL)
	case dice < 70:
		w.others()
		w.check()
	default:
		i := w.rand.IntN(n)
		if w.rand.IntN(40) == 0 {
			w.slow = w.asks[i].who
		}
		switch {
		case w.hold != nil && w.hold(w.asks[i]):
			w.pass(0, 200*time.Millisecond)
			return
		case w.hold == nil && w.asks[i].who == w.slow:
			w.pass(0, time.Second)
			return
		}
		k := w.asks[i]
		w.asks = slices.Delete(w.asks, i, i+1)
		v := carriedOut
		if dice > 990 {
			v = crashesBefore + verdict(w.rand.IntN(2))
			w.counts.crashes++
		}
		k.verdict <- v
	}
}

// pass lets a random time pass.
func (w *world) pass(least, most time.Duration) {
	d := least + time.Duration(w.rand.Int64N(int64(most-least+1)))
	w.note("%s pass", d.Round(time.Second))
	time.Sleep(d)
}

// others are what happens without a call of the functions.
func (w *world) others() {
	key := names[w.rand.IntN(len(names))]
	switch w.rand.IntN(5) {
	case 0:
		if free := w.secret.removable(); len(free) > 0 {
			v := free[w.rand.IntN(len(free))]
			delete(w.secret.texts, v)
			w.note("Secrets Manager removes %s", v)
		}
	case 1:
		if v := w.bucket.current(key); v != nil && !v.marker {
			w.counts.puts++
			w.bucket.acked[key] = w.number()
			w.bucket.add(key, version{marker: true, body: w.bucket.acked[key]})
			w.note("%s is deleted", key)
		}
	default:
		if all := w.bucket.versions[key]; len(all) > 1 {
			w.bucket.versions[key] = all[len(all)-1:]
			w.note("the noncurrent versions of %s expire", key)
		}
	}
}

// number is that of a put or delete.
func (w *world) number() int {
	w.bucket.numbers++
	return w.bucket.numbers
}
