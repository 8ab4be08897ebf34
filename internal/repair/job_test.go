package repair

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// jobs is S3 Batch Operations with one job, which is a step further each time that
// somebody looks.
type jobs struct {
	created *s3control.CreateJobInput
	steps   []types.JobDescriptor
	listed  []types.JobListDescriptor
}

func (j *jobs) CreateJob(_ context.Context, in *s3control.CreateJobInput, _ ...func(*s3control.Options)) (*s3control.CreateJobOutput, error) {
	j.created = in
	return &s3control.CreateJobOutput{JobId: aws.String("job-1")}, nil
}

func (j *jobs) DescribeJob(context.Context, *s3control.DescribeJobInput, ...func(*s3control.Options)) (*s3control.DescribeJobOutput, error) {
	step := j.steps[0]
	if len(j.steps) > 1 {
		j.steps = j.steps[1:]
	}
	return &s3control.DescribeJobOutput{Job: &step}, nil
}

func (j *jobs) ListJobs(_ context.Context, in *s3control.ListJobsInput, _ ...func(*s3control.Options)) (*s3control.ListJobsOutput, error) {
	var found []types.JobListDescriptor
	for _, job := range j.listed {
		if slices.Contains(in.JobStatuses, job.Status) {
			found = append(found, job)
		}
	}
	return &s3control.ListJobsOutput{Jobs: found}, nil
}

func ofJobs(j *jobs) *Repairer {
	return &Repairer{Jobs: j, Account: owner, Region: region, Bucket: bucket, RoleARN: roleARN, Poll: time.Millisecond}
}

func step(s types.JobStatus, tasks, succeeded, failed int64) types.JobDescriptor {
	return types.JobDescriptor{JobId: aws.String("job-1"), Status: s, ProgressSummary: &types.JobProgressSummary{
		TotalNumberOfTasks: &tasks, NumberOfTasksSucceeded: &succeeded, NumberOfTasksFailed: &failed,
	}}
}

func TestAJobTriesWhatFailedAndWhatNeverWas(t *testing.T) {
	t.Parallel()
	j := &jobs{}
	r := ofJobs(j)
	r.ReportBucket, r.ReportPrefix = "acme-logs", "repair"
	if id, err := r.Start(t.Context()); err != nil || id != "job-1" {
		t.Fatal(id, err)
	}
	g := j.created.ManifestGenerator.(*types.JobManifestGeneratorMemberS3JobManifestGenerator).Value
	if !slices.Equal(g.Filter.ObjectReplicationStatuses, []types.ReplicationStatus{types.ReplicationStatusFailed, types.ReplicationStatusNone}) || !*g.Filter.EligibleForReplication ||
		*g.SourceBucket != "arn:aws:s3:::"+bucket || *j.created.Report.Bucket != "arn:aws:s3:::acme-logs" || *j.created.ConfirmationRequired || len(*j.created.ClientRequestToken) > 64 {
		t.Errorf("%+v", j.created)
	}
	r.ReportBucket = ""
	if _, err := r.Start(t.Context()); err != nil || j.created.Report.Enabled {
		t.Error(err, j.created.Report)
	}
}

// A job that is under way, and ours, is waited for.
func TestARunningJobIsFound(t *testing.T) {
	t.Parallel()
	j := &jobs{}
	r := ofJobs(j)
	j.listed = []types.JobListDescriptor{
		{JobId: aws.String("other"), Description: aws.String("something else"), Status: types.JobStatusActive},
		{JobId: aws.String("done"), Description: aws.String(r.description()), Status: types.JobStatusComplete},
	}
	if id, err := r.Running(t.Context()); err != nil || id != "" {
		t.Error(id, err)
	}
	j.listed = append(j.listed, types.JobListDescriptor{JobId: aws.String("mine"), Description: aws.String(r.description()), Status: types.JobStatusPaused})
	if id, err := r.Running(t.Context()); err != nil || id != "mine" {
		t.Error(id, err)
	}
}

func TestAJobIsWaitedFor(t *testing.T) {
	t.Parallel()
	r := ofJobs(&jobs{steps: []types.JobDescriptor{step(types.JobStatusPreparing, 0, 0, 0), step(types.JobStatusActive, 3, 1, 0), step(types.JobStatusComplete, 3, 2, 1)}})
	var said []string
	r.Progress = func(text string) { said = append(said, text) }
	result, err := r.Wait(t.Context(), "job-1")
	if err != nil || result.Tasks != 3 || result.Succeeded != 2 || result.Failed != 1 || result.Status != "Complete" {
		t.Errorf("%v %+v", err, result)
	}
	if len(said) != 2 || said[1] != "job job-1: active, 1 of 3 objects, 0 failed" {
		t.Errorf("%q", said)
	}
}

// S3 fails a job that finds nothing, which is good news here.
func TestAJobWithNothingToDo(t *testing.T) {
	t.Parallel()
	end := step(types.JobStatusFailed, 0, 0, 0)
	end.FailureReasons = []types.JobFailure{{FailureCode: aws.String("NoKeys"), FailureReason: aws.String("Manifest generation found no keys matching the filter criteria.")}}
	result, err := ofJobs(&jobs{steps: []types.JobDescriptor{end}}).Wait(t.Context(), "job-1")
	if err != nil || !result.Nothing {
		t.Errorf("%v %+v", err, result)
	}
}

func TestWhoStopsWaitingStopsNoJob(t *testing.T) {
	t.Parallel()
	r := ofJobs(&jobs{steps: []types.JobDescriptor{step(types.JobStatusActive, 3, 1, 0)}})
	ctx, cancel := context.WithCancel(t.Context())
	r.Progress = func(string) { cancel() }
	if _, err := r.Wait(ctx, "job-1"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The SDK puts the account before the host, which an address can't have.
func TestAnAddressHasNoAccountBeforeIt(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"https://127.0.0.1:4566":   "127.0.0.1:4566",
		"https://s3.example.com/x": owner + ".s3.example.com",
	} {
		e, err := byAddress{}.ResolveEndpoint(t.Context(), s3control.EndpointParameters{
			AccountId: aws.String(owner), RequiresAccountId: aws.Bool(true), Endpoint: &endpoint, Region: aws.String(region), UseFIPS: aws.Bool(false), UseDualStack: aws.Bool(false),
		})
		if err != nil || e.URI.Host != want {
			t.Errorf("%s: %v %s, want %s", endpoint, err, e.URI.Host, want)
		}
	}
}
