package ssec

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// RingTTL is how long a Source answers from memory. A key may be retired from
// the ring only when no writer can still hold the ring in which it was primary:
// RingTTL plus the function's timeout after the rotation.
const RingTTL = 5 * time.Minute

// SecretReader is the one call of Secrets Manager that a Source makes.
type SecretReader interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// A Source reads the key ring of one secret and keeps it for RingTTL. It never
// answers an older ring, not even while Secrets Manager fails: an old primary
// key may be a retired one. Its methods may be called at the same time; one call
// of Secrets Manager is in flight at most.
type Source struct {
	client   SecretReader
	secretID string
	now      func() time.Time

	// gate holds one token: who has it may read and change ring and readAt.
	// A channel and not a mutex, so that a waiter can give up at its deadline.
	gate   chan struct{}
	ring   *Ring
	readAt time.Time
}

// NewSource returns a Source of the secret with the given ARN or name.
func NewSource(client SecretReader, secretID string) *Source {
	return &Source{client: client, secretID: secretID, now: time.Now, gate: make(chan struct{}, 1)}
}

// Ring returns the key ring. Errors: *BadSecretError, or what GetSecretValue
// returned, wrapped.
func (s *Source) Ring(ctx context.Context) (*Ring, error) { return s.RingAfter(ctx, nil) }

// RingAfter returns a ring that was read after old was: the one in memory if it
// is another, else a new one from Secrets Manager. A reader calls it when old
// lacks the key that an object names.
func (s *Source) RingAfter(ctx context.Context, old *Ring) (*Ring, error) {
	select {
	case s.gate <- struct{}{}:
		defer func() { <-s.gate }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for the key ring: %w", ctx.Err())
	}
	if s.ring != nil && s.ring != old && s.fresh() {
		return s.ring, nil
	}
	return s.read(ctx)
}

// fresh compares wall clocks: between two invocations Lambda freezes the
// process, and a monotonic clock may stand still meanwhile. A wall clock that
// was set back makes the ring stale, not fresh for longer.
func (s *Source) fresh() bool {
	age := s.now().Round(0).Sub(s.readAt)
	return 0 <= age && age < RingTTL
}

// read calls Secrets Manager. The ring's age counts from before the call, since
// the answer may be overtaken by a rotation while it travels.
func (s *Source) read(ctx context.Context) (*Ring, error) {
	s.ring = nil
	began := s.now().Round(0) // Round(0) drops the monotonic reading
	current := "AWSCURRENT"
	out, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
		SecretId:     &s.secretID,
		VersionStage: &current,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the key ring: %w", err)
	}
	ring, err := ReadRing(out)
	if err != nil {
		return nil, err
	}
	s.ring, s.readAt = ring, began
	return ring, nil
}
