package s3control

import (
	"encoding/xml"
	"slices"
	"strings"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/document"
)

// jobRequest is the body of CreateJob, as far as it is carried out.
//
// Source: S3 Control API reference, CreateJob.
type jobRequest struct {
	XMLName              xml.Name `xml:"CreateJobRequest"`
	ConfirmationRequired *bool
	Operation            jobOperation
	Report               jobReport
	ClientRequestToken   string
	Description          string
	Priority             *int
	RoleArn              string
	ManifestGenerator    *manifestGenerator
}

type jobOperation struct {
	S3ReplicateObject *struct{} `xml:"S3ReplicateObject"`
}

type jobReport struct {
	Bucket              string `xml:",omitempty"`
	Enabled             bool
	ExpectedBucketOwner string `xml:",omitempty"`
	Format              string `xml:",omitempty"`
	Prefix              string `xml:",omitempty"`
	ReportScope         string `xml:",omitempty"`
}

type manifestGenerator struct {
	S3JobManifestGenerator *s3ManifestGenerator
}

type s3ManifestGenerator struct {
	EnableManifestOutput   bool
	ExpectedBucketOwner    string          `xml:",omitempty"`
	Filter                 *jobFilter      `xml:",omitempty"`
	ManifestOutputLocation *manifestOutput `xml:",omitempty"`
	SourceBucket           string
}

type jobFilter struct {
	CreatedAfter              string         `xml:",omitempty"`
	CreatedBefore             string         `xml:",omitempty"`
	EligibleForReplication    *bool          `xml:",omitempty"`
	KeyNameConstraint         *keyConstraint `xml:",omitempty"`
	ObjectReplicationStatuses *statuses      `xml:",omitempty"`
}

type statuses struct {
	Members []string `xml:"member"`
}

type keyConstraint struct {
	MatchAnyPrefix    *statuses `xml:",omitempty"`
	MatchAnySubstring *statuses `xml:",omitempty"`
	MatchAnySuffix    *statuses `xml:",omitempty"`
}

type manifestOutput struct {
	Bucket                      string
	ExpectedManifestBucketOwner string `xml:",omitempty"`
	ManifestFormat              string
	ManifestPrefix              string `xml:",omitempty"`
}

// The formats that there are.
const (
	reportFormat   = "Report_CSV_20180820"
	manifestFormat = "S3InventoryReport_CSV_20211130"
)

func readJob(body []byte) (in jobRequest, err error) {
	if err := document.Decode(body, "CreateJobRequest", &in); err != nil {
		x := api.AsError(err)
		return in, badRequest("%s", x.Message)
	}
	return in, in.check()
}

// check refuses what no job can be.
//
// Source: S3 Control API reference, CreateJob, JobReport and
// S3JobManifestGenerator.
func (in *jobRequest) check() error {
	switch {
	case in.ClientRequestToken == "" || len(in.ClientRequestToken) > 64:
		return badRequest("ClientRequestToken has 1 to 64 characters")
	case in.Operation.S3ReplicateObject == nil:
		return badRequest("the local AWS has jobs with the operation S3ReplicateObject only")
	case in.ManifestGenerator == nil || in.ManifestGenerator.S3JobManifestGenerator == nil:
		return badRequest("the local AWS has jobs with a ManifestGenerator only")
	case in.Priority == nil || *in.Priority < 0:
		return badRequest("Priority is a number from 0")
	case api.ARNAccount(in.RoleArn) == "" || !strings.Contains(in.RoleArn, ":role/"):
		return badRequest("RoleArn is not the ARN of a role")
	case len(in.Description) > 256:
		return badRequest("Description has at most 256 characters")
	}
	if r := in.Report; r.Enabled && (bucketOf(r.Bucket) == "" || r.Format != reportFormat || r.ReportScope != "AllTasks" && r.ReportScope != "FailedTasksOnly") {
		return badRequest("a Report that is enabled has a Bucket, the Format %s and a ReportScope", reportFormat)
	}
	return in.ManifestGenerator.S3JobManifestGenerator.check()
}

func (g *s3ManifestGenerator) check() error {
	if bucketOf(g.SourceBucket) == "" {
		return badRequest("SourceBucket is not the ARN of a bucket")
	}
	if o := g.ManifestOutputLocation; g.EnableManifestOutput && (o == nil || bucketOf(o.Bucket) == "" || o.ManifestFormat != manifestFormat) {
		return badRequest("a manifest that is kept has a ManifestOutputLocation, with a Bucket and the ManifestFormat %s", manifestFormat)
	}
	f := g.Filter
	if f == nil || f.EligibleForReplication == nil || !*f.EligibleForReplication {
		return badRequest("the local AWS replicates what is EligibleForReplication only")
	}
	if f.ObjectReplicationStatuses != nil {
		for _, x := range f.ObjectReplicationStatuses.Members {
			if !slices.Contains([]string{"COMPLETED", "FAILED", "REPLICA", "NONE"}, x) {
				return badRequest("%q is none of the ObjectReplicationStatuses", x)
			}
		}
	}
	for _, text := range []string{f.CreatedAfter, f.CreatedBefore} {
		if _, err := time.Parse(time.RFC3339, text); text != "" && err != nil {
			return badRequest("%q is no time", text)
		}
	}
	return nil
}

// bucketOf is the name of a bucket in its ARN; "" if it is none.
func bucketOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "s3" || strings.Contains(parts[5], "/") {
		return ""
	}
	return parts[5]
}

// job is one job. Service.mu guards what changes.
type job struct {
	request jobRequest
	body    string // of the request, which the same token may repeat
	place   api.Place
	id, arn string
	created time.Time

	status                   string
	suspended, ended         time.Time
	updateReason             string
	failures                 []jobFailure
	total, succeeded, failed int
	manifest                 *manifestLocation
	confirmed                chan struct{} // closed when a job that waits may go on
	cancelled                chan struct{} // closed when it is to end
}

type jobFailure struct{ FailureCode, FailureReason string }

// The states of a job.
//
// Source: S3 user guide, batch-ops-job-status.
const (
	statusNew        = "New"
	statusPreparing  = "Preparing"
	statusSuspended  = "Suspended"
	statusReady      = "Ready"
	statusActive     = "Active"
	statusCompleting = "Completing"
	statusComplete   = "Complete"
	statusFailed     = "Failed"
	statusCancelled  = "Cancelled"
)

func (j *job) over() bool {
	return j.status == statusComplete || j.status == statusFailed || j.status == statusCancelled
}
