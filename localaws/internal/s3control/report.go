package s3control

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the format of a manifest has it
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// result is how one task ended.
type result struct {
	s3.Existing
	err error
}

type manifestLocation struct{ ObjectArn, ETag string }

// keepManifest writes the manifest where the job says, with its role's rights.
//
// Source: S3 user guide, s3-batch-replication-policies; S3 Control API reference,
// S3ManifestOutputLocation.
func (s *Service) keepManifest(j *job, role api.Call, tasks []s3.Existing) error {
	g := j.generator()
	if !g.EnableManifestOutput {
		return nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, t := range tasks {
		_ = w.Write([]string{bucketOf(g.SourceBucket), url.QueryEscape(t.Key), t.VersionID}) // into memory
	}
	w.Flush()
	bucket := bucketOf(g.ManifestOutputLocation.Bucket)
	key := path.Join(g.ManifestOutputLocation.ManifestPrefix, "job-"+j.id, "manifest.csv")
	if err := s.put(role, bucket, key, b.Bytes(), g.ManifestOutputLocation.ExpectedManifestBucketOwner); err != nil {
		return err
	}
	if _, err := s.opt.S3.GetObject(role, bucket, key, ""); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j.manifest = &manifestLocation{ObjectArn: g.ManifestOutputLocation.Bucket + "/" + key, ETag: digest(b.Bytes())}
	return nil
}

func digest(b []byte) string {
	sum := md5.Sum(b) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// put writes an object as the job's role, if the bucket is of the account that the
// job expects.
func (s *Service) put(role api.Call, bucket, key string, body []byte, owner string) error {
	headers := map[string]string{}
	if owner != "" {
		headers["x-amz-expected-bucket-owner"] = owner
	}
	return s.opt.S3.PutObject(role, bucket, key, body, headers)
}

// report writes the completion report.
//
// Source: S3 user guide, batch-ops-examples-reports.
func (s *Service) report(j *job, role api.Call, results []result) error {
	r := j.request.Report
	if !r.Enabled {
		return nil
	}
	var good, bad bytes.Buffer
	for _, x := range results {
		line := []string{bucketOf(j.generator().SourceBucket), url.QueryEscape(x.Key), x.VersionID, "succeeded", "", "200", "Successful"}
		to := &good
		if x.err != nil {
			line[3], line[4], line[5], line[6] = "failed", s3.FailureReason(x.err), "403", x.err.Error()
			to = &bad
		}
		w := csv.NewWriter(to)
		_ = w.Write(line) // into memory
		w.Flush()
	}
	folder := path.Join(r.Prefix, "job-"+j.id)
	type file struct{ TaskExecutionStatus, Bucket, MD5Checksum, Key string }
	manifest := struct {
		Format, ReportCreationDate string
		Results                    []file
		ReportSchema               string
	}{reportFormat, s.opt.Now().UTC().Format("2006-01-02T15:04:05.000Z"), []file{}, "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"}
	for _, part := range []struct {
		status string
		body   []byte
	}{{"succeeded", good.Bytes()}, {"failed", bad.Bytes()}} {
		if len(part.body) == 0 || part.status == "succeeded" && r.ReportScope == "FailedTasksOnly" {
			continue
		}
		key := path.Join(folder, "results", digest(part.body)+".csv")
		if err := s.put(role, bucketOf(r.Bucket), key, part.body, r.ExpectedBucketOwner); err != nil {
			return fmt.Errorf("the report: %w", err)
		}
		manifest.Results = append(manifest.Results, file{part.status, bucketOf(r.Bucket), digest(part.body), key})
	}
	text, _ := json.MarshalIndent(manifest, "", "  ")
	if err := s.put(role, bucketOf(r.Bucket), strings.TrimPrefix(path.Join(folder, "manifest.json"), "/"), text, r.ExpectedBucketOwner); err != nil {
		return fmt.Errorf("the report: %w", err)
	}
	return nil
}
