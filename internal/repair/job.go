package repair

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"github.com/s3seal/s3seal/internal/account"
)

// description is how a job of this program is found again.
func (r *Repairer) description() string { return "s3seal repair of " + r.Bucket }

// unfinished are the statuses of a job that is not over.
//
// Source: AmazonS3/latest/userguide/batch-ops-job-status.html, "Job statuses".
func unfinished() []types.JobStatus {
	return slices.DeleteFunc(types.JobStatus("").Values(), over)
}

func over(s types.JobStatus) bool {
	return s == types.JobStatusComplete || s == types.JobStatusCancelled || s == types.JobStatusFailed
}

// Running finds a job of this program that is not over, of whoever started it; ""
// for none. A second one would replicate the same objects at the same time.
func (r *Repairer) Running(ctx context.Context) (string, error) {
	pages := s3control.NewListJobsPaginator(r.Jobs, &s3control.ListJobsInput{AccountId: &r.Account, JobStatuses: unfinished()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", &account.CallError{Call: "s3control ListJobs", Err: err}
		}
		for _, job := range page.Jobs {
			if aws.ToString(job.Description) == r.description() {
				return aws.ToString(job.JobId), nil
			}
		}
	}
	return "", nil
}

// Start starts a job for all that failed or was never tried, and returns its id.
// S3 lists the objects itself. A call that is tried again starts no second job.
func (r *Repairer) Start(ctx context.Context) (string, error) {
	report := &types.JobReport{Enabled: r.ReportBucket != ""}
	if report.Enabled {
		report.Bucket, report.Prefix = aws.String(r.bucketARN(r.ReportBucket)), &r.ReportPrefix
		report.Format, report.ReportScope = types.JobReportFormatReportCsv20180820, types.JobReportScopeFailedTasksOnly
		report.ExpectedBucketOwner = &r.Account
	}
	out, err := r.Jobs.CreateJob(ctx, &s3control.CreateJobInput{
		AccountId:            &r.Account,
		ClientRequestToken:   aws.String(rand.Text()),
		ConfirmationRequired: aws.Bool(false),
		Description:          aws.String(r.description()),
		Operation:            &types.JobOperation{S3ReplicateObject: &types.S3ReplicateObjectOperation{}},
		Priority:             aws.Int32(1),
		Report:               report,
		RoleArn:              &r.RoleARN,
		ManifestGenerator: &types.JobManifestGeneratorMemberS3JobManifestGenerator{Value: types.S3JobManifestGenerator{
			EnableManifestOutput: false,
			ExpectedBucketOwner:  &r.Account,
			SourceBucket:         aws.String(r.bucketARN(r.Bucket)),
			Filter: &types.JobManifestGeneratorFilter{
				EligibleForReplication:    aws.Bool(true),
				ObjectReplicationStatuses: []types.ReplicationStatus{types.ReplicationStatusFailed, types.ReplicationStatusNone},
			},
		}},
	})
	if err != nil {
		return "", &account.CallError{Call: "s3control CreateJob", Err: err}
	}
	return aws.ToString(out.JobId), nil
}

// A Result is what became of a job.
type Result struct {
	Job       string    `json:"job"`
	Status    string    `json:"status"` // Complete, Failed, Cancelled
	Tasks     int64     `json:"tasks"`
	Succeeded int64     `json:"succeeded"`
	Failed    int64     `json:"failed"`
	Nothing   bool      `json:"nothing"` // there was nothing to replicate
	Reasons   []string  `json:"reasons,omitempty"`
	Failures  []Failure `json:"failures,omitempty"` // as the report has them
	Report    string    `json:"report,omitempty"`   // where it is
}

// Wait waits until a job is over. The job goes on if ctx ends.
func (r *Repairer) Wait(ctx context.Context, id string) (*Result, error) {
	poll := r.Poll
	if poll == 0 {
		poll = 5 * time.Second
	}
	for {
		out, err := r.Jobs.DescribeJob(ctx, &s3control.DescribeJobInput{AccountId: &r.Account, JobId: &id})
		if err != nil {
			return nil, &account.CallError{Call: "s3control DescribeJob " + id, Err: err}
		}
		result := resultOf(out.Job)
		if over(out.Job.Status) {
			return result, r.addFailures(ctx, result)
		}
		r.say(fmt.Sprintf("job %s: %s, %d of %d objects, %d failed", id, strings.ToLower(result.Status), result.Succeeded+result.Failed, result.Tasks, result.Failed))
		select {
		case <-ctx.Done():
			return result, ctx.Err()
		case <-time.After(poll):
		}
	}
}

func resultOf(job *types.JobDescriptor) *Result {
	result := &Result{Job: aws.ToString(job.JobId), Status: string(job.Status)}
	if p := job.ProgressSummary; p != nil {
		result.Tasks, result.Succeeded, result.Failed = aws.ToInt64(p.TotalNumberOfTasks), aws.ToInt64(p.NumberOfTasksSucceeded), aws.ToInt64(p.NumberOfTasksFailed)
	}
	for _, f := range job.FailureReasons {
		code, reason := aws.ToString(f.FailureCode), aws.ToString(f.FailureReason)
		if !strings.HasPrefix(reason, code) {
			reason = code + ": " + reason
		}
		result.Reasons = append(result.Reasons, reason)
		// The job fails if it has nothing to do.
		// Source: AmazonS3/latest/userguide/replication-troubleshoot.html, "Batch Replication errors".
		result.Nothing = result.Nothing || strings.Contains(reason, "found no keys matching the filter criteria")
	}
	return result
}

func (r *Repairer) bucketARN(name string) string { return bucketARN(r.Region, name) }
