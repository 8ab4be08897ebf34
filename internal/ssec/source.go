package ssec

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
)

// SecretReader is the one call of Secrets Manager that a Source makes.
type SecretReader interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// A Source reads the key ring of one secret and keeps it for RingTTL. It never
// gives a writer an older ring, not even while Secrets Manager fails: an old
// primary key may be a retired one. Its methods may be called at the same time;
// one call of Secrets Manager is in flight at most.
type Source struct {
	client   SecretReader
	secretID string
	now      func() time.Time

	// gate holds one token: who has it may read and change what follows. A
	// channel and not a mutex, so that a waiter can give up at its deadline.
	gate    chan struct{}
	ring    *Ring // the last that was read
	readAt  time.Time
	failure error // of the last call, nil if it succeeded
	failed  time.Time
	misses  misses
}

// NewSource returns a Source of the secret with the given ARN or name.
func NewSource(client SecretReader, secretID string) *Source {
	return &Source{client: client, secretID: secretID, now: time.Now, gate: make(chan struct{}, 1), misses: misses{}}
}

// Ring returns the key ring, for writers. Errors: *BadSecretError, or what
// GetSecretValue returned, wrapped.
func (s *Source) Ring(ctx context.Context) (*Ring, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	if s.fresh() {
		return s.ring, nil
	}
	return s.read(ctx)
}

// While Secrets Manager fails, a reader waits for it so long, and then leaves it
// alone for a while.
const (
	readerWait  = 2 * time.Second
	readerPause = 10 * time.Second
)

// RingForReading returns a ring to get objects with: while Secrets Manager
// fails, the last one that was read, however old, together with the error. A key
// that is no longer in the ring opens only what it has sealed. If Secrets Manager
// refuses the secret, because the right to it was taken away or the secret is
// being deleted, there is no ring.
func (s *Source) RingForReading(ctx context.Context) (*Ring, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	switch {
	case s.fresh():
		return s.ring, nil
	case s.ring == nil:
		return s.read(ctx)
	case s.failure != nil && !refused(s.failure) && within(s.failed, readerPause, s.now()):
		return s.ring, s.failure
	}
	waiting, cancel := context.WithTimeout(ctx, readerWait)
	defer cancel()
	ring, err := s.read(waiting)
	if err != nil && !refused(err) {
		return s.ring, err
	}
	return ring, err
}

// RingAfter returns a ring that was read after old was: the one in memory if it
// is another, else a new one from Secrets Manager. A reader calls it when old
// lacks the key of an object; id is what the object says of its key, "" for
// nothing. If a new look brought no new key, it is not repeated for the same id
// for a while, and old is the answer: an object that no key opens must not cost a
// call each time. A key that another machine has just made has a new id, so it is
// found at once.
func (s *Source) RingAfter(ctx context.Context, old *Ring, id string) (*Ring, error) {
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	switch {
	case s.ring != old && s.fresh():
		return s.ring, nil
	case s.ring == old && s.misses.has(id, s.now()):
		return old, nil
	}
	ring, err := s.read(ctx)
	if err == nil && old.Holds(ring) == nil {
		s.misses.add(id, s.now())
	}
	return ring, err
}

func (s *Source) enter(ctx context.Context) error {
	select {
	case s.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the key ring: %w", ctx.Err())
	}
}

func (s *Source) leave() { <-s.gate }

func (s *Source) fresh() bool { return s.ring != nil && within(s.readAt, RingTTL, s.now()) }

// within compares wall clocks: between two invocations Lambda freezes the
// process, and a monotonic clock may stand still meanwhile. A wall clock that
// was set back ends the time, and does not prolong it.
func within(since time.Time, limit time.Duration, now time.Time) bool {
	age := now.Round(0).Sub(since)
	return 0 <= age && age < limit
}

// read calls Secrets Manager. The ring's age counts from before the call, since
// the answer may be overtaken by a rotation while it travels. After a failure the
// ring of before stays, as old as it is.
func (s *Source) read(ctx context.Context) (*Ring, error) {
	began := s.now().Round(0) // Round(0) drops the monotonic reading
	ring, err := s.call(ctx)
	if s.failure = err; err != nil {
		s.failed = s.now().Round(0)
		return nil, err
	}
	s.ring, s.readAt = ring, began
	return ring, nil
}

func (s *Source) call(ctx context.Context) (*Ring, error) {
	current := "AWSCURRENT"
	out, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
		SecretId:     &s.secretID,
		VersionStage: &current,
	})
	if err != nil {
		return nil, fmt.Errorf("reading the key ring: %w", err)
	}
	return ReadRing(out)
}

// refused reports whether Secrets Manager refuses the secret, which is no
// disturbance that passes.
//
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
func refused(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains([]string{
		"AccessDeniedException", "DecryptionFailure", "InvalidRequestException", "ResourceNotFoundException",
	}, api.ErrorCode())
}
