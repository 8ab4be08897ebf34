package localaws_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws"
)

// batchPolicy is that of AWS's page for a manifest that S3 generates and keeps.
//
// Source: S3 user guide, s3-batch-replication-policies.
func batchPolicy(without ...string) iam.Document {
	allow := func(resource string, actions ...string) iam.Statement {
		var list iam.Strings
		for _, a := range actions {
			if len(without) == 0 || without[0] != a {
				list = append(list, a)
			}
		}
		if list == nil {
			list = iam.Strings{"s3:ListAllMyBuckets"}
		}
		return iam.Statement{Effect: iam.Allow, Action: list, Resource: iam.Strings{resource}}
	}
	return iam.Document{Version: iam.Version, Statement: []iam.Statement{
		allow("arn:aws:s3:::data/*", "s3:InitiateReplication"),
		allow("arn:aws:s3:::data", "s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"),
		allow("arn:aws:s3:::reports/*", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"),
	}}
}

func withBatchRole(t *testing.T, s *localaws.Server, name string, policy iam.Document) string {
	t.Helper()
	trusts := iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"sts:AssumeRole"}, Principal: &iam.Principal{Service: iam.Strings{"batchoperations.s3.amazonaws.com"}},
	}}}
	if _, err := s.AddRole(source, name, trusts, policy); err != nil {
		t.Fatal(err)
	}
	return "arn:aws:iam::" + source + ":role/" + name
}

func control(s *localaws.Server) *s3control.Client {
	return s3control.NewFromConfig(config(s, s.Credentials(source)))
}

func jobOf(role, token string, change ...func(*s3control.CreateJobInput)) *s3control.CreateJobInput {
	in := &s3control.CreateJobInput{
		AccountId: aws.String(source), RoleArn: &role, ClientRequestToken: &token, Priority: aws.Int32(1), Operation: &types.JobOperation{S3ReplicateObject: &types.S3ReplicateObjectOperation{}},
		Report: &types.JobReport{
			Enabled: true, Bucket: aws.String("arn:aws:s3:::reports"), Format: types.JobReportFormatReportCsv20180820, Prefix: aws.String("r"), ReportScope: types.JobReportScopeAllTasks,
		},
		ManifestGenerator: &types.JobManifestGeneratorMemberS3JobManifestGenerator{Value: types.S3JobManifestGenerator{
			SourceBucket: aws.String("arn:aws:s3:::data"), EnableManifestOutput: true,
			ManifestOutputLocation: &types.S3ManifestOutputLocation{Bucket: aws.String("arn:aws:s3:::reports"), ManifestFormat: types.GeneratedManifestFormatS3InventoryReportCsv20211130, ManifestPrefix: aws.String("m")},
			Filter:                 &types.JobManifestGeneratorFilter{EligibleForReplication: aws.Bool(true), ObjectReplicationStatuses: []types.ReplicationStatus{"FAILED", "NONE"}},
		}},
	}
	for _, c := range change {
		c(in)
	}
	return in
}

// ended runs a job and gives it when it is over, or waits for its confirmation.
func ended(t *testing.T, s *localaws.Server, in *s3control.CreateJobInput) *types.JobDescriptor {
	t.Helper()
	out, err := control(s).CreateJob(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return settled(t, s, *out.JobId)
}

func settled(t *testing.T, s *localaws.Server, id string) *types.JobDescriptor {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		out, err := control(s).DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String(source), JobId: &id})
		if err != nil {
			t.Fatal(err)
		}
		switch out.Job.Status {
		case types.JobStatusComplete, types.JobStatusFailed, types.JobStatusCancelled, types.JobStatusSuspended:
			return out.Job
		}
		if time.Now().After(end) {
			t.Fatalf("the job is %s", out.Job.Status)
		}
	}
}

// withBacklog has objects in data that were not replicated: one from before the
// configuration, and one that failed.
func withBacklog(t *testing.T) *localaws.Server {
	t.Helper()
	s, _, _ := told(t)
	c := withBucket(t, s, "reports")
	replication := "PUT /data?replication"
	_, configured := call(t, s, "s3", "GET /data?replication", "")
	call(t, s, "s3", "DELETE /data?replication", "")
	put(t, c, "data", "old", []byte("old"))
	if status, answer := call(t, s, "s3", replication, configured); status != 200 {
		t.Fatal(answer)
	}
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::copy/*"}]}`
	if status, answer := call(t, s, "s3", "PUT /copy?policy", deny); status != 204 {
		t.Fatal(answer)
	}
	if got := replicated(t, s, "failed", []byte("failed"), ""); got != "FAILED" {
		t.Fatal(got)
	}
	call(t, s, "s3", "DELETE /copy?policy", "")
	if got := replicated(t, s, "good", []byte("good"), ""); got != "COMPLETED" {
		t.Fatal(got)
	}
	return s
}

func TestBatchReplication(t *testing.T) {
	t.Parallel()
	s := withBacklog(t)
	in := jobOf(withBatchRole(t, s, "batch", batchPolicy()), "one")
	job := ended(t, s, in)
	if job.Status != types.JobStatusComplete || *job.ProgressSummary.TotalNumberOfTasks != 2 || *job.ProgressSummary.NumberOfTasksSucceeded != 2 || *job.ProgressSummary.NumberOfTasksFailed != 0 {
		t.Fatalf("%+v %+v %+v", job.Status, job.ProgressSummary, job.FailureReasons)
	}
	c := s3Client(t, s, source)
	for _, key := range []string{"old", "failed"} {
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("data"), Key: &key})
		if err != nil || head.ReplicationStatus != "COMPLETED" {
			t.Error(key, err, head.ReplicationStatus)
		}
		if status, answer := call(t, s, "s3", "GET /copy/"+key, ""); status != 200 || answer != key {
			t.Errorf("%s: %d %s", key, status, answer)
		}
	}
	list, err := c.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("reports")})
	if err != nil || len(list.Contents) != 3 {
		t.Fatal(err, len(list.Contents))
	}
	var keys []string
	for _, o := range list.Contents {
		keys = append(keys, *o.Key)
	}
	_, manifest := call(t, s, "s3", "GET /reports/r/job-"+*job.JobId+"/manifest.json", "")
	var m struct {
		Results []struct{ TaskExecutionStatus, Key string }
	}
	if err := json.Unmarshal([]byte(manifest), &m); err != nil || len(m.Results) != 1 || m.Results[0].TaskExecutionStatus != "succeeded" {
		t.Fatal(manifest, keys)
	}
	if _, csv := call(t, s, "s3", "GET /reports/"+m.Results[0].Key, ""); strings.Count(csv, "\n") != 2 || !strings.HasPrefix(csv, "data,failed,") || !strings.Contains(csv, ",succeeded,,200,") {
		t.Error(csv)
	}
	if again, err := control(s).CreateJob(t.Context(), in); err != nil || *again.JobId != *job.JobId {
		t.Error("the same token starts another job", err)
	}
	in.Priority = aws.Int32(2)
	_, err = control(s).CreateJob(t.Context(), in)
	wantCode(t, err, "IdempotencyException")
	jobs, err := control(s).ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(source), JobStatuses: []types.JobStatus{types.JobStatusComplete}})
	if err != nil || len(jobs.Jobs) != 1 || *jobs.Jobs[0].JobId != *job.JobId {
		t.Error(err, jobs)
	}
	empty := ended(t, s, jobOf(*in.RoleArn, "two"))
	if empty.Status != types.JobStatusFailed || !strings.Contains(*empty.FailureReasons[0].FailureReason, "no keys matching") {
		t.Errorf("nothing to do: %s %+v", empty.Status, empty.FailureReasons)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// TestBatchReplicationNeedsItsRights: each action of the page's policy, without
// which the job or its tasks fail.
func TestBatchReplicationNeedsItsRights(t *testing.T) {
	t.Parallel()
	s := withBacklog(t)
	for action, want := range map[string]string{
		"s3:GetReplicationConfiguration": "AccessDenied", "s3:PutInventoryConfiguration": "AccessDenied", "s3:PutObject": "AccessDenied", "s3:GetObject": "AccessDenied", "s3:InitiateReplication": "",
	} {
		name := strings.TrimPrefix(action, "s3:")
		job := ended(t, s, jobOf(withBatchRole(t, s, name, batchPolicy(action)), name))
		if want == "" {
			if job.Status != types.JobStatusComplete || *job.ProgressSummary.NumberOfTasksFailed != 2 {
				t.Errorf("without %s: %s %+v", action, job.Status, job.ProgressSummary)
			}
			list, _ := s3Client(t, s, source).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("reports"), Prefix: aws.String("r/job-" + *job.JobId + "/results/")})
			if _, csv := call(t, s, "s3", "GET /reports/"+*list.Contents[0].Key, ""); !strings.Contains(csv, ",failed,InitiateReplicationNotPermitted,403,") {
				t.Error(csv)
			}
		} else if job.Status != types.JobStatusFailed || *job.FailureReasons[0].FailureCode != want {
			t.Errorf("without %s: %s %+v", action, job.Status, job.FailureReasons)
		}
	}
	lambdas := trust("lambda.amazonaws.com")
	if _, err := s.AddRole(source, "other", lambdas, batchPolicy()); err == nil {
		job := ended(t, s, jobOf("arn:aws:iam::"+source+":role/other", "other"))
		if job.Status != types.JobStatusFailed || *job.FailureReasons[0].FailureCode != "AssumeRoleNotPermitted" {
			t.Errorf("a role that trusts another: %s %+v", job.Status, job.FailureReasons)
		}
	}
}

// TestBatchReplicationWaits for a confirmation, and can be cancelled.
func TestBatchReplicationWaits(t *testing.T) {
	t.Parallel()
	s := withBacklog(t)
	role := withBatchRole(t, s, "batch", batchPolicy())
	wait := func(in *s3control.CreateJobInput) { in.ConfirmationRequired = aws.Bool(true) }
	update := func(id string, to types.RequestedJobStatus) error {
		_, err := control(s).UpdateJobStatus(t.Context(), &s3control.UpdateJobStatusInput{AccountId: aws.String(source), JobId: &id, RequestedJobStatus: to})
		return err
	}
	cancelled := ended(t, s, jobOf(role, "a", wait))
	if cancelled.Status != types.JobStatusSuspended || *cancelled.SuspendedCause == "" || *cancelled.ProgressSummary.TotalNumberOfTasks != 2 {
		t.Fatalf("%+v", cancelled)
	}
	if err := update(*cancelled.JobId, types.RequestedJobStatusCancelled); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); cancelled.Status == types.JobStatusSuspended && time.Now().Before(end); {
		cancelled = settled(t, s, *cancelled.JobId)
	}
	if cancelled.Status != types.JobStatusCancelled {
		t.Error(cancelled.Status)
	}
	wantCode(t, update(*cancelled.JobId, types.RequestedJobStatusReady), "JobStatusException")
	confirmed := ended(t, s, jobOf(role, "b", wait))
	if err := update(*confirmed.JobId, types.RequestedJobStatusReady); err != nil {
		t.Fatal(err)
	}
	if confirmed = settled(t, s, *confirmed.JobId); confirmed.Status != types.JobStatusComplete {
		t.Error(confirmed.Status)
	}
}
