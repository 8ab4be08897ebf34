package rule

import (
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

var encryptionRules = []Rule{
	{
		ID:       "blocked-encryption-types-unstated",
		Severity: Warning,
		Reason:   "Since April 2026 S3 blocks SSE-C on new buckets, but not in me-south-1 and me-central-1; it blocked it on older ones too in accounts without SSE-C objects, and on none in accounts with any: a bucket that doesn't say what it blocks differs by its age, its account and its Region.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html",
		Fix:      "Add BlockedEncryptionTypes: {EncryptionType: [SSE-C]} to the encryption rule, or [NONE] on a bucket for SSE-C objects.",
		check:    eachEncryption(checkBlockedStated),
	},
	{
		ID:       "kms-key-with-sse-s3",
		Severity: Error,
		Reason:   "S3 accepts a KMS key only with aws:kms and aws:kms:dsse; with AES256 it refuses the configuration.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html",
		Fix:      "Set SSEAlgorithm to aws:kms, or remove KMSMasterKeyID.",
		check: eachEncryption(func(c *checker, e bucketEncryption) {
			if e.algorithm == "AES256" && e.key != "" {
				c.find(e.bucket, e.keyAt, "the default encryption is AES256, yet a KMS key is given")
			}
		}),
	},
	{
		ID:       "bucket-key-with-dsse-kms",
		Severity: Error,
		Reason:   "DSSE-KMS has no S3 Bucket Keys: each object needs its own requests to KMS, whatever the bucket says.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingDSSEncryption.html",
		Fix:      "Set BucketKeyEnabled to false.",
		check: eachEncryption(func(c *checker, e bucketEncryption) {
			if e.algorithm == "aws:kms:dsse" && e.bucketKey {
				c.find(e.bucket, e.bucketKeyAt, "BucketKeyEnabled is true with aws:kms:dsse")
			}
		}),
	},
	{
		ID:       "default-key-alias",
		Severity: Warning,
		Reason:   "KMS looks an alias up in the account of whoever makes the request, so callers of another account use another key or none; some log deliveries refuse it as well.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html",
		Fix:      "Give the key's own ARN.",
		check: eachEncryption(func(c *checker, e bucketEncryption) {
			account := resource.ARN(e.key).AccountID
			switch alias := resource.AliasName(e.key); {
			case alias == "" || alias == "alias/aws/s3":
			case account != "" && e.bucket.Stack().Account != "" && account != e.bucket.Stack().Account:
				c.findAs(Error, e.bucket, e.keyAt, "%s is an alias of another account", e.key)
			default:
				c.find(e.bucket, e.keyAt, "%s is an alias", e.key)
			}
		}),
	},
	{
		ID:       "default-key-malformed",
		Severity: Error,
		Reason:   "S3 accepts any text as the default key and doesn't ask KMS about it; KMS knows keys by id, alias or ARN only, and refuses every upload.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html",
		Fix:      "Give the key's ARN; for the AWS managed key, leave KMSMasterKeyID out.",
		check: eachEncryption(func(c *checker, e bucketEncryption) {
			if strings.HasPrefix(e.algorithm, "aws:kms") && e.key != "" && !namesKey(e.key) {
				c.find(e.bucket, e.keyAt, "%q is no id, alias or ARN of a key", e.key)
			}
		}),
	},
	{
		ID:       "default-key-elsewhere",
		Severity: Error,
		Reason:   "S3 uses keys of the bucket's own Region only, and doesn't look at the key before the first upload fails.",
		Source:   "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
		Fix:      "Give a key of the bucket's Region and, unless another account's key is meant, of its account.",
		check: eachEncryption(func(c *checker, e bucketEncryption) {
			s := e.bucket.Stack()
			region, account := resource.ARN(e.key).Region, resource.ARN(e.key).AccountID
			switch {
			case resource.ARN(e.key).Service != "kms" || e.key == "":
			case s.Region == "" || s.Account == "":
				c.unknown(e.bucket, e.keyAt, errNowhere)
			case region != s.Region:
				c.find(e.bucket, e.keyAt, "the key is in %s, the bucket in %s", region, s.Region)
			case account != s.Account && resource.AliasName(e.key) == "":
				c.findAs(Warning, e.bucket, e.keyAt, "the key is of account %s, the bucket of %s: the key's policy must admit everybody who reads or writes", account, s.Account)
			}
		}),
	},
}

// bucketEncryption is one rule of a bucket's default encryption. S3 allows one.
type bucketEncryption struct {
	bucket             *template.Resource
	value              template.Value
	algorithm, key     string
	keyAt, bucketKeyAt string
	bucketKey          bool
}

// eachEncryption makes a check of one that looks at a bucket's default
// encryption, of those buckets whose can be read.
func eachEncryption(check func(*checker, bucketEncryption)) func(*checker) {
	return eachOf("AWS::S3::Bucket", func(c *checker, r *template.Resource) {
		v := r.Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0)
		byDefault := v.Get("ServerSideEncryptionByDefault")
		key, bucketKey := byDefault.Get("KMSMasterKeyID"), v.Get("BucketKeyEnabled")
		e := bucketEncryption{bucket: r, value: v, keyAt: key.Path(), bucketKeyAt: bucketKey.Path()}
		var known [3]bool
		e.algorithm, known[0] = c.text(r, byDefault.Get("SSEAlgorithm"))
		e.key, known[1] = c.text(r, key)
		e.bucketKey, known[2] = c.flag(r, bucketKey)
		if !slices.Contains(known[:], false) {
			check(c, e)
		}
	})
}

// keyID is the id of a key: of a single Region, or of several.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id
var keyID = regexp.MustCompile(`^(?i:mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// namesKey says whether a text has the form of a key's id, alias or ARN. The id
// in an ARN is not looked at: it is whoever wrote an ARN that knows the key.
func namesKey(text string) bool {
	if arn := resource.ARN(text); arn.Resource != "" {
		id, isKey := strings.CutPrefix(arn.Resource, "key/")
		return arn.Service == "kms" && (isKey && id != "" || resource.AliasName(text) != "")
	}
	return resource.AliasName(text) != "" || keyID.MatchString(text)
}

func checkBlockedStated(c *checker, e bucketEncryption) {
	blocked := e.value.Get("BlockedEncryptionTypes", "EncryptionType")
	if list, known := c.list(e.bucket, blocked); known && len(list) == 0 {
		c.find(e.bucket, blocked.Path(), "the bucket doesn't say which encryption types it blocks")
	}
}
