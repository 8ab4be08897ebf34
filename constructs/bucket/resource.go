package bucket

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/internal/refusal"
	"github.com/s3seal/s3seal/constructs/internal/resource"
	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/bucketname"
)

// encryptionFault says why there is no such encryption, or "".
func (p Props) encryptionFault() string {
	t := p.Encryption.Traits()
	switch own := t.Key == encryption.CustomerManaged; {
	case !p.Encryption.Known():
		return refusal.OneOf("Encryption", p.Encryption, encryption.Patterns()...)
	case p.bucketKey() && !t.BucketKey:
		return fmt.Sprintf("S3 does not support Bucket Keys for %s; leave BucketKey off", t.Title)
	case own && p.Key == nil:
		return fmt.Sprintf("Encryption %s without a Key: make one, as package constructs/key does", p.Encryption)
	case !own && p.Key != nil:
		return fmt.Sprintf("Encryption %s with a Key, which it doesn't use: leave Key out", p.Encryption)
	}
	return ""
}

func (p Props) bucketKey() bool {
	if p.BucketKey == nil {
		return p.Encryption.Traits().BucketKey
	}
	return *p.BucketKey
}

// resource is what the bucket's props make of the resource. It is a resource of
// CloudFormation's, in plain values, rather than a class of the CDK's: that is
// one call to the CDK's kernel where the class needs eight, it knows all
// namespaces, and an inventory adds no wider statement to another bucket's
// policy.
//
// BlockedEncryptionTypes is stated: S3 blocks SSE-C on new buckets since April
// 2026, and what it does when an update leaves the value out is not documented.
// Source: AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html.
func (p Props) resource(keyARN string) *awss3.CfnBucketProps {
	t := p.Encryption.Traits()
	blocked := "SSE-C"
	if t.Key == encryption.CustomerProvided {
		blocked = "NONE"
	}
	props := &awss3.CfnBucketProps{
		BucketName: resource.Optional(p.Name),
		BucketEncryption: awss3.CfnBucket_BucketEncryptionProperty{
			ServerSideEncryptionConfiguration: []any{awss3.CfnBucket_ServerSideEncryptionRuleProperty{
				ServerSideEncryptionByDefault: awss3.CfnBucket_ServerSideEncryptionByDefaultProperty{
					SseAlgorithm:   &t.Algorithm,
					KmsMasterKeyId: resource.Optional(keyARN),
				},
				BucketKeyEnabled:       p.bucketKey(),
				BlockedEncryptionTypes: map[string]any{"encryptionType": []string{blocked}},
			}},
		},
		LifecycleConfiguration: &awss3.CfnBucket_LifecycleConfigurationProperty{Rules: p.lifecycle()},
		OwnershipControls:      map[string]any{"rules": []any{map[string]any{"objectOwnership": "BucketOwnerEnforced"}}},
		PublicAccessBlockConfiguration: awss3.CfnBucket_PublicAccessBlockConfigurationProperty{
			BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
		},
		VersioningConfiguration: map[string]any{"status": "Enabled"},
	}
	// The global namespace is left out: stating it would replace a bucket that
	// was made without.
	// Source: AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html.
	if p.Namespace == bucketname.AccountRegional {
		props.BucketNamespace = &p.Namespace
	}
	p.Logs.apply(props, p.Name)
	return props
}

func (p Props) lifecycle() []any {
	rules := []any{awss3.CfnBucket_RuleProperty{
		Id:                             jsii.String("DiscardIncompleteUploads"),
		Status:                         jsii.String("Enabled"),
		AbortIncompleteMultipartUpload: map[string]any{"daysAfterInitiation": p.IncompleteUploadDays},
	}}
	if p.NoncurrentVersionDays > 0 {
		rules = append(rules, awss3.CfnBucket_RuleProperty{
			Id:                          jsii.String("ExpireNoncurrentVersions"),
			Status:                      jsii.String("Enabled"),
			NoncurrentVersionExpiration: map[string]any{"noncurrentDays": p.NoncurrentVersionDays},
		})
	}
	return rules
}
