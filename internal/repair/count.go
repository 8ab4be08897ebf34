package repair

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/price"
)

// A State is what became of a version's replication.
type State string

// The states, of which a job tries the first two again.
//
// Source: AmazonS3/latest/userguide/replication-status.html.
const (
	Failed     State = "failed"     // S3 tried, and gave up
	Never      State = "never"      // no rule was there, or covered it
	Archived   State = "archived"   // one of the two, in a class that no job reads
	Pending    State = "pending"    // S3 is about to
	Replicated State = "replicated" // done
	Replica    State = "replica"    // of another replication
)

// States returns the states, in order.
func States() []State { return []State{Failed, Never, Archived, Pending, Replicated, Replica} }

// A Plan is what a job would work on.
type Plan struct {
	Bucket  string              `json:"bucket"`
	Of      map[State]*Versions `json:"of"`
	Causes  []Cause             `json:"causes"`
	Dollars float64             `json:"dollars"` // of the job, without the transfer between Regions

	mu sync.Mutex
}

// Versions are versions of objects.
type Versions struct {
	Versions int64    `json:"versions"`
	Bytes    int64    `json:"bytes"`
	Keys     []string `json:"keys"` // of some
}

// maxKeys is how many keys of a state a person is shown.
const maxKeys = 5

// Eligible are the versions that a job tries.
func (p *Plan) Eligible() int64 { return p.of(Failed).Versions + p.of(Never).Versions }

func (p *Plan) of(s State) *Versions {
	if p.Of[s] == nil {
		p.Of[s] = &Versions{}
	}
	return p.Of[s]
}

func (p *Plan) add(s State, key string, size int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.of(s)
	v.Versions++
	v.Bytes += size
	if len(v.Keys) < maxKeys {
		v.Keys = append(v.Keys, key)
	}
}

// atOnce is how many objects are looked at at a time.
const atOnce = 16

// Plan looks at every version: a HEAD each, for no listing has the status. Delete
// markers have none. It changes nothing.
func (r *Repairer) Plan(ctx context.Context) (*Plan, error) {
	plan := &Plan{Bucket: r.Bucket, Of: map[State]*Versions{}}
	pages := s3.NewListObjectVersionsPaginator(r.S3, &s3.ListObjectVersionsInput{Bucket: &r.Bucket})
	for looked := 0; pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, &account.CallError{Call: "s3 ListObjectVersions " + r.Bucket, Err: err}
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, v := range page.Versions {
			group.Go(func() error { return r.look(ctx, plan, v) })
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		looked += len(page.Versions)
		r.say(fmt.Sprintf("%s: looked at %d versions", r.Bucket, looked))
	}
	plan.Dollars = cost(plan.Eligible())
	return plan, nil
}

func (r *Repairer) look(ctx context.Context, plan *Plan, v types.ObjectVersion) error {
	out, err := r.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &r.Bucket, Key: v.Key, VersionId: v.VersionId})
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "NotFound" { // deleted meanwhile
		return nil
	}
	if err != nil {
		return &account.CallError{Call: "s3 HeadObject " + aws.ToString(v.Key), Err: err}
	}
	plan.add(stateOf(out), aws.ToString(v.Key), aws.ToInt64(v.Size))
	return nil
}

// stateOf is the state that S3 answers. Batch Replication doesn't read the two
// classes that are archived.
//
// Source: AmazonS3/latest/userguide/s3-batch-replication-batch.html, "S3 Batch
// Replication considerations".
func stateOf(o *s3.HeadObjectOutput) State {
	switch o.ReplicationStatus {
	case types.ReplicationStatusPending:
		return Pending
	case types.ReplicationStatusComplete, types.ReplicationStatusCompleted:
		return Replicated
	case types.ReplicationStatusReplica:
		return Replica
	}
	switch {
	case o.StorageClass == types.StorageClassGlacier || o.StorageClass == types.StorageClassDeepArchive:
		return Archived
	case o.ReplicationStatus == types.ReplicationStatusFailed:
		return Failed
	}
	return Never
}

// cost is what a job over n versions costs, with the writes of the replicas.
func cost(n int64) float64 {
	if n == 0 {
		return 0
	}
	return price.BatchJob.USD() + float64(n)*(price.BatchTask.USD()+price.Write.USD())
}
