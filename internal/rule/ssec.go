package rule

import (
	"errors"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// errNowhere is why nothing that depends on it can be told.
var errNowhere = errors.New("the account and region of the stack: they aren't given")

var ssecRules = []Rule{
	{
		ID:       "sse-c-bucket-unwritable",
		Severity: Error,
		Reason:   "The bucket's policy demands SSE-C while S3 blocks it, by default since April 2026: every upload is refused.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html",
		Fix:      "Set BlockedEncryptionTypes: {EncryptionType: [NONE]} on the bucket.",
		check: eachSSECBucket(func(c *checker, b *resource.Bucket) {
			if !slices.Contains(b.Blocked, "NONE") {
				what := "doesn't unblock"
				if len(b.Blocked) > 0 {
					what = "blocks"
				}
				c.find(b.Resource, b.Path()+".Properties.BucketEncryption", "the policy demands SSE-C and the bucket %s it", what)
			}
		}),
	},
	{
		ID:       "sse-c-bucket-open",
		Severity: Error,
		Reason:   "An object without a customer-provided key gets into a bucket that is meant to hold none: S3 writes replicas with s3:ReplicateObject, which a Deny of s3:PutObject doesn't cover.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-s3-c-encryption.html",
		Fix: "Deny on all objects, to Principal \"*\", s3:PutObject with the condition Null: {\"" + conditionkey.CustomerAlgorithm +
			"\": \"true\"}, and s3:ReplicateObject with Null: {\"" + conditionkey.Encryption + "\": \"false\"}.",
		check: eachSSECBucket(checkSSECClosed),
	},
}

// eachSSECBucket makes a check of one that looks at a bucket whose policy
// demands SSE-C of at least some upload.
func eachSSECBucket(check func(*checker, *resource.Bucket)) func(*checker) {
	return eachOf("AWS::S3::Bucket", func(c *checker, r *template.Resource) {
		b, why := c.bucket(r)
		switch {
		case b == nil:
			c.unknown(r, "", why)
		case c.demandsSSEC(b):
			check(c, b)
		case resource.Why(b.Unread) != nil:
			c.unknown(r, "", resource.Why(b.Unread))
		}
	})
}

// demandsSSEC: a statement denies uploads by the header of SSE-C, and an upload
// with it is not denied.
func (d *deployment) demandsSSEC(b *resource.Bucket) bool {
	if b.Policy == nil {
		return false
	}
	admin := everybody(b)[0]
	put := func(c context) resource.Decision {
		return d.ask(admin, "s3:PutObject", b.ARN+"/object", question.With(question.OverTLS, c))
	}
	without, with := put(nil), put(question.SSEC)
	if !without.Explicit || with.Explicit {
		return false
	}
	// A bucket that demands aws:kms refuses an upload without a header as
	// well: what counts is the statement's condition.
	for _, s := range b.Policy.Document.Statement {
		if s.Effect == iam.Deny && conditionOn(s.Condition, conditionkey.CustomerAlgorithm) {
			return true
		}
	}
	return false
}

// checkSSECClosed tries every other encryption as everybody. Statements that
// can't be resolved could only deny more or allow what is denied anyway. A
// replication makes requests without an encryption header, such as for tags:
// those may be admitted.
func checkSSECClosed(c *checker, b *resource.Bucket) {
	others := []struct {
		name    string
		headers context
	}{
		{"without an encryption header", nil},
		{"under SSE-S3", question.SSES3},
		{"under SSE-KMS", question.SSEKMS},
		{"under DSSE-KMS", question.DSSEKMS},
	}
	for _, action := range []string{"s3:PutObject", "s3:ReplicateObject"} {
		for _, o := range others {
			if o.headers == nil && action == "s3:ReplicateObject" {
				continue
			}
			put := resource.Request{Action: action, Resource: b.ARN + "/object", Context: question.With(question.OverTLS, o.headers)}
			if !c.checkDenied(b, everybody(b), put, "of an object "+o.name, "statement of the bucket policy",
				conditionkey.CustomerAlgorithm, conditionkey.Encryption, conditionkey.KMSKeyID) {
				break
			}
		}
	}
}
