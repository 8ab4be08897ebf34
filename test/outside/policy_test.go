package outside

import (
	"testing"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Nobody puts an object under a stranger's key, and who names none may.
func TestStrangersKeysAreRefused(t *testing.T) {
	const arn, own = "arn:aws:s3:::acme-records", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	bucket := policy.Bucket{ARN: arn, Partition: "aws", Region: region, Account: account, Encryption: encryption.SSEKMSCMK, KeyARN: own}
	document := policy.Document(bucket.Uploads()...)
	may := policy.Document(iam.Statement{Effect: iam.Allow, Action: iam.Strings{"s3:PutObject"}, Resource: iam.Strings{arn + "/*"}})
	for key, want := range map[string]bool{"": true, own: true, "arn:aws:kms:us-east-1:999988887777:key/1": false} {
		context := map[string]iam.Strings{}
		if key != "" {
			context["s3:x-amz-server-side-encryption"] = iam.Strings{"aws:kms"}
			context["s3:x-amz-server-side-encryption-aws-kms-key-id"] = iam.Strings{key}
		}
		d := iam.Evaluate(iam.Request{
			Caller: iam.RoleSession("arn:aws:iam::111122223333:role/writer", "s"), Action: "s3:PutObject",
			Resource: arn + "/a", ResourceAccount: account, Context: context,
		}, iam.Policies{Identity: []iam.Source{{Name: "writer", Document: may}}, Resource: &iam.Source{Name: "bucket policy", Document: document}})
		if d.Allowed != want {
			t.Errorf("key %q: %s", key, d.Explain())
		}
	}
}
