package demo

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/logdelivery"
	"github.com/s3seal/s3seal/policy"
)

// logs shows a server access log and an inventory that arrive.
func (p *stageplay) logs(ctx context.Context) {
	bucket, logs, lists := p.output("buckets", "SseS3Bucket"), p.output("logs", "LogBucketName"), p.output("logs", "InventoryBucketName")
	p.scene("Access logs and inventories arrive, and say how objects are encrypted",
		"The log bucket admits S3's log service for these buckets only. The inventories are under a key of their own.")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/logged.txt  # as app", put(ctx, p.app.s3, bucket, "logged.txt"), "ok AES256")
	p.step("aws s3 cp --recursive s3://"+logs+"/"+bucket+"/ . && grep logged.txt *", p.logged(ctx, logs, bucket+"/", "logged.txt"),
		"ok "+bucket+"/20 … "+bucket+" [ … assumed-role/app/demo … REST.PUT.OBJECT logged.txt … 200 … TLSv1.3")
	if err := p.server.DeliverInventory(ctx); err != nil {
		p.step("S3 writes its inventories", outcome(err), "ok")
		return
	}
	for _, b := range []struct{ output, want string }{
		{"SseKmsCmkBucket", `"SSE-KMS","ENABLED"`},
		{"DsseKmsBucket", `"DSSE-KMS","DISABLED"`},
		{"SseCBucket", `"SSE-C","DISABLED"`},
	} {
		source := p.output("buckets", b.output)
		p.step("aws s3 cp s3://"+lists+"/"+source+"/AllVersions/data/….csv.gz - | gunzip | grep hello.txt",
			p.listed(ctx, p.administrator, lists, source, "hello.txt"), `ok "`+source+`","hello.txt", … `+b.want)
	}
	p.step("…  # as s3-user",
		p.listed(ctx, p.s3User, lists, p.output("buckets", "DsseKmsBucket"), "hello.txt"), "403 AccessDenied … kms:Decrypt")
}

const logsUnderKMS = "demo-logs-under-kms-" + sourceAccount

// misdirectedLogs points the same logging to a bucket under SSE-KMS.
func (p *stageplay) misdirectedLogs(ctx context.Context) {
	bucket, target := p.output("buckets", "SseS3Bucket"), logsUnderKMS
	p.scene("The same logs sent to a bucket under SSE-KMS are lost or unreadable",
		"S3 accepts the setting and reports no error. The rules of s3seal refuse it before it is deployed.")
	c := p.administrator.s3
	before, err := c.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: &bucket})
	if err != nil {
		p.step("aws s3api get-bucket-logging --bucket "+bucket, outcome(err), "ok")
		return
	}
	key, got := p.createKey(ctx, p.administrator, "a new key", nil)
	if key == "" {
		p.step("aws kms create-key", got, "ok")
		return
	}
	p.step("aws s3api create-bucket --bucket "+target+"  # with the policy of AWS's page", p.admitLogs(ctx, target, bucket), "ok")
	p.step("aws s3api put-bucket-encryption  # aws:kms, a key with the default policy", p.setDefault(ctx, target, underKMS(key)), "ok")
	p.step("aws s3api put-bucket-logging --bucket "+bucket+"  # to that bucket", p.logTo(ctx, bucket, &types.LoggingEnabled{
		TargetBucket: &target, TargetPrefix: before.LoggingEnabled.TargetPrefix,
	}), "ok")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/lost.txt  # as app", put(ctx, p.app.s3, bucket, "lost.txt"), "ok AES256")
	p.step("aws s3 ls --recursive s3://"+target, p.logged(ctx, target, "", "lost.txt"), "no logs there")
	p.step("# why did no log arrive?", p.lastFailure(target), "denied: kms:GenerateDataKey on "+key+" by service logging.s3.amazonaws.com: no resource policy allows it")
	p.step("cdk synth; s3seal check  # of a stack with such a bucket", logdelivery.Lookup(logdelivery.S3ServerAccess, encryption.SSEKMSCMK).Refusal(), "S3 server access logs don't arrive readable")
	p.step("aws s3api put-bucket-encryption  # aws:kms, no key named: aws/s3", p.setDefault(ctx, target, underKMS("")), "ok")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/unreadable.txt  # as app", put(ctx, p.app.s3, bucket, "unreadable.txt"), "ok AES256")
	p.step("aws s3 cp --recursive s3://"+target+" .", p.logged(ctx, target, "", "unreadable.txt"),
		"403 AccessDenied: The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.")
	p.step("aws s3api put-bucket-logging --bucket "+bucket+"  # the deployed target again", p.logTo(ctx, bucket, before.LoggingEnabled), "ok")
	p.step("aws s3 cp hello.txt s3://"+bucket+"/back.txt  # as app", put(ctx, p.app.s3, bucket, "back.txt"), "ok AES256")
	p.step("aws s3 cp --recursive s3://"+*before.LoggingEnabled.TargetBucket+"/"+bucket+"/ . && grep back.txt *",
		p.logged(ctx, *before.LoggingEnabled.TargetBucket, *before.LoggingEnabled.TargetPrefix, "back.txt"), "ok … REST.PUT.OBJECT back.txt")
}

// logged has S3 deliver its logs and gives the line about the upload of a key.
func (p *stageplay) logged(ctx context.Context, logs, prefix, key string) string {
	if err := p.server.DeliverLogs(ctx); err != nil {
		return outcome(err)
	}
	name, line, err := search(ctx, p.administrator.s3, logs, prefix, "REST.PUT.OBJECT "+key+" ")
	switch {
	case err == nil:
		return "ok " + name + ": " + line
	case errors.Is(err, errNothing):
		return "no logs there"
	}
	return outcome(err)
}

// listed gives the line about a key in the lists of a bucket's objects.
func (p *stageplay) listed(ctx context.Context, c *client, lists, source, key string) string {
	_, line, err := search(ctx, c.s3, lists, source+"/AllVersions/data/", `"`+key+`"`)
	if err != nil {
		return outcome(err)
	}
	return "ok " + line
}

var errNothing = errors.New("no objects there")

// search gives the last line that holds a text in all objects under a prefix,
// and the object's name. Names in .gz are unpacked.
func search(ctx context.Context, c *s3.Client, bucket, prefix, text string) (name, line string, err error) {
	list, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	if err != nil {
		return "", "", err
	}
	if len(list.Contents) == 0 {
		return "", "", errNothing
	}
	for _, o := range list.Contents {
		found, err := grep(ctx, c, bucket, *o.Key, text)
		if err != nil {
			return "", "", err
		}
		if found != "" {
			name, line = *o.Key, found
		}
	}
	if line == "" {
		return "", "", fmt.Errorf("no line with %q in %d objects", text, len(list.Contents))
	}
	return name, line, nil
}

// grep gives the last line of an object that holds a text; "": none.
func grep(ctx context.Context, c *s3.Client, bucket, name, text string) (line string, err error) {
	out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &name})
	if err != nil {
		return "", err
	}
	defer out.Body.Close()
	var in io.Reader = out.Body
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(in); err != nil {
			return "", err
		}
	}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			line = lines.Text()
		}
	}
	return line, lines.Err()
}

// admitLogs makes a bucket that S3 may write a bucket's server access logs to.
func (p *stageplay) admitLogs(ctx context.Context, target, source string) string {
	if _, err := p.administrator.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &target}); err != nil {
		return outcome(err)
	}
	return p.administrator.putPolicy(ctx, target, documentText(policy.LogDelivery("arn:aws:s3:::"+target, logdelivery.Delivery{
		Source: logdelivery.S3ServerAccess, Partition: "aws", Account: sourceAccount, Region: sourceRegion,
		SourceARNs: []string{"arn:aws:s3:::" + source},
	})...))
}

func (p *stageplay) logTo(ctx context.Context, bucket string, l *types.LoggingEnabled) string {
	_, err := p.administrator.s3.PutBucketLogging(ctx, &s3.PutBucketLoggingInput{Bucket: &bucket, BucketLoggingStatus: &types.BucketLoggingStatus{LoggingEnabled: l}})
	return outcome(err)
}

// lastFailure is why the last log for a bucket didn't arrive.
func (p *stageplay) lastFailure(target string) string {
	reason := "no failure"
	for _, f := range p.server.LogFailures() {
		if f.Target == target {
			reason, _, _ = strings.Cut(f.Decision, "\n")
		}
	}
	return reason
}
