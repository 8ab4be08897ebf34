package s3

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ReplicationFailure is one attempt that failed.
type ReplicationFailure struct {
	Time                      time.Time
	SourceBucket              string
	Key, VersionID            string
	RuleID, DestinationBucket string
	Reason                    string // S3's code: "DstPutObjectNotPermitted"
	Detail                    string // the error behind it
}

func (f ReplicationFailure) String() string {
	return fmt.Sprintf("replication of s3://%s/%s, version %s, to s3://%s failed: %s: %s", f.SourceBucket, f.Key, f.VersionID, f.DestinationBucket, f.Reason, f.Detail)
}

// task is one thing to replicate.
type task struct {
	bucket       *bucket
	key, version string
	kind         taskKind
	added        time.Time
}

type taskKind int

const (
	replicateObject taskKind = iota
	replicateTags
)

// replicator carries out tasks one after the other, in the order in which the
// versions became visible.
type replicator struct {
	s *Service

	mu       sync.Mutex
	changed  *sync.Cond // tasks, held or closed changed
	tasks    []task     // the first is under way, unless held
	held     bool
	closed   bool
	done     chan struct{} // the worker has ended
	failures []ReplicationFailure
}

func newReplicator(s *Service) *replicator {
	r := &replicator{s: s, done: make(chan struct{})}
	r.changed = sync.NewCond(&r.mu)
	go r.work()
	return r
}

func (r *replicator) add(t task) {
	t.added = r.s.opt.Now()
	r.mu.Lock()
	r.tasks = append(r.tasks, t)
	r.mu.Unlock()
	r.changed.Broadcast()
}

func (r *replicator) work() {
	defer close(r.done)
	for {
		r.mu.Lock()
		for (len(r.tasks) == 0 || r.held) && !r.closed {
			r.changed.Wait()
		}
		if r.closed {
			r.mu.Unlock()
			return
		}
		t := r.tasks[0]
		r.mu.Unlock()

		failed := r.s.replicate(t)

		r.mu.Lock()
		r.tasks = r.tasks[1:]
		r.failures = append(r.failures, failed...)
		r.mu.Unlock()
		r.changed.Broadcast()
	}
}

func (r *replicator) close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.changed.Broadcast()
	<-r.done
}

// HoldReplication keeps S3 from replicating, as a large backlog does, until it is
// told to go on. What is under way is not held.
func (s *Service) HoldReplication(held bool) {
	s.replication.mu.Lock()
	s.replication.held = held
	s.replication.mu.Unlock()
	s.replication.changed.Broadcast()
}

// WaitReplication waits until nothing is left to replicate, or ctx ends.
func (s *Service) WaitReplication(ctx context.Context) error {
	r := s.replication
	stop := context.AfterFunc(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.changed.Broadcast()
	})
	defer stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.tasks) > 0 && !r.closed && ctx.Err() == nil {
		r.changed.Wait()
	}
	return ctx.Err()
}

// ReplicationFailures are all failed attempts, the oldest first.
func (s *Service) ReplicationFailures() []ReplicationFailure {
	s.replication.mu.Lock()
	defer s.replication.mu.Unlock()
	return slices.Clone(s.replication.failures)
}
