package ssec

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
)

// secrets is a Secrets Manager with one secret of two versions.
type secrets struct {
	calls   atomic.Int32
	current atomic.Pointer[string]
	err     error
	enter   func() // called in each call
	hang    bool   // until the context's end
}

func (s *secrets) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	s.calls.Add(1)
	if s.enter != nil {
		s.enter()
	}
	if in.VersionStage == nil || *in.VersionStage != "AWSCURRENT" {
		return nil, errors.New("no version stage")
	}
	if s.hang {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if s.err != nil {
		return nil, s.err
	}
	return &secretsmanager.GetSecretValueOutput{SecretString: s.current.Load()}, nil
}

func newSecrets(primary string) *secrets {
	s := new(secrets)
	s.set(primary)
	return s
}

func (s *secrets) set(primary string) {
	s.current.Store(new(fmt.Sprintf(`{"v":1,"primary":%q,%[1]q:%q}`, primary, hex0)))
}

func primaryOf(t *testing.T, ring *Ring, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	id, _ := ring.Primary()
	return id
}

func TestSourceKeepsTheRingForItsTTL(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	now := time.Now()
	source.now = func() time.Time { return now }
	read := func() string {
		ring, err := source.Ring(t.Context())
		return primaryOf(t, ring, err)
	}
	read()
	client.set("k1")
	now = now.Add(RingTTL - 1)
	if got := read(); got != "k0" || client.calls.Load() != 1 {
		t.Errorf("within the TTL: primary %s after %d calls, want k0 after 1", got, client.calls.Load())
	}
	now = now.Add(1)
	if got := read(); got != "k1" || client.calls.Load() != 2 {
		t.Errorf("after the TTL: primary %s after %d calls, want k1 after 2", got, client.calls.Load())
	}
	client.set("k2")
	now = now.Add(-time.Hour)
	if got := read(); got != "k2" {
		t.Errorf("after the clock was set back: primary %s, want k2", got)
	}
}

func TestSourceCountsTheAgeFromBeforeTheCall(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	now := time.Now()
	source.now = func() time.Time { return now }
	client.enter = func() { now = now.Add(time.Minute) } // the answer takes a minute
	if _, err := source.Ring(t.Context()); err != nil {
		t.Fatal(err)
	}
	now = now.Add(RingTTL - time.Minute)
	if _, err := source.Ring(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := client.calls.Load(); n != 2 {
		t.Errorf("%d calls, want 2: the ring was older than its TTL", n)
	}
}

func TestSourceExpiresByWallClock(t *testing.T) {
	t.Parallel()
	source := NewSource(newSecrets("k0"), "arn")
	if _, err := source.Ring(t.Context()); err != nil {
		t.Fatal(err)
	}
	// == compares the monotonic reading too.
	if source.readAt != source.readAt.Round(0) {
		t.Error("the time of reading has a monotonic reading, which a frozen process's clock may not advance")
	}
}

func TestSourceAnswersNoOldRing(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	now := time.Now()
	source.now = func() time.Time { return now }
	if _, err := source.Ring(t.Context()); err != nil {
		t.Fatal(err)
	}
	now = now.Add(RingTTL)
	client.err = errors.New("down")
	for range 2 { // no pause for a writer
		if ring, err := source.Ring(t.Context()); ring != nil || !errors.Is(err, client.err) {
			t.Errorf("Ring = %v, %v while Secrets Manager is down, want its error", ring, err)
		}
	}
	if n := client.calls.Load(); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}

func TestAFailureLeavesAFreshRingAsItIs(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	old, err := source.Ring(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client.err = errors.New("throttled")
	if ring, err := source.RingAfter(t.Context(), old, "k1"); ring != nil || !errors.Is(err, client.err) {
		t.Errorf("RingAfter = %v, %v, want the error", ring, err)
	}
	if ring, err := source.Ring(t.Context()); ring != old || err != nil {
		t.Errorf("Ring = %v, %v, want the ring of before", ring, err)
	}
}

func TestAReaderGetsAnOldRing(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	now := time.Now()
	source.now = func() time.Time { return now }
	client.err = errors.New("down")
	if ring, err := source.RingForReading(t.Context()); ring != nil || !errors.Is(err, client.err) {
		t.Errorf("before the first ring: %v, %v", ring, err)
	}
	client.err = nil
	old, err := source.RingForReading(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client.err = errors.New("down")
	now = now.Add(24 * time.Hour)
	for range 3 {
		if ring, err := source.RingForReading(t.Context()); ring != old || !errors.Is(err, client.err) {
			t.Errorf("while Secrets Manager is down: %v, %v, want the old ring and the error", ring, err)
		}
	}
	if n := client.calls.Load(); n != 3 {
		t.Errorf("%d calls, want 3: one of three gets in a row", n)
	}
	client.err = nil
	client.set("k1")
	now = now.Add(readerPause)
	ring, err := source.RingForReading(t.Context())
	if got := primaryOf(t, ring, err); got != "k1" {
		t.Errorf("primary %s after the pause, want k1", got)
	}
	now = now.Add(RingTTL)
	for _, code := range []string{"AccessDeniedException", "ResourceNotFoundException", "InvalidRequestException", "DecryptionFailure"} {
		client.err = &smithy.GenericAPIError{Code: code}
		for range 2 {
			if ring, err := source.RingForReading(t.Context()); ring != nil || err == nil {
				t.Errorf("%s: %v, %v, want no ring", code, ring, err)
			}
		}
	}
}

func TestAReaderDoesNotWaitLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newSecrets("k0")
		source := NewSource(client, "arn")
		old, err := source.Ring(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(RingTTL)
		client.hang = true
		began := time.Now()
		if ring, err := source.RingForReading(t.Context()); ring != old || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != readerWait {
			t.Errorf("after %v: %v, %v", time.Since(began), ring, err)
		}
	})
}

// At most one call for each id in a while, and none for ids without end.
func TestAKeyThatIsLostCostsNoCallEachTime(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	now := time.Now()
	source.now = func() time.Time { return now }
	look := func(id string) *Ring {
		t.Helper()
		ring, err := source.Ring(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if ring, err = source.RingAfter(t.Context(), ring, id); err != nil {
			t.Fatal(err)
		}
		return ring
	}
	for range 9 {
		look("lost")
		look("")
	}
	if n := client.calls.Load(); n != 3 {
		t.Errorf("%d calls, want 3: the first, and one for each id", n)
	}
	client.set("k1")
	if _, has := look("k1").Key("k1"); !has || client.calls.Load() != 4 {
		t.Errorf("a key that another machine has made is not found, after %d calls", client.calls.Load())
	}
	now = now.Add(missTTL)
	look("lost")
	if n := client.calls.Load(); n != 5 {
		t.Errorf("%d calls, want 5: another look after a while", n)
	}
	for i := range 1000 {
		look(fmt.Sprint(i))
	}
	if n := client.calls.Load(); n != 5+maxMisses-1 {
		t.Errorf("%d calls for 1000 ids", n)
	}
}
