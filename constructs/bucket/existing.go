package bucket

import (
	"cmp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/s3seal/s3seal/constructs/internal/environment"
	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
)

// Existing is the bucket of a name that exists, of the stack's account and Region.
// Its methods Construct, Resource, Policy and IBucket find nothing.
func Existing(scope constructs.Construct, name string) Bucket {
	at := environment.Of(scope)
	refusal.Check("existing bucket", scope, name, refusal.Missing("name", name, "the bucket's name"), environment.NameFault("name", name))
	return Bucket{ARN: at.BucketARN(name), Name: name}
}

// NewPolicy gives a bucket that exists the policy that New would give it. Of p, it
// reads Name, which is required, Encryption, Key, MinimumTLS and Statements. The
// policy stays when the stack is deleted.
//
// CloudFormation refuses to make a policy for a bucket that has one. The policy's
// logical id is as New's, so that a bucket that is taken over keeps it.
func NewPolicy(scope constructs.Construct, id string, p Props) {
	p.MinimumTLS = cmp.Or(p.MinimumTLS, "1.2")
	refusal.Check("bucket policy", scope, id, p.encryptionFault(), refusal.Missing("Name", p.Name, "the bucket's name"), environment.NameFault("Name", p.Name),
		refusal.OneOf("MinimumTLS", p.MinimumTLS, "1.2", "1.3"))
	at, keyARN := environment.Of(scope), ""
	if p.Key != nil {
		keyARN = *p.Key.KeyArn()
	}
	resource.Make(scope, id+"/Policy/Resource", resource.Resource{
		Class:  "aws_s3.CfnBucketPolicy",
		Props:  &awss3.CfnBucketPolicyProps{Bucket: &p.Name, PolicyDocument: p.policy(at, at.BucketARN(p.Name), keyARN).Map()},
		Retain: true,
	})
}
