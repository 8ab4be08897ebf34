package s3control

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// principal is who assumes the role of a job.
//
// Source: S3 user guide, s3-batch-replication-policies. No page says that it names
// the job or account for which it works, so that it goes without: a trust policy
// that demands aws:SourceArn or aws:SourceAccount keeps it out.
const principal = "batchoperations.s3.amazonaws.com"

// jobError is why a job fails as a whole.
type jobError struct {
	code  string
	cause error
}

func (e *jobError) Error() string { return e.code + ": " + e.cause.Error() }

// errCancelled is why a job ends that was told to.
var errCancelled = errors.New("the job was cancelled")

// run carries out a job.
func (s *Service) run(j *job) {
	trace := new(api.Trace)
	err := s.opt.Log.Guard("job "+j.id, func() error { return s.carryOut(j, trace) })
	s.mu.Lock()
	defer s.mu.Unlock()
	j.ended = s.opt.Now()
	switch {
	case err == nil:
		j.status = statusComplete
	case errors.Is(err, errCancelled):
		j.status = statusCancelled
	default:
		j.status = statusFailed
		code := api.AsError(err).Code
		var failed *jobError
		if errors.As(err, &failed) {
			code = failed.code
		}
		j.failures = append(j.failures, jobFailure{code, err.Error()})
		s.opt.Log.Entry(fmt.Sprintf("job %s of S3 Batch Operations failed: %v", j.id, err), trace.Denials()...)
	}
}

// enter gives a job a state, unless it is to end.
func (s *Service) enter(j *job, status string) error {
	select {
	case <-j.cancelled:
		return errCancelled
	case <-s.stop:
		return errCancelled
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j.status = status
	return nil
}

func (s *Service) carryOut(j *job, trace *api.Trace) error {
	if err := s.enter(j, statusPreparing); err != nil {
		return err
	}
	call := api.ServiceCall(principal, "", j.place.Region, s.opt.Now())
	call.Trace = trace
	role, err := s.opt.STS.AssumeRole(call, j.request.RoleArn, "s3-batch-operations")
	if err != nil {
		return &jobError{"AssumeRoleNotPermitted", err}
	}
	tasks, err := s.tasks(j, role)
	if err != nil {
		return err
	}
	if err := s.confirm(j); err != nil {
		return err
	}
	if err := s.enter(j, statusActive); err != nil {
		return err
	}
	results := make([]result, 0, len(tasks))
	for _, t := range tasks {
		select {
		case <-j.cancelled:
			return errCancelled
		case <-s.stop:
			return errCancelled
		default:
		}
		err := s.opt.S3.ReplicateExisting(role, bucketOf(j.generator().SourceBucket), t.Key, t.VersionID)
		results = append(results, result{t, err})
		s.mu.Lock()
		if err == nil {
			j.succeeded++
		} else {
			j.failed++
		}
		s.mu.Unlock()
	}
	if err := s.enter(j, statusCompleting); err != nil {
		return err
	}
	return s.report(j, role, results)
}

func (j *job) generator() *s3ManifestGenerator {
	return j.request.ManifestGenerator.S3JobManifestGenerator
}

// tasks generates the manifest.
func (s *Service) tasks(j *job, role api.Call) ([]s3.Existing, error) {
	g := j.generator()
	name := bucketOf(g.SourceBucket)
	switch place, there := s.opt.S3.BucketPlace(name); {
	case !there:
		return nil, &jobError{"SrcBucketNotFound", fmt.Errorf("there is no bucket %s", name)}
	case place.Region != j.place.Region:
		return nil, &jobError{"SrcBucketInvalidRegion", fmt.Errorf("the bucket %s is in %s, and the job in %s", name, place.Region, j.place.Region)}
	case g.ExpectedBucketOwner != "" && place.Account != g.ExpectedBucketOwner:
		return nil, &jobError{"AccessDenied", fmt.Errorf("the bucket %s is not of the account %s", name, g.ExpectedBucketOwner)}
	}
	all, err := s.opt.S3.Replicable(role, name)
	if errors.Is(err, s3.ErrNoReplication) {
		return nil, &jobError{"SrcBucketReplicationConfigMissing", err}
	}
	if err != nil {
		return nil, err
	}
	tasks := slices.DeleteFunc(all, func(x s3.Existing) bool { return !g.Filter.selects(x) })
	if len(tasks) == 0 {
		return nil, &jobError{"ManifestGenerationFailed", errors.New("Manifest generation found no keys matching the filter criteria.")}
	}
	s.mu.Lock()
	j.total = len(tasks)
	s.mu.Unlock()
	return tasks, s.keepManifest(j, role, tasks)
}

func (f *jobFilter) selects(x s3.Existing) bool {
	if f.ObjectReplicationStatuses != nil && !slices.Contains(f.ObjectReplicationStatuses.Members, x.Status) {
		return false
	}
	after, _ := time.Parse(time.RFC3339, f.CreatedAfter) // checked
	before, err := time.Parse(time.RFC3339, f.CreatedBefore)
	if x.Modified.Before(after) || err == nil && !x.Modified.Before(before) {
		return false
	}
	if f.KeyNameConstraint == nil {
		return true
	}
	for list, fits := range map[*statuses]func(string, string) bool{
		f.KeyNameConstraint.MatchAnyPrefix: strings.HasPrefix, f.KeyNameConstraint.MatchAnySubstring: strings.Contains, f.KeyNameConstraint.MatchAnySuffix: strings.HasSuffix,
	} {
		if list != nil && !slices.ContainsFunc(list.Members, func(part string) bool { return fits(x.Key, part) }) {
			return false
		}
	}
	return true
}

// confirm waits until a job that needs it is confirmed.
func (s *Service) confirm(j *job) error {
	if j.request.ConfirmationRequired == nil || !*j.request.ConfirmationRequired {
		return s.enter(j, statusReady)
	}
	if err := s.enter(j, statusSuspended); err != nil {
		return err
	}
	s.mu.Lock()
	j.suspended = s.opt.Now()
	s.mu.Unlock()
	select {
	case <-j.confirmed:
		return nil
	case <-j.cancelled:
	case <-s.stop:
	}
	return errCancelled
}
