package ssec

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

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
		ring, err := source.RingAfter(t.Context(), old, "k1")
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
