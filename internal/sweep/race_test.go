package sweep

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/internal/ssec"
)

// Whoever writes between the look and the copy wins.
func TestAPutBetweenLookAndCopyWins(t *testing.T) {
	t.Parallel()
	for _, status := range []types.BucketVersioningStatus{types.BucketVersioningStatusEnabled, types.BucketVersioningStatusSuspended} {
		w := newWorld(t)
		w.versioning(status)
		w.put("a", "k0", "old")
		once := true
		w.hooks.beforeCopy = func(*s3.CopyObjectInput) error {
			if once {
				once = false
				w.put("a", "k1", "acknowledged")
			}
			return nil
		}
		w.want(w.sweep(), "k1 moved 1")
		if got, _ := w.get("a", "", "k2"); got != "acknowledged" {
			t.Errorf("%s: the put is lost: %q", status, got)
		}
	}
}

func TestADeletedObjectStaysDeleted(t *testing.T) {
	t.Parallel()
	for _, status := range []types.BucketVersioningStatus{types.BucketVersioningStatusEnabled, types.BucketVersioningStatusSuspended} {
		w := newWorld(t)
		w.versioning(status)
		w.put("a", "k0", "old")
		w.hooks.beforeCopy = func(*s3.CopyObjectInput) error { w.delete("a"); return nil }
		w.want(w.sweep())
		if got, _ := w.get("a", "", "k2"); got != "" {
			t.Errorf("%s: the object is back: %q", status, got)
		}
	}
}

func TestAnObjectThatChangesAllTheTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "k0", "0")
	n := 0
	w.hooks.beforeCopy = func(*s3.CopyObjectInput) error { n++; w.put("a", "k0", fmt.Sprint(n)); return nil }
	w.want(w.sweep(), "failed 1")
	if got, _ := w.get("a", "", "k0"); n != maxLooks || got != fmt.Sprint(n) {
		t.Errorf("%d tries, %q", n, got)
	}
}

// A copy whose answer is lost is found by the next look.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.put("a", "k0", "text")
	w.hooks.afterCopy = func() error { w.hooks.afterCopy = nil; return errKilled }
	w.sweeper.Sweep(t.Context(), &Sweep{}, time.Time{})
	w.want(w.sweep(), "k2 current 1", "k0 noncurrent 1")
	if got, _ := w.get("a", "", "k2"); got != "text" || w.versions("a") != 2 {
		t.Errorf("%q, %d versions", got, w.versions("a"))
	}
}

// A sweep that dies at any call, and is run again, loses nothing and copies no
// object twice.
func TestASweepThatDiesAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sweeper.Workers, w.sweeper.limits.page = 2, 3
	for i := range 8 {
		w.put(fmt.Sprint(i), "k0", fmt.Sprint("text ", i))
	}
	for round := range 8 {
		ctx, kill := context.WithCancel(t.Context())
		var copies atomic.Int32
		w.hooks.beforeCopy = func(*s3.CopyObjectInput) error {
			if int(copies.Add(1)) > round/2 && round%2 == 0 {
				kill()
			}
			return nil
		}
		w.hooks.afterCopy = func() error {
			if round%2 == 1 {
				kill()
				return errKilled
			}
			return nil
		}
		if err := w.sweeper.Sweep(ctx, &Sweep{}, time.Time{}); err == nil && round < 4 {
			t.Error("not killed")
		}
		kill()
	}
	w.hooks.beforeCopy, w.hooks.afterCopy = nil, nil
	w.sweep()
	for i := range 8 {
		name := fmt.Sprint(i)
		if got, _ := w.get(name, "", "k2"); got != "text "+name || w.versions(name) != 2 {
			t.Errorf("%s is %q, with %d versions", name, got, w.versions(name))
		}
	}
}

// Writers of the primary key and two sweeps at once: what was acknowledged last is
// what is read, and nothing that was deleted comes back.
func TestSweepsBesideWriters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const objects = 6
	last := make([]string, objects)
	for i := range objects {
		last[i] = "begin"
		w.put(fmt.Sprint(i), "k0", last[i])
	}
	var writers, sweeps sync.WaitGroup
	stop := make(chan struct{})
	for i := range objects {
		writers.Go(func() {
			for n := range 10 {
				time.Sleep(time.Duration(rand.N(3)) * time.Millisecond)
				if n%5 == 4 {
					w.delete(fmt.Sprint(i))
					last[i] = ""
					continue
				}
				// k1 stands for a warm put that has not seen the last rotation.
				last[i] = fmt.Sprint(i, " ", n)
				w.put(fmt.Sprint(i), "k1", last[i])
			}
		})
	}
	for range 2 {
		sweeps.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := w.sweeper.Sweep(t.Context(), &Sweep{}, time.Time{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	sweeps.Wait()
	w.sweep()
	for i := range objects {
		if got, _ := w.get(fmt.Sprint(i), "", "k2"); got != last[i] {
			t.Errorf("%d is %q, want %q", i, got, last[i])
		}
	}
}

// The tags of a copy are those of the object that is copied, also where no version
// can be named.
func TestThePutsTagsStayWithItsObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.versioning(types.BucketVersioningStatusSuspended)
	tagged := func(value string) func(*s3.PutObjectInput) {
		return func(in *s3.PutObjectInput) { *in.Tagging += "&owner=" + value }
	}
	w.put("a", "k0", "old", tagged("old"))
	w.hooks.beforeHead = func() {
		w.hooks.beforeHead = nil
		w.put("a", "k0", "new", tagged("new"))
	}
	w.want(w.sweep(), "k0 moved 1")
	if got, _ := w.get("a", "", "k2"); got != "new" || w.tags("a")["owner"] != "new" {
		t.Errorf("%q with the tags %v", got, w.tags("a"))
	}
}

// An object under a key that a rotation has just made is no unreadable one.
func TestAKeyThatIsNewerThanTheRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.ring()
	rotated, err := old.Rotate("k3", key("foreign"), "version")
	w.ok(err)
	w.sweeper.Ring = &staleRing{changingRing{w, rotated}, old}
	w.put("a", "foreign", "a", func(in *s3.PutObjectInput) { *in.Tagging = "ssec-kid=k3" })
	w.want(w.sweep(), "k3 current 1")
}

// staleRing gives an old ring until it is asked for a newer one.
type staleRing struct {
	changingRing
	old *ssec.Ring
}

func (s *staleRing) Ring(context.Context) (*ssec.Ring, error) { return s.old, nil }
