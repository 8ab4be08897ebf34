package question

import (
	"strings"

	"github.com/s3seal/s3seal/iam/conditionkey"
	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/resource"
)

// SomeKeyID is the id of a key that no stack makes.
const SomeKeyID = "99999999-9999-9999-9999-999999999999"

// SomeKey is the ARN of a key that no stack makes, in an account and Region.
func SomeKey(region, account string) string {
	return strings.Join([]string{"arn", partition.Of(region).Name, "kms", region, account, "key/" + SomeKeyID}, ":")
}

// ViaService is a KMS request that a service makes in a Region. Its name ends as
// the DNS names of the Region's partition do.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func ViaService(service, region string) Context {
	return Context{conditionkey.ViaService: {service + "." + region + "." + partition.Of(region).DNSSuffix}}
}

// ThroughS3 is a KMS request that S3 makes for an object of a bucket, given by
// "/" and its key: with an S3 Bucket Key it is about the bucket.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
func ThroughS3(b *resource.Bucket, bucketKey bool, object string) Context {
	about := b.ARN + object
	if bucketKey {
		about = b.ARN
	}
	return With(ViaService("s3", b.Region), Context{conditionkey.S3Context: {about}})
}
