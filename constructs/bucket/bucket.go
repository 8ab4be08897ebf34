// Package bucket makes an S3 bucket under one server-side encryption: versioned,
// retained, private, the owner of its objects, answering TLS only, with explicit
// default encryption and explicit blocked encryption types. It refuses requests
// that name a key which its account could not use.
package bucket

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/nag"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Props says what bucket to make.
type Props struct {
	// Encryption is the bucket's server-side encryption. Required.
	Encryption Encryption

	// Name is the bucket's name. Default: CloudFormation makes one up.
	Name string

	// Namespace is whose the name is: "account-regional", in which Name is
	// required and ends in "-<account>-<region>-an", spelled out; or "global".
	// Default: "global".
	Namespace string

	// MinimumTLS is the oldest TLS version that is answered, "1.2" or "1.3".
	// Default: "1.2".
	MinimumTLS string

	// Statements returns further statements of the bucket's policy, given the
	// bucket's ARN. Default: none.
	Statements func(bucketARN string) []iam.Statement

	// Logs is where S3 delivers the bucket's server access logs and inventory.
	// With it Name is required. Default: nowhere.
	Logs Logs

	// Accept holds reasons for findings of cdk-nag that take the place of the
	// bucket's own for the same rules. Default: none.
	Accept []nag.Reason

	// NoncurrentVersionDays is when a noncurrent version expires. Default: 0,
	// never.
	NoncurrentVersionDays int

	// IncompleteUploadDays is when an unfinished multipart upload is
	// discarded. Default: 7.
	IncompleteUploadDays int
}

// New makes a bucket and its policy. Both outlive their stack; only a first
// deployment that fails takes them along, since their names would be in the way
// of the next one. New panics, as constructs do, on an Encryption that S3 does
// not have, on a Name that is not of its Namespace, and on Logs that can't
// arrive.
func New(scope constructs.Construct, id string, p Props) awss3.Bucket {
	if p.Encryption.err != nil {
		panic(fmt.Sprintf("bucket %s/%s: %v", *scope.Node().Path(), id, p.Encryption.err))
	}
	for _, fault := range []string{namespaceFault(p.Namespace, p.Name), p.Logs.fault(p.Name)} {
		if fault != "" {
			panic(fmt.Sprintf("bucket %s/%s: %s", *scope.Node().Path(), id, fault))
		}
	}
	if p.MinimumTLS == "" {
		p.MinimumTLS = "1.2"
	}
	if p.IncompleteUploadDays == 0 {
		p.IncompleteUploadDays = 7
	}
	b := awss3.NewBucket(scope, &id, &awss3.BucketProps{
		BucketName:             name(p.Name),
		Encryption:             p.Encryption.kind,
		EncryptionKey:          p.Encryption.key,
		BucketKeyEnabled:       jsii.Bool(p.Encryption.bucketKey),
		BlockedEncryptionTypes: p.Encryption.blocked(),
		BlockPublicAccess:      awss3.BlockPublicAccess_BLOCK_ALL(),
		ObjectOwnership:        awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		Versioned:              jsii.Bool(true),
		RemovalPolicy:          awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
		LifecycleRules:         lifecycle(p),
	})
	arn := *b.BucketArn()
	statements := []iam.Statement{
		policy.DenyInsecureTransport(arn),
		policy.DenyOldTLS(arn, p.MinimumTLS),
	}
	statements = append(statements, p.Encryption.uploads(awscdk.Stack_Of(b), arn)...)
	if p.Statements != nil {
		statements = append(statements, p.Statements(arn)...)
	}
	// The policy stays with the bucket: a retained bucket without it would
	// take what the pattern refuses. SetPolicy makes later
	// AddToResourcePolicy calls extend this policy; CloudFormation would let
	// a second one replace it.
	b.SetPolicy(awss3.NewBucketPolicy(b, jsii.String("Policy"), &awss3.BucketPolicyProps{
		Bucket:        b,
		Document:      awsiam.PolicyDocument_FromJson(policy.Document(statements...).Map()),
		RemovalPolicy: awscdk.RemovalPolicy_RETAIN_ON_UPDATE_OR_DELETE,
	}))
	cfn := b.Node().DefaultChild().(awss3.CfnBucket)
	if p.Namespace == accountRegional {
		cfn.SetBucketNamespace(&p.Namespace)
	}
	p.Logs.apply(cfn, p.Name)
	nag.Accept(cfn, findings(p)...)
	return b
}

func name(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func lifecycle(p Props) *[]*awss3.LifecycleRule {
	rules := []*awss3.LifecycleRule{{
		Id:                                  jsii.String("DiscardIncompleteUploads"),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(p.IncompleteUploadDays)),
	}}
	if p.NoncurrentVersionDays > 0 {
		rules = append(rules, &awss3.LifecycleRule{
			Id:                          jsii.String("ExpireNoncurrentVersions"),
			NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(p.NoncurrentVersionDays)),
		})
	}
	return &rules
}
