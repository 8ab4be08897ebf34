package reach

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
)

// Use is what somebody does with an object.
type Use string

// The uses.
const (
	Get Use = "get"
	Put Use = "put"
)

// Object is an object of a bucket, as a request is about it.
type Object struct {
	Bucket *resource.Bucket
	Key    string // "reports/2026.csv"

	// Headers are the encryption headers of an upload, as condition keys of the
	// request; without any, the bucket's default decides. Nil: those that the
	// bucket is meant for, which are none, or where it demands SSE-C, that.
	Headers question.Context

	// Context are the other condition keys of the request to S3, such as
	// aws:SecureTransport. KMS and Secrets Manager are asked with none of them.
	Context question.Context
}

// under is the encryption that an object has: of an upload what it asks for, of
// a download the bucket's default. key is the ARN of the KMS key; "" for aws/s3,
// and for a default that isn't known.
func (o Object) under(use Use) (algorithm, key string) {
	algorithm, key = o.Bucket.Algorithm, o.Bucket.KeyARN
	if use != Put {
		return algorithm, key
	}
	if len(o.Headers[conditionkey.CustomerAlgorithm]) > 0 {
		return sseC, ""
	}
	if asked := o.Headers[conditionkey.Encryption]; len(asked) > 0 {
		algorithm, key = asked[0], ""
	}
	if asked := o.Headers[conditionkey.KMSKeyID]; len(asked) > 0 {
		key = asked[0]
	}
	return algorithm, key
}

// sseC is no algorithm of a bucket's default: S3 has none for SSE-C.
const sseC = "SSE-C"

// need is one request of a use, and what can be changed to be allowed it.
type need struct {
	operation access.Operation
	through   []access.Operation // the same request by way of an access point, which it is named after
	what      string             // in words: "the bucket"
	levers    []lever

	// elsewhere says what the stacks do not tell of the request, "" for nothing.
	elsewhere string
}

// lever is a request that changes who may make another one.
type lever struct {
	operation access.Operation
	step      string // in words: "changing the policy of bucket Data"
}

// needs are the requests of a use.
//
// Source: AmazonS3/latest/userguide/UsingKMSEncryption.html (permissions) and
// bucket-key.html (the encryption context). A large object is uploaded in parts
// and then needs kms:Decrypt as well.
func needs(set *resource.Set, o Object, use Use) []need {
	b := o.Bucket
	customers := demandsSSEC(b)
	if use == Put && customers && o.Headers == nil {
		o.Headers = question.SSEC
	}
	if use == Get {
		o.Headers = nil
	}
	list := []need{{
		operation: access.Operation{
			Name: string(use), Action: map[Use]string{Get: "s3:GetObject", Put: "s3:PutObject"}[use],
			Resource: b.ARN + "/" + o.Key, Context: question.With(question.OverTLS, o.Headers, o.Context),
			BlockedBy: blockedBy(o, use),
		},
		what: "the bucket",
		levers: []lever{{
			access.Operation{Action: "s3:PutBucketPolicy", Resource: b.ARN, Context: question.OverTLS},
			"changing the policy of bucket " + access.ShortName(b.LogicalID),
		}},
	}}
	list[0].through = throughAccessPoints(set, o, list[0].operation)
	algorithm, key := o.under(use)
	if algorithm == sseC || use == Get && customers {
		return append(list, customerKey(set, o))
	}
	if !strings.HasPrefix(algorithm, "aws:kms") {
		return list
	}
	action := map[Use]string{Get: "kms:Decrypt", Put: "kms:GenerateDataKey"}[use]
	through := question.ThroughS3(b, b.BucketKey && algorithm == "aws:kms", "/"+o.Key)
	if why := unknownKey(set, b); why != nil && key == "" && o.Headers[conditionkey.Encryption] == nil {
		return append(list, need{what: "the key", elsewhere: why.Error()})
	}
	n := need{operation: access.Operation{Name: action, Action: action, Resource: key, Context: through}, what: "the key"}
	if key == "" {
		arn := question.SomeKey(b.Region, b.Account)
		n.what = "the key aws/s3"
		n.operation.Resource, n.operation.Assumed = arn, awsManagedKeyPolicy(arn, through)
		return append(list, n) // nobody can change that key's policy
	}
	n.levers = []lever{
		{access.Operation{Action: "kms:PutKeyPolicy", Resource: key}, "changing the policy of " + named(set, key)},
		{access.Operation{Action: "kms:CreateGrant", Resource: key}, "a grant on " + named(set, key)},
	}
	return append(list, n)
}

// unknownKey is why the key of a bucket's default isn't known: it is named by an
// alias that the stacks don't make, and is not aws/s3. Nil for every other default.
func unknownKey(set *resource.Set, b *resource.Bucket) error {
	if resource.AWSManaged(b.Key) {
		return nil
	}
	_, err := set.KeyARN(b.Key, b)
	return err
}

// named is a key or secret as the tables call it.
func named(set *resource.Set, arn string) string {
	for _, k := range set.Keys {
		if k.ARN == arn {
			return "key " + access.ShortName(k.LogicalID)
		}
	}
	for _, s := range set.Secrets {
		if s.ARN == arn {
			return "secret " + access.ShortName(s.LogicalID)
		}
	}
	return resource.ARN(arn).Resource
}

// blockedBy is the setting of a bucket that refuses an upload under SSE-C.
// Source: AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html.
func blockedBy(o Object, use Use) string {
	if algorithm, _ := o.under(use); algorithm == sseC && slices.Contains(o.Bucket.Blocked, sseC) {
		return "BlockedEncryptionTypes"
	}
	return ""
}

// awsManagedKeyPolicy is the policy of the key aws/s3: it admits everybody of its
// account through S3, and nobody else.
//
// Source: kms/latest/developerguide/concepts.html#aws-managed-cmk and
// AmazonS3/latest/userguide/UsingKMSEncryption.html ("can't be shared with
// other accounts").
func awsManagedKeyPolicy(arn string, through question.Context) *iam.Source {
	return &iam.Source{Name: "policy of the key aws/s3", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Sid: "aws/s3", Effect: iam.Allow, Principal: &iam.Principal{AWS: iam.Strings{"*"}},
		Action:   iam.Strings{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"},
		Resource: iam.Strings{"*"},
		Condition: iam.Condition{"StringEquals": {
			"kms:CallerAccount":     {resource.ARN(arn).AccountID},
			conditionkey.ViaService: through[conditionkey.ViaService],
		}},
	}}}}
}
