package access

import (
	"fmt"
	"strings"
	"testing"
)

// A key of two buckets is used for each in an encryption context of its own: that
// somebody may for the one must not read as if it were for the other.
func TestBucketsUnderOneKeyAreToldApart(t *testing.T) {
	t.Parallel()
	page := func(bucket string) string {
		const encrypted = `"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}}]}`
		set := readResources(t, fmt.Sprintf(`
			"Left": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "left", %[1]s}},
			"Right": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "right", %[1]s}},
			"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": {"Sid": "Reader", "Effect": "Allow", "Principal": {"AWS": "111122223333"},
				"Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::%[2]s"}}}}}}`, encrypted, bucket))
		_, section, _ := strings.Cut(Markdown("one key", nil, set), "## key Key")
		return section
	}
	for bucket, line := range map[string]string{
		"left":  "| decrypt through S3, with the Bucket Key (Left) |",
		"right": "| decrypt through S3, with the Bucket Key (Right) |",
	} {
		if text := page(bucket); !strings.Contains(text, line) {
			t.Errorf("admitted for %s, and the page doesn't say %q, but\n%s", bucket, line, text)
		}
	}
}
