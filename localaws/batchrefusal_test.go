package localaws_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// batchDifferences are about S3 Control.
var batchDifferences = map[string]func(*testing.T){
	"S3 Batch Operations has jobs of Batch Replication, of what is eligible; they run at once, and leave what was deleted at the destination by its version out of account. Other operations, manifests of one's own, encryption of manifests, other filters, tags and changes of priority: refused by name": func(t *testing.T) {
		t.Parallel()
		batchRefusals(t)
		s := withBacklog(t)
		for _, request := range []string{"POST /v20180820/jobs/a/priority?priority=1", "PUT /v20180820/jobs/a/tagging", "GET /v20180820/accesspoint"} {
			if status, answer := call(t, s, "s3", request, "", "X-Amz-Account-Id: "+source); status != 501 || !strings.Contains(answer, "NotImplemented") {
				t.Errorf("%s: %d %s", request, status, answer)
			}
		}
		version, err := s3Client(t, s, source).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("copy"), Key: aws.String("good")})
		if err != nil {
			t.Fatal(err)
		}
		if status, answer := call(t, s, "s3", "DELETE /copy/good?versionId="+*version.VersionId, ""); status != 204 {
			t.Fatal(answer)
		}
		job := ended(t, s, jobOf(withBatchRole(t, s, "batch", batchPolicy()), "all", func(in *s3control.CreateJobInput) {
			in.ManifestGenerator.(*types.JobManifestGeneratorMemberS3JobManifestGenerator).Value.Filter.ObjectReplicationStatuses = []types.ReplicationStatus{"COMPLETED"}
		}))
		if job.Status != types.JobStatusComplete || *job.ProgressSummary.NumberOfTasksSucceeded != 1 {
			t.Errorf("a replica that was deleted by its version: %s %+v", job.Status, job.ProgressSummary)
		}
	},
}

func TestBatchJobsThatAreRefused(t *testing.T) {
	t.Parallel()
	batchRefusals(t)
}

func batchRefusals(t *testing.T) {
	t.Helper()
	s := start(t)
	role := withBatchRole(t, s, "batch", batchPolicy())
	generator := func(change func(*types.S3JobManifestGenerator)) func(*s3control.CreateJobInput) {
		return func(in *s3control.CreateJobInput) {
			g := in.ManifestGenerator.(*types.JobManifestGeneratorMemberS3JobManifestGenerator)
			change(&g.Value)
		}
	}
	for want, change := range map[string]func(*s3control.CreateJobInput){
		"S3DeleteObjectTagging": func(in *s3control.CreateJobInput) {
			in.Operation = &types.JobOperation{S3DeleteObjectTagging: &types.S3DeleteObjectTaggingOperation{}}
		},
		"Report":             func(in *s3control.CreateJobInput) { in.Report.Bucket = nil },
		"role is of another": func(in *s3control.CreateJobInput) { in.RoleArn = aws.String("arn:aws:iam::" + replica + ":role/r") },
		"Tags": func(in *s3control.CreateJobInput) {
			in.Tags = []types.S3Tag{{Key: aws.String("a"), Value: aws.String("b")}}
		},
		"SourceBucket":           generator(func(g *types.S3JobManifestGenerator) { g.SourceBucket = aws.String("data") }),
		"EligibleForReplication": generator(func(g *types.S3JobManifestGenerator) { g.Filter.EligibleForReplication = nil }),
		"MatchAnyStorageClass": generator(func(g *types.S3JobManifestGenerator) {
			g.Filter.MatchAnyStorageClass = []types.S3StorageClass{"STANDARD"}
		}),
		"ManifestOutputLocation": generator(func(g *types.S3JobManifestGenerator) { g.ManifestOutputLocation = nil }),
	} {
		if _, err := control(s).CreateJob(t.Context(), jobOf(role, want, change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	_, err := control(s).DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String(source), JobId: aws.String("none-such")})
	wantCode(t, err, "NotFoundException")
	_, err = control(s).ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(replica)})
	wantCode(t, err, "AccessDenied")
}

// TestControlAtALocalName: another program's client finds the endpoint by a name
// that its hosts file has.
func TestControlAtALocalName(t *testing.T) {
	t.Parallel()
	s := start(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.CA())
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL(), "https://"), ":")
	client := s3control.NewFromConfig(config(s, s.Credentials(source)), func(o *s3control.Options) {
		o.BaseEndpoint = aws.String("https://localhost:" + port)
		o.HTTPClient = &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: roots},
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if address != source+".localhost:"+port {
					t.Errorf("the client calls %s", address)
				}
				return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
			},
		}}
	})
	if _, err := client.ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(source)}); err != nil {
		t.Error(err)
	}
}
