package s3control

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

type describeResult struct {
	XMLName xml.Name `xml:"DescribeJobResult"`
	Job     describedJob
}

type describedJob struct {
	JobId                       string
	ConfirmationRequired        bool
	Description                 string `xml:",omitempty"`
	JobArn                      string
	Status                      string
	Operation                   jobOperation
	Priority                    int
	ProgressSummary             progress
	StatusUpdateReason          string       `xml:",omitempty"`
	FailureReasons              []jobFailure `xml:"FailureReasons>member"`
	Report                      jobReport
	CreationTime                string
	TerminationDate             string `xml:",omitempty"`
	RoleArn                     string
	SuspendedDate               string `xml:",omitempty"`
	SuspendedCause              string `xml:",omitempty"`
	ManifestGenerator           *manifestGenerator
	GeneratedManifestDescriptor *generatedManifest `xml:",omitempty"`
}

type generatedManifest struct {
	Format   string
	Location manifestLocation
}

type progress struct {
	TotalNumberOfTasks, NumberOfTasksSucceeded, NumberOfTasksFailed int
}

func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func (s *Service) describeJob(c api.Call, _ *http.Request, id string, _ []byte) (any, error) {
	var out describeResult
	err := s.onJob(c, "DescribeJob", id, func(j *job) error {
		in := j.request
		out.Job = describedJob{
			JobId: j.id, ConfirmationRequired: in.ConfirmationRequired != nil && *in.ConfirmationRequired, Description: in.Description, JobArn: j.arn, Status: j.status,
			Operation: in.Operation, Priority: *in.Priority, ProgressSummary: j.progress(), StatusUpdateReason: j.updateReason, FailureReasons: slices.Clone(j.failures),
			Report: in.Report, CreationTime: written(j.created), TerminationDate: written(j.ended), RoleArn: in.RoleArn, ManifestGenerator: in.ManifestGenerator,
		}
		if j.status == statusSuspended {
			out.Job.SuspendedDate, out.Job.SuspendedCause = written(j.suspended), "Awaiting confirmation"
		}
		if j.manifest != nil {
			out.Job.GeneratedManifestDescriptor = &generatedManifest{manifestFormat, *j.manifest}
		}
		return nil
	})
	return out, err
}

func (j *job) progress() progress { return progress{j.total, j.succeeded, j.failed} }

type listResult struct {
	XMLName   xml.Name    `xml:"ListJobsResult"`
	NextToken string      `xml:",omitempty"`
	Jobs      []listedJob `xml:"Jobs>member"`
}

type listedJob struct {
	JobId           string
	Description     string `xml:",omitempty"`
	Operation       string
	Priority        int
	Status          string
	CreationTime    string
	TerminationDate string `xml:",omitempty"`
	ProgressSummary progress
}

// listJobs gives the newest first.
//
// Source: S3 Control API reference, ListJobs.
func (s *Service) listJobs(c api.Call, r *http.Request, _ string, _ []byte) (any, error) {
	err := s.opt.Authorizer.Authorize(c, api.Access{Action: "s3:ListJobs", Resource: "*", ResourceAccount: c.Account})
	if err != nil {
		return nil, err
	}
	q := r.URL.Query()
	size := 1000
	if text := q.Get("maxResults"); text != "" {
		if size, err = strconv.Atoi(text); err != nil || size < 1 || size > 1000 {
			return nil, badRequest("maxResults is 1 to 1000")
		}
	}
	var out listResult
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range slices.Backward(s.jobs[c.Place()]) {
		if q.Has("jobStatuses") && !slices.Contains(q["jobStatuses"], j.status) {
			continue
		}
		out.Jobs = append(out.Jobs, listedJob{j.id, j.request.Description, "S3ReplicateObject", *j.request.Priority, j.status, written(j.created), written(j.ended), j.progress()})
	}
	var known bool
	if out.Jobs, out.NextToken, known = api.Page(out.Jobs, size, q.Get("nextToken")); !known {
		return nil, badRequest("nextToken is not one that ListJobs gave")
	}
	return out, nil
}

type updateResult struct {
	XMLName            xml.Name `xml:"UpdateJobStatusResult"`
	JobId              string
	Status             string
	StatusUpdateReason string `xml:",omitempty"`
}

// updateJobStatus confirms a job that waits for it, or cancels one that isn't
// over.
//
// Source: S3 Control API reference, UpdateJobStatus.
func (s *Service) updateJobStatus(c api.Call, r *http.Request, id string, _ []byte) (any, error) {
	want, reason := r.URL.Query().Get("requestedJobStatus"), r.URL.Query().Get("statusUpdateReason")
	out := updateResult{JobId: id, StatusUpdateReason: reason}
	err := s.onJob(c, "UpdateJobStatus", id, func(j *job) error {
		if len(reason) > 256 {
			return badRequest("statusUpdateReason has at most 256 characters")
		}
		switch {
		case want == statusReady && j.status == statusSuspended:
			j.status = statusReady
			close(j.confirmed)
		case want == statusCancelled && !j.over():
			select {
			case <-j.cancelled:
			default:
				close(j.cancelled)
			}
			out.Status = "Cancelling"
		default:
			return api.Errorf(http.StatusBadRequest, "JobStatusException", "a job that is %s can't become %q", j.status, want)
		}
		if out.Status == "" {
			out.Status = j.status
		}
		j.updateReason = reason
		return nil
	})
	return out, err
}
