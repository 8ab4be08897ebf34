package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
	"github.com/s3seal/s3seal/internal/metric"
	"github.com/s3seal/s3seal/internal/ssec"
)

// spare is how long before the end of an invocation no other version is begun: a
// copy of 5 GB takes a while.
const spare = time.Minute

// A Handler is what lambda.Start runs.
type Handler struct {
	sweeper *Sweeper
	metrics *metric.Writer // nil without METRICS
	log     *slog.Logger
	err     error // of open; every invocation answers it
}

// NewHandler returns the function of the process's environment: BUCKET_NAME is the
// bucket, SECRET_ARN the secret with its key ring, and METRICS=true asks for metrics.
func NewHandler() *Handler {
	h := &Handler{log: lambdacontext.NewLogger(), metrics: metric.FromEnvironment(os.Getenv, os.Stdout)}
	h.sweeper, h.err = open(os.Getenv)
	return h
}

func open(getenv func(string) string) (*Sweeper, error) {
	for _, name := range []string{"BUCKET_NAME", "SECRET_ARN"} {
		if getenv(name) == "" {
			return nil, function.Errorf(function.BadConfig, nil, "%s is not set", name)
		}
	}
	cfg, err := awsclient.FromEnvironment(getenv)
	if err != nil {
		return nil, function.Errorf(function.BadConfig, err, "%v", err)
	}
	ring := ssec.NewSource(secretsmanager.NewFromConfig(cfg), getenv("SECRET_ARN"))
	return &Sweeper{S3: awsclient.S3(cfg), Ring: ring, Bucket: getenv("BUCKET_NAME")}, nil
}

// Invoke answers one event.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, end := h.metrics.Begin(ctx)
	defer end()
	return function.Answer(ctx, func(ctx context.Context) ([]byte, error) {
		if h.err != nil {
			return nil, h.err
		}
		answer, err := h.answer(ctx, payload)
		if err != nil {
			return nil, err
		}
		return json.Marshal(answer)
	})
}

func (h *Handler) answer(ctx context.Context, payload []byte) (any, error) {
	e, kind, err := readEvent(payload)
	if err != nil {
		return nil, err
	}
	s := *h.sweeper
	switch kind {
	case toMoveItems:
		at, err := s.items(ctx, e.Items, before(ctx))
		if err == nil {
			h.log.InfoContext(ctx, "batch", "counts", at.Report.Counts, "examples", at.Report.Examples)
		}
		return at, err
	case toMoveTasks:
		return s.tasks(ctx, e.batchEvent), nil
	}
	s.Plan = e.Plan
	at := e.answerSweep
	if err := s.Sweep(ctx, &at.Sweep, before(ctx)); err != nil {
		return nil, err
	}
	if at.Done && !e.Done {
		if err := s.measure(ctx, at.Report); err != nil {
			return nil, err
		}
	}
	versions, size := at.Report.Versions()
	h.log.InfoContext(ctx, "sweep", "done", at.Done, "versions", versions, "bytes", size, "counts", at.Report.Counts)
	return at, nil
}

// measure adds what a whole pass says of the keys to the metrics. A batch of a
// Distributed Map, or of S3 Batch Operations, sees a part of the bucket only.
func (s *Sweeper) measure(ctx context.Context, r *Report) error {
	ring, err := s.Ring.Ring(ctx)
	if err != nil {
		return classify(ctx, "reading the secret", err)
	}
	primary, _ := ring.Primary()
	metric.Add(ctx, metric.OldestKeyDays, math.Floor(r.oldestKey(primary, s.now()).Hours()/24))
	return nil
}

// answerSweep is the answer of a sweep, and the event with which it goes on.
type answerSweep struct {
	Sweep
	Plan bool `json:"plan,omitempty"`
}

// before is when no other version is begun: spare before the end, or when half of a
// short invocation is over.
func before(ctx context.Context) time.Time {
	deadline, ok := ctx.Deadline()
	if !ok {
		return time.Time{}
	}
	return deadline.Add(-min(spare, time.Until(deadline)/2))
}

// items moves the objects of a batch of a Distributed Map.
func (s *Sweeper) items(ctx context.Context, items []item, until time.Time) (*Sweep, error) {
	p := page{entries: make([]entry, len(items))}
	for i, it := range items {
		if it.Key == "" {
			return nil, function.Errorf(function.BadRequest, nil, "an item has no Key")
		}
		p.entries[i] = entry{key: it.Key, latest: true}
	}
	findings, done, err := s.page(ctx, p, until)
	if err == nil && done < len(items) {
		// The same batch again finds what is moved, and soon comes here.
		err = function.Errorf(function.Timeout, nil, "%d of %d objects were moved in time: invoke the function again, or make the batches smaller", done, len(items))
	}
	if err != nil {
		return nil, classify(ctx, "moving the objects", err)
	}
	at := &Sweep{Done: true, Report: &Report{}}
	at.Report.add(findings, p.entries)
	return at, nil
}

// tasks moves the objects of S3 Batch Operations. The version of a task is not
// asked for: it was the current one when the manifest was written.
func (s *Sweeper) tasks(ctx context.Context, e batchEvent) batchAnswer {
	answer := batchAnswer{SchemaVersion: e.SchemaVersion, TreatMissingKeysAs: temporary, InvocationID: e.InvocationID, Results: []batchResult{}}
	for _, t := range e.Tasks {
		code, text := s.task(ctx, t)
		answer.Results = append(answer.Results, batchResult{t.TaskID, code, text})
	}
	return answer
}

func (s *Sweeper) task(ctx context.Context, t batchTask) (code, text string) {
	bucket, key, err := t.object()
	switch {
	case err != nil, key == "":
		return permanent, "s3Key is no key in the encoding of a URL"
	case bucket != s.Bucket:
		return permanent, "the function is for another bucket"
	}
	f, err := s.process(ctx, name{key: key}, true)
	var typed *function.Error
	switch {
	case errors.As(err, &typed):
		return temporary, typed.Text
	case err != nil:
		return temporary, classify(ctx, "moving the object", err).Text
	case f == nil:
		return succeeded, "gone"
	}
	switch f.state {
	case Current, Moved, NotSSEC:
		return succeeded, string(f.state)
	case Failed:
		if f.err.Type == function.Conflict || f.err.Type == function.Timeout {
			return temporary, f.err.Text
		}
		return permanent, f.err.Text
	}
	return permanent, string(f.state) + " " + f.keyID
}
