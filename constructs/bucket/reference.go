package bucket

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/constructs/key"
)

// Reference is what other constructs need of a bucket: a Bucket of this package
// and the CDK's IBucket both have it.
type Reference interface {
	BucketArn() *string
	BucketName() *string
}

// Bucket is a bucket and its policy. The objects of the CDK's that its methods
// return are looked up, or made, when they are asked for.
type Bucket struct {
	ARN, Name string // references, which only a deployment resolves

	scope constructs.Construct
	id    string
	key   key.Reference
}

// BucketArn is the ARN, as the CDK's own buckets have it.
func (b Bucket) BucketArn() *string { return &b.ARN }

// BucketName is the name, as the CDK's own buckets have it.
func (b Bucket) BucketName() *string { return &b.Name }

// Construct holds the resources: what depends on it, depends on both.
func (b Bucket) Construct() constructs.IConstruct { return resource.Find(b.scope, b.id) }

// Resource is the bucket's resource.
func (b Bucket) Resource() awss3.CfnBucket {
	return resource.Find(b.scope, b.id+"/Resource").(awss3.CfnBucket)
}

// Policy is the bucket's policy. AddToResourcePolicy extends it; CloudFormation
// would let a second one replace it.
func (b Bucket) Policy() awss3.BucketPolicy {
	return resource.Find(b.scope, b.id+"/Policy").(awss3.BucketPolicy)
}

// IBucket is the bucket where the CDK wants one of its own, such as for a grant. It
// extends the bucket's policy.
func (b Bucket) IBucket() awss3.IBucket {
	within := b.Construct()
	id := jsii.String("IBucket")
	if made := within.Node().TryFindChild(id); made != nil {
		return made.(awss3.IBucket)
	}
	attributes := &awss3.BucketAttributes{BucketArn: &b.ARN, BucketName: &b.Name}
	switch k := b.key.(type) {
	case key.Key:
		attributes.EncryptionKey = k.IKey()
	case awskms.IKey:
		attributes.EncryptionKey = k
	}
	made := awss3.Bucket_FromBucketAttributes(within.(constructs.Construct), id, attributes)
	made.SetPolicy(b.Policy())
	return made
}
