package repair

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/s3seal/s3seal/internal/account"
)

// A Failure is why some of a job's objects were not replicated.
type Failure struct {
	Reason  string `json:"reason"`
	Objects int    `json:"objects"`
	Key     string `json:"key"` // of one of them
}

// maxReports limits how many files of a report are read: a job of millions has
// many, and the first say what is wrong.
const maxReports = 20

// addFailures reads the job's report. A job that ran no task has none.
//
// Source: AmazonS3/latest/userguide/batch-ops-examples-reports.html.
func (r *Repairer) addFailures(ctx context.Context, result *Result) error {
	if r.ReportBucket == "" || result.Failed == 0 {
		return nil
	}
	prefix := r.ReportPrefix + "/job-" + result.Job + "/"
	result.Report = "s3://" + r.ReportBucket + "/" + prefix
	list, err := r.S3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &r.ReportBucket, Prefix: aws.String(prefix + "results/"), MaxKeys: aws.Int32(maxReports)})
	if err != nil {
		return &account.CallError{Call: "s3 ListObjectsV2 " + r.ReportBucket, Err: err}
	}
	failures := map[string]*Failure{}
	for _, o := range list.Contents {
		out, err := r.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &r.ReportBucket, Key: o.Key})
		if err != nil {
			return &account.CallError{Call: "s3 GetObject " + aws.ToString(o.Key), Err: err}
		}
		err = readReport(out.Body, failures)
		out.Body.Close()
		if err != nil {
			return fmt.Errorf("the report %s: %w", aws.ToString(o.Key), err)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(failures)) {
		result.Failures = append(result.Failures, *failures[reason])
	}
	return nil
}

// readReport adds the failures of one file: Bucket, Key, VersionId, TaskStatus,
// ErrorCode, HTTPStatusCode, ResultMessage. AWS's examples have the two codes the
// other way round, so the reason is what of them is no number, and the message.
func readReport(from io.Reader, failures map[string]*Failure) error {
	rows := csv.NewReader(from)
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case len(row) < 7:
			return fmt.Errorf("a line has %d fields, and not 7", len(row))
		case row[3] != "failed":
			continue
		}
		var reason []string
		for _, text := range row[4:7] {
			if strings.Trim(text, "0123456789") != "" {
				reason = append(reason, text)
			}
		}
		text := strings.Join(reason, ": ")
		if failures[text] == nil {
			failures[text] = &Failure{Reason: text, Key: row[1]}
		}
		failures[text].Objects++
	}
}
