package stage

import (
	"fmt"
	"slices"

	"github.com/s3seal/s3seal/encryption"
)

// allowedRequirements are those that make sense for a bucket, by its key.
//
// S3's own: all would ask for SSE-KMS, which the bucket's default isn't.
// aws/s3: asking for another key is a contradiction.
var allowedRequirements = map[encryption.Key][]Requirement{
	encryption.AWSManaged:      {OnlySSEKMS},
	encryption.CustomerManaged: Requirements(),
}

// always says what every bucket does by itself, by the name that somebody may
// look for among the requirements.
var always = map[Requirement]string{
	"no-sse-c":      "every bucket but sse-c refuses SSE-C",
	"only-this-key": "every bucket with a key of its own refuses other KMS keys, and every other bucket those of other accounts",
}

// checkBuckets checks the options of the patterns' buckets.
func (d *document) checkBuckets(s *Stage) {
	for p, o := range s.bucketOptions() {
		path := fieldPath(s, "buckets."+string(p))
		if !d.has(path) || d.failed(path) {
			continue
		}
		if !s.Has(p) && !d.failedItem(fieldPath(s, "patterns"), len(s.Patterns)) {
			d.report(path, "%s has no effect, as patterns does not list it: remove it, or add %s to patterns", p, p)
			continue
		}
		if at := path + ".minimumTLS"; d.has(at) && !d.failed(at) && *o.minimumTLS != "1.2" && *o.minimumTLS != "1.3" {
			d.report(at, `minimumTLS %s: write "1.2" or "1.3"`, quote(*o.minimumTLS))
		}
		if o.require != nil {
			d.checkRequire(path+".require", p, *o.require)
		}
		if o.cmk != nil {
			d.checkCMKBucket(path, p, o.cmk)
		}
		d.checkExisting(s, p, o)
	}
	d.checkSSECBucket(s)
}

func (d *document) checkRequire(path string, p encryption.Pattern, require []Requirement) {
	allowed := allowedRequirements[p.Traits().Key]
	for i, r := range require {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case d.failed(at):
		case always[r] != "":
			d.report(at, "%s is no requirement, as it always applies: %s: remove it", r, always[r])
		case !slices.Contains(Requirements(), r):
			d.report(at, "unknown requirement %s: %s", quote(string(r)), suggest(string(r), Requirements()))
		case slices.Contains(allowed, r):
		case !p.Traits().IsKMS():
			d.report(at, "%s contradicts %s, whose uploads are under keys of S3's own, not of KMS: remove it, or require it of sse-kms-cmk", r, p)
		default:
			d.report(at, "%s contradicts %s, whose key is the AWS managed key aws/s3: write %s, or require it of sse-kms-cmk", r, p, oneOf(allowed))
		}
	}
	checkUnique(d, path, require)
}

func (d *document) checkCMKBucket(path string, p encryption.Pattern, b *CMKBucket) {
	d.between(path+".rotationDays", b.RotationDays, 90, 2560)
	if t := p.Traits(); *b.BucketKey && !t.BucketKey {
		d.report(path+".bucketKey", "bucketKey is true, and S3 has no Bucket Keys for %s: remove the line", t.Title)
	}
}

// checkSSECBucket checks where the SSE-C key is, and when it is rotated.
func (d *document) checkSSECBucket(s *Stage) {
	// Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
	if at := fieldPath(s, "buckets.sse-c.rotation"); d.has(at) && d.required(at+".everyDays", "write the days from a rotation to the next, such as everyDays: 90") {
		d.between(at+".everyDays", s.Buckets.SSEC.Rotation.EveryDays, 1, 999)
	}
	if at := fieldPath(s, "buckets.sse-c.sweep"); d.has(at) && d.required(at+".engine", "write engine: function, or engine: map for millions of objects") {
		if engine := s.Buckets.SSEC.Sweep.Engine; engine != SweepFunction && engine != SweepMap {
			d.report(at+".engine", "engine %s: write function or map", quote(string(engine)))
		}
	}
	secret, key := fieldPath(s, "buckets.sse-c.secretArn"), fieldPath(s, "buckets.sse-c.secretKeyArn")
	if d.has(key) && !d.has(secret) {
		d.report(key, "secretKeyArn without secretArn: add secretArn, the secret that the key encrypts, or remove the line")
	}
	if d.environmentFailed(s, s.Source) {
		return
	}
	if d.has(secret) {
		d.checkSecret(secret, s.Buckets.SSEC.SecretARN, s.Source)
	}
	if d.has(key) {
		d.checkKey(key, s.Buckets.SSEC.SecretKeyARN, s.Source,
			"under which a secret is when secretArn stands alone",
			"and the functions' policy has to name the key itself",
			"a secret is encrypted in its own environment, which is the source")
	}
}

// logDays are the retention periods that CloudWatch Logs accepts. Source:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var logDays = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// maxDays is a hundred years: more is a typing error.
const maxDays = 36500

// checkLimits checks the numbers of retention and functions, and the architecture.
func (d *document) checkLimits(s *Stage) {
	retention, functions := fieldPath(s, "retention"), fieldPath(s, "functions")
	d.between(retention+".noncurrentVersionDays", s.Retention.NoncurrentVersionDays, 0, maxDays)
	d.between(retention+".incompleteUploadDays", s.Retention.IncompleteUploadDays, 1, maxDays)
	if at := retention + ".functionLogDays"; d.has(at) && !d.failed(at) && !slices.Contains(logDays, s.Retention.FunctionLogDays) {
		i, _ := slices.BinarySearch(logDays, s.Retention.FunctionLogDays)
		d.report(at, "functionLogDays %d isn't a period of CloudWatch Logs: write %d", s.Retention.FunctionLogDays, logDays[min(i, len(logDays)-1)])
	}
	if at := functions + ".architecture"; d.has(at) && !d.failed(at) && s.Functions.Architecture != "arm64" && s.Functions.Architecture != "x86_64" {
		d.report(at, "architecture %s: write arm64 or x86_64", quote(s.Functions.Architecture))
	}
	// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	d.between(functions+".memoryMB", s.Functions.MemoryMB, 128, 10240)
	d.between(functions+".timeoutSeconds", s.Functions.TimeoutSeconds, 3, 900)
	// The upper bound is the account's own quota, which only AWS knows.
	if at, c := functions+".reservedConcurrency", s.Functions.ReservedConcurrency; c != nil && *c < 0 && !d.failed(at) {
		d.report(at, "reservedConcurrency %d: write 0, which stops the functions, or more", *c)
	}
	d.checkQueue(s)
	d.checkPutIfMatch(s)
}

// between reports a number of the file that isn't from least to most.
func (d *document) between(path string, v, least, most int) {
	if d.has(path) && !d.failed(path) && (v < least || v > most) {
		d.report(path, "%s %d: write %d to %d", lastName(path), v, least, most)
	}
}
