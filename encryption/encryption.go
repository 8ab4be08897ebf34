// Package encryption is the table of the encryption patterns. A [Pattern] is a
// server-side encryption of Amazon S3 together with whose key it uses. Code that
// treats patterns differently asks the table for a trait, so that a new pattern
// is a new row:
//
//	if encryption.SSEKMSCMK.Traits().Key == encryption.CustomerManaged { ... }
//
// The package only describes; package constructs/bucket makes buckets.
//
// This is version 0: names may change from one release to the next.
package encryption

import "slices"

// Pattern names a server-side encryption of S3 and whose key it uses, as
// stages.yaml and a function's environment write it.
type Pattern string

// The patterns.
const (
	SSES3            Pattern = "sse-s3"              // keys that S3 manages
	SSEKMSAWSManaged Pattern = "sse-kms-aws-managed" // the account's key aws/s3
	SSEKMSCMK        Pattern = "sse-kms-cmk"         // a customer managed key
	DSSEKMS          Pattern = "dsse-kms"            // two layers, a customer managed key
	SSEC             Pattern = "sse-c"               // a key that the caller sends with each request
)

// Key says whose the key is.
type Key int

// The keys.
const (
	S3Managed        Key = iota + 1 // S3's own: nobody manages it, nobody can withhold it
	AWSManaged                      // the account's KMS key aws/s3, whose policy nobody can change
	CustomerManaged                 // a KMS key of the bucket's own, whose policy says who uses it
	CustomerProvided                // the caller's, sent with each request; S3 keeps none
)

// Traits is what the table says of a pattern.
type Traits struct {
	Title  string // as people write it: "SSE-KMS under a customer managed key"
	Column string // as a table's heading: "SSE-KMS, own key"
	ID     string // begins the ids of constructs and outputs: "SseKmsCmk"

	// BucketName is the pattern in its bucket's default name: the pattern
	// itself, except for the longest, which would leave a stage's prefix only
	// 12 characters in ap-northeast-1.
	BucketName string

	Key Key

	// Algorithm is the bucket's default, and what a request's header
	// x-amz-server-side-encryption names. SSE-C can't be a default: its bucket
	// has that of SSE-S3, and the bucket's policy refuses what would use it.
	Algorithm string

	// Object is what S3 reports of an object under the pattern, such as
	// "sse-kms": it does not report whose the KMS key is.
	Object string

	// BucketKey says whether S3 supports Bucket Keys for it.
	BucketKey bool

	// Page is the encryption's page, below docs.aws.amazon.com.
	Page string
}

// The algorithms of x-amz-server-side-encryption and of a bucket's default.
// Source: AmazonS3/latest/API/API_ServerSideEncryptionByDefault.html.
const (
	AES256  = "AES256"
	KMS     = "aws:kms"
	KMSDSSE = "aws:kms:dsse"
)

type row struct {
	pattern Pattern
	Traits
}

var table = []row{
	{SSES3, Traits{
		Title: "SSE-S3", Column: "SSE-S3", ID: "SseS3", BucketName: "sse-s3", Object: "sse-s3",
		Key: S3Managed, Algorithm: AES256,
		Page: "AmazonS3/latest/userguide/UsingServerSideEncryption.html",
	}},
	{SSEKMSAWSManaged, Traits{
		Title: "SSE-KMS under the AWS managed key aws/s3", Column: "SSE-KMS, aws/s3", ID: "SseKmsAwsManaged", BucketName: "sse-kms-aws", Object: "sse-kms",
		Key: AWSManaged, Algorithm: KMS, BucketKey: true,
		Page: "AmazonS3/latest/userguide/UsingKMSEncryption.html",
	}},
	{SSEKMSCMK, Traits{
		Title: "SSE-KMS under a customer managed key", Column: "SSE-KMS, own key", ID: "SseKmsCmk", BucketName: "sse-kms-cmk", Object: "sse-kms",
		Key: CustomerManaged, Algorithm: KMS, BucketKey: true,
		Page: "AmazonS3/latest/userguide/UsingKMSEncryption.html",
	}},
	{DSSEKMS, Traits{
		Title: "DSSE-KMS", Column: "DSSE-KMS", ID: "DsseKms", BucketName: "dsse-kms", Object: "dsse-kms",
		Key: CustomerManaged, Algorithm: KMSDSSE,
		Page: "AmazonS3/latest/userguide/UsingDSSEncryption.html",
	}},
	{SSEC, Traits{
		Title: "SSE-C only", Column: "SSE-C only", ID: "SseC", BucketName: "sse-c", Object: "sse-c",
		Key: CustomerProvided, Algorithm: AES256,
		Page: "AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html",
	}},
}

// Patterns returns all patterns, in the order in which stacks and tables show
// them.
func Patterns() []Pattern {
	list := make([]Pattern, len(table))
	for i, row := range table {
		list[i] = row.pattern
	}
	return list
}

// Traits returns the traits of a pattern, the zero value for an unknown one.
func (p Pattern) Traits() Traits {
	i := slices.IndexFunc(table, func(r row) bool { return r.pattern == p })
	if i < 0 {
		return Traits{}
	}
	return table[i].Traits
}

// Known reports whether there is such a pattern.
func (p Pattern) Known() bool { return p.Traits() != Traits{} }

// IsKMS reports whether the key is one of KMS, which a request can name.
func (t Traits) IsKMS() bool { return t.Key == AWSManaged || t.Key == CustomerManaged }

// Under returns the patterns that use a key, in order.
func Under(k Key) []Pattern {
	return slices.DeleteFunc(Patterns(), func(p Pattern) bool { return p.Traits().Key != k })
}

// OfDefault returns the pattern of a bucket whose default encryption has the
// given algorithm, with or without a customer managed key. If no pattern has
// both, it returns one with the algorithm; for an unknown algorithm, "". It never
// returns SSE-C, which can't be a default.
func OfDefault(algorithm string, customerManaged bool) Pattern {
	var near Pattern
	for _, r := range table {
		switch {
		case r.Algorithm != algorithm || r.Key == CustomerProvided:
		case (r.Key == CustomerManaged) == customerManaged:
			return r.pattern
		default:
			near = r.pattern
		}
	}
	return near
}

// KMSAlgorithms returns the algorithms that use a KMS key.
func KMSAlgorithms() []string {
	var list []string
	for _, row := range table {
		if row.IsKMS() && !slices.Contains(list, row.Algorithm) {
			list = append(list, row.Algorithm)
		}
	}
	return list
}
