package sweep

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Manifest writes lines of a manifest of S3 Batch Operations. A line has no version:
// the version that a plan saw may not be the current one when its turn comes, and
// Batch Operations then takes the current one.
//
// Source: AmazonS3/latest/userguide/batch-ops-create-job.html, "Creating a manifest
// file": the contents are URL-encoded.
func Manifest(w io.Writer, bucket string) func(key string) error {
	return func(key string) error {
		_, err := fmt.Fprintf(w, "%s,%s\n", bucket, strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(key), "+", "%20"), "%2F", "/"))
		return err
	}
}

// A Job is a job of S3 Batch Operations that invokes the sweep function with the
// objects of a manifest.
type Job struct {
	Account, FunctionARN, RoleARN string
	ManifestARN, ManifestETag     string
	ReportBucketARN               string
	Token                         string
}

// JSON is the input of "aws s3control create-job --cli-input-json". The job waits
// for a confirmation, which shows how many objects it has.
//
// Source: AmazonS3/latest/API/API_control_CreateJob.html.
func (j Job) JSON() ([]byte, error) {
	type fields = map[string]any
	text, err := json.MarshalIndent(fields{
		"AccountId":            j.Account,
		"ConfirmationRequired": true,
		"Operation":            fields{"LambdaInvoke": fields{"FunctionArn": j.FunctionARN, "InvocationSchemaVersion": "1.0"}},
		"Manifest": fields{
			"Spec":     fields{"Format": "S3BatchOperations_CSV_20180820", "Fields": []string{"Bucket", "Key"}},
			"Location": fields{"ObjectArn": j.ManifestARN, "ETag": j.ManifestETag},
		},
		"Report": fields{
			"Bucket": j.ReportBucketARN, "Prefix": "sweep", "Format": "Report_CSV_20180820",
			"Enabled": true, "ReportScope": "FailedTasksOnly",
		},
		"Description":        "Moves objects to the primary SSE-C key",
		"Priority":           10,
		"RoleArn":            j.RoleARN,
		"ClientRequestToken": j.Token,
	}, "", "  ")
	return append(text, '\n'), err
}
