package ssec

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// secrets is a Secrets Manager with one secret of two versions.
type secrets struct {
	calls   atomic.Int32
	current atomic.Pointer[string]
	err     error
	enter   func() // called in each call
}

func (s *secrets) GetSecretValue(_ context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	s.calls.Add(1)
	if s.enter != nil {
		s.enter()
	}
	if in.VersionStage == nil || *in.VersionStage != "AWSCURRENT" {
		return nil, errors.New("no version stage")
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
	if ring, err := source.Ring(t.Context()); !errors.Is(err, client.err) {
		t.Errorf("Ring = %v, %v while Secrets Manager is down, want its error", ring, err)
	}
}

func TestRingAfterReadsAgainOnce(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	source := NewSource(client, "arn")
	old, err := source.Ring(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client.set("k1")
	for range 3 {
		ring, err := source.RingAfter(t.Context(), old)
		if got := primaryOf(t, ring, err); got != "k1" {
			t.Errorf("primary %s, want k1", got)
		}
	}
	if n := client.calls.Load(); n != 2 {
		t.Errorf("%d calls, want 2: the second ring is newer than the first for every asker", n)
	}
}

func TestSourceHasOneCallInFlight(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	var flying atomic.Int32
	client.enter = func() {
		if flying.Add(1) > 1 {
			t.Error("two calls in flight")
		}
		flying.Add(-1)
	}
	source := NewSource(client, "arn")
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := source.Ring(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := client.calls.Load(); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

func TestWaiterGivesUpAtItsDeadline(t *testing.T) {
	t.Parallel()
	client := newSecrets("k0")
	began, end := make(chan struct{}), make(chan struct{})
	client.enter = func() { close(began); <-end }
	source := NewSource(client, "arn")
	done := make(chan error)
	go func() {
		_, err := source.Ring(context.Background())
		done <- err
	}()
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := source.Ring(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Ring = %v, want context.Canceled", err)
	}
	close(end)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestSourceRefusesABinarySecret(t *testing.T) {
	t.Parallel()
	source := NewSource(new(secrets), "arn")
	var bad *BadSecretError
	if _, err := source.Ring(t.Context()); !errors.As(err, &bad) {
		t.Errorf("Ring = %v, want a *BadSecretError", err)
	}
}
