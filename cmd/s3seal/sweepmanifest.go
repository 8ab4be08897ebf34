package main

import (
	"bufio"
	"context"
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/account"
	"github.com/s3seal/s3seal/internal/sweep"
)

// manifestFlags are of the job for S3 Batch Operations.
type manifestFlags struct {
	Manifest  string `placeholder:"FILE" help:"Change nothing: write the manifest of a job of S3 Batch Operations, and the job itself to FILE.json. For hundreds of millions of objects."`
	JobBucket string `placeholder:"NAME" help:"With --manifest: bucket that you put the manifest into, under SSE-S3, and that gets the job's report."`
	JobRole   string `placeholder:"ARN" help:"With --manifest: role that S3 Batch Operations uses. It has to be allowed lambda:InvokeFunction on the sweep function, s3:GetObject on the manifest and s3:PutObject on the report."`
}

func (c *sweepCmd) check() error {
	switch {
	case c.Manifest == "" && (c.JobBucket != "" || c.JobRole != ""):
		return errors.New("--job-bucket and --job-role are for --manifest: add it, or remove them")
	case c.Manifest != "" && (c.JobBucket == "" || c.JobRole == ""):
		return errors.New("--manifest needs --job-bucket and --job-role")
	case c.Manifest != "" && (c.Plan || c.JSON || c.Locked):
		return errors.New("--manifest changes nothing and prints nothing, and what is under Object Lock is no task of its job: remove --plan, --json and --locked")
	}
	return nil
}

// write writes the manifest and the job.
func (c *sweepCmd) write(ctx context.Context, a *account.Account, s *sweep.Sweeper) error {
	stack, err := a.Stack(ctx, "buckets")
	if err != nil {
		return err
	}
	function, err := stack.Output(encryption.SSEC.Traits().ID + "Sweep")
	if err != nil {
		return fmt.Errorf("%w (buckets.sse-c.sweep of stages.yaml makes the function)", err)
	}
	file, err := makeFile(c.Manifest)
	if err != nil {
		return err
	}
	defer file.Close()
	job, err := makeFile(c.Manifest + ".json")
	if err != nil {
		os.Remove(c.Manifest)
		return err
	}
	defer job.Close()
	sum := md5.New() // the ETag of an object that was put whole under SSE-S3
	lines := bufio.NewWriter(io.MultiWriter(file, sum))
	s.Plan, s.Found = true, sweep.Manifest(lines, s.Bucket)
	report, err := sweepAll(ctx, s)
	if err = errors.Join(err, lines.Flush(), file.Close()); err == nil {
		err = c.writeJob(job, a, function, hex.EncodeToString(sum.Sum(nil)))
	}
	if err != nil {
		os.Remove(c.Manifest)
		os.Remove(c.Manifest + ".json")
		return err
	}
	fmt.Fprintf(os.Stderr, "%s has %s. To move them:\n  aws s3api put-object --bucket %s --key sweep/manifest.csv --body %s\n  aws s3control create-job --region %s --cli-input-json file://%s\n",
		c.Manifest, count(int(report.Of(sweep.ToMove).Versions), "object"), c.JobBucket, quoted(c.Manifest), a.Stage.Source.Region, quoted(c.Manifest+".json"))
	return nil
}

// makeFile makes a file that is not there yet.
func makeFile(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (c *sweepCmd) writeJob(to io.WriteCloser, a *account.Account, function, etag string) error {
	source := a.Stage.Source
	arn := "arn:" + source.Partition() + ":"
	job := sweep.Job{
		Account: source.Account, RoleARN: c.JobRole, Token: rand.Text(), ManifestETag: etag,
		FunctionARN:     arn + "lambda:" + source.Region + ":" + source.Account + ":function:" + function,
		ReportBucketARN: arn + "s3:::" + c.JobBucket,
		ManifestARN:     arn + "s3:::" + c.JobBucket + "/sweep/manifest.csv",
	}
	text, err := job.JSON()
	if err != nil {
		return err
	}
	_, err = to.Write(text)
	return errors.Join(err, to.Close())
}
