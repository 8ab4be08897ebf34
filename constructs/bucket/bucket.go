// Package bucket makes an S3 bucket under one server-side encryption:
//
//	b := bucket.New(stack, "Data", bucket.Props{Encryption: encryption.SSEKMSCMK, Key: k, Name: name})
//
// The bucket is versioned, retained and private, owns its objects, and accepts TLS
// only. Its default encryption and its blocked encryption types are explicit. Its
// policy refuses requests that name a key which its account could not use.
package bucket

import (
	"math"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/key"
	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what bucket to make.
type Props struct {
	// Encryption is the bucket's encryption pattern. Required.
	Encryption encryption.Pattern

	// Key is the bucket's customer managed key, of its own Region. Required
	// with the patterns that use one, sse-kms-cmk and dsse-kms, and refused
	// with the others.
	Key key.Reference

	// BucketKey turns the S3 Bucket Key on or off, which cuts requests to KMS
	// by up to 99 %. Default: on where S3 supports it, which is not the case
	// for DSSE-KMS. Source: AmazonS3/latest/userguide/bucket-key.html.
	BucketKey *bool

	// Name is the bucket's name. Default: CloudFormation makes one up.
	Name string

	// Namespace is whose the name is: "account-regional", in which Name is
	// required and ends in "-<account>-<region>-an", spelled out; or "global".
	// Default: "global".
	// Source: AmazonS3/latest/userguide/gpbucketnamespaces.html.
	Namespace string

	// MinimumTLS is the oldest TLS version that the bucket accepts, "1.2" or "1.3".
	// Default: "1.2".
	MinimumTLS string

	// Statements returns further statements of the bucket's policy, given the
	// bucket's ARN. Default: none.
	Statements func(bucketARN string) []iam.Statement

	// Logs is where S3 delivers the bucket's server access logs and inventory.
	// With it Name is required. Default: nowhere.
	Logs Logs

	// Accept holds reasons for findings of cdk-nag. They replace the bucket's
	// own reasons for the same rules. Default: none.
	Accept []nag.Reason

	// NoncurrentVersionDays is when a noncurrent version expires, in days
	// after it became one. Default: 0, never.
	NoncurrentVersionDays int

	// IncompleteUploadDays is when an unfinished multipart upload is
	// discarded, in days after it began. Default: 7.
	IncompleteUploadDays int

	// After are buckets of the same scope that must exist before, with their
	// policies. Default: none.
	After []Bucket

	// Customize changes what is set on the resource, just before it is made.
	// Default: nothing.
	Customize func(*awss3.CfnBucketProps)
}

// New makes a bucket and its policy. Both stay when their stack is deleted. Only a
// first deployment that fails removes them, since their names would be in the way
// of the next one. New panics, as constructs do, on an Encryption that S3 does
// not have or that lacks its Key, on a Name that is not of its Namespace, and on
// Logs that can't arrive.
func New(scope constructs.Construct, id string, p Props) Bucket {
	if p.MinimumTLS == "" {
		p.MinimumTLS = "1.2"
	}
	if p.IncompleteUploadDays == 0 {
		p.IncompleteUploadDays = 7
	}
	at := environment.Of(scope)
	refusal.Check("bucket", scope, id, p.encryptionFault(), environment.NameFault("Name", p.Name), namespaceFault(p.Namespace, p.Name, at),
		p.Logs.fault(p.Name), environment.NameFault("Logs.ServerAccessBucket", p.Logs.ServerAccessBucket),
		refusal.OneOf("MinimumTLS", p.MinimumTLS, "1.2", "1.3"),
		refusal.Range("NoncurrentVersionDays", p.NoncurrentVersionDays, 0, math.MaxInt32),
		refusal.Range("IncompleteUploadDays", p.IncompleteUploadDays, 1, math.MaxInt32))
	keyARN := ""
	if p.Key != nil {
		keyARN = *p.Key.KeyArn()
		refusal.Check("bucket", scope, id, environment.Environment{Region: at.Region, Partition: at.Partition}.ConstructFault("Key", p.Key, keyARN))
	}
	props := p.resource(keyARN)
	if p.Customize != nil {
		p.Customize(props)
	}
	var after []string
	for _, b := range p.After {
		after = append(after, b.id+"/Policy")
	}
	made := resource.Make(scope, id+"/Resource", resource.Resource{
		Class: "aws_s3.CfnBucket", Props: props, Retain: true, Accept: findings(p), After: after,
	}, "attrArn", "ref")
	b := Bucket{ARN: made[0], Name: made[1], scope: scope, id: id, key: p.Key}
	resource.MakeBucketPolicy(scope, id, p.policy(at, b.ARN, keyARN), after...)
	return b
}

// policy is the bucket's policy.
func (p Props) policy(at environment.Environment, bucketARN, keyARN string) iam.Document {
	statements := policy.Bucket{
		ARN: bucketARN, Partition: at.Partition, Region: at.Region, Account: at.Account, Encryption: p.Encryption, KeyARN: keyARN,
	}.Statements(p.MinimumTLS)
	if p.Statements != nil {
		statements = append(statements, p.Statements(bucketARN)...)
	}
	return policy.Document(statements...)
}
