package access

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// In China the services' names end in .amazonaws.com.cn; a question with the
// wrong end would find every key closed, whatever its policy says.
func TestKeysOfOtherPartitionsAreAskedThroughTheirOwnServices(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cn-buckets.template.json")
	err := os.WriteFile(path, []byte(`{"Resources": {
		"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
			{"Sid": "KeyUsers", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
				"Principal": {"AWS": "arn:aws-cn:iam::111122223333:role/app"},
				"Condition": {"StringEquals": {"kms:ViaService": "s3.cn-north-1.amazonaws.com.cn"}}}]}}},
		"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b", "BucketEncryption": {"ServerSideEncryptionConfiguration": [
			{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]}}}]}}}}}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	stack, err := template.ReadTemplate(path, "111122223333", "cn-north-1")
	if err != nil {
		t.Fatal(err)
	}
	set := resource.Read([]*template.Stack{stack})
	for operation, want := range map[string]bool{
		"decrypt through S3, for an object":    true,
		"decrypt through S3 of another Region": false,
		"decrypt directly":                     false,
	} {
		if a := ask(t, set, "role/app@111122223333", operation, "key Key"); a.Allowed != want {
			t.Errorf("%s: allowed %v, want %v\n%s", operation, a.Allowed, want, a.Decision.Explain())
		}
	}
	arns := Resources(set)
	if !slices.ContainsFunc(arns, func(r Resource) bool {
		return r.ARN == "arn:aws-cn:cloudformation:cn-north-1:111122223333:stack/cn-buckets/id"
	}) {
		t.Errorf("the stack's ARN isn't of its partition: %v", arns)
	}
}
