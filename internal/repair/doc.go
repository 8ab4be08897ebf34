// Package repair replicates what S3 did not: objects whose replication failed, and
// those from before the rule. S3 Batch Operations does it, with the replication
// rule and its role, in a job that goes on by itself:
//
//	r, err := repair.Open(ctx, account)
//	causes, err := r.Causes(ctx) // of failures, as far as the source account knows
//	id, err := r.Start(ctx)
//	result, err := r.Wait(ctx, id)
//
// Sources: AmazonS3/latest/userguide/s3-batch-replication-batch.html,
// s3-batch-replication-existing-config.html.
package repair

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/awsclient"
)

// A Repairer works on the source bucket of a stage's replication.
type Repairer struct {
	S3   *s3.Client
	IAM  *iam.Client
	KMS  *kms.Client
	Jobs Jobs

	Account, Region string
	Bucket          string
	RoleARN         string // of the job
	ReportBucket    string // "": no report is written
	ReportPrefix    string

	// Poll is the time from one look at a job to the next. Default: 5 s.
	Poll time.Duration

	// Progress is told how far it is. It may be nil.
	Progress func(text string)
}

// Jobs are the operations of S3 Batch Operations that a repair needs.
type Jobs interface {
	CreateJob(context.Context, *s3control.CreateJobInput, ...func(*s3control.Options)) (*s3control.CreateJobOutput, error)
	DescribeJob(context.Context, *s3control.DescribeJobInput, ...func(*s3control.Options)) (*s3control.DescribeJobOutput, error)
	ListJobs(context.Context, *s3control.ListJobsInput, ...func(*s3control.Options)) (*s3control.ListJobsOutput, error)
}

// Open asks CloudFormation what the stage has for a repair. Errors: those of
// account.Stack; an output that is missing names the field of stages.yaml.
func Open(ctx context.Context, a *account.Account) (*Repairer, error) {
	stack, err := a.Stack(ctx, "replication")
	if err != nil {
		return nil, err
	}
	r := &Repairer{
		S3: awsclient.S3(a.Config), IAM: iam.NewFromConfig(a.Config), KMS: kms.NewFromConfig(a.Config), Jobs: control(a.Config),
		Account: a.Stage.Source.Account, Region: a.Stage.Source.Region, Bucket: a.Stage.Replica.SourceBucket,
	}
	if r.RoleARN, err = stack.Output("RepairRoleArn"); err != nil {
		return nil, &NoRoleError{err}
	}
	// Without a report, a failure has no reason.
	if bucket, err := stack.Output("RepairReportBucket"); err == nil {
		r.ReportBucket, r.ReportPrefix = bucket, reports
	}
	return r, nil
}

// NoRoleError is that the stage has no role for the job.
type NoRoleError struct{ Err error }

func (e *NoRoleError) Error() string {
	return e.Err.Error() + " (replica: {repair: true} makes the role)"
}

// Unwrap returns the cause.
func (e *NoRoleError) Unwrap() error { return e.Err }

func (r *Repairer) say(text string) {
	if r.Progress != nil {
		r.Progress(text)
	}
}
