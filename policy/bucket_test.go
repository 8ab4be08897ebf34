package policy_test

import (
	"testing"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/policy"
)

// Whatever the pattern: who relies on the default is admitted, and nobody uploads
// under a stranger's key, or so that only the uploader could read it.
func TestUploadsOfEveryPattern(t *testing.T) {
	t.Parallel()
	const arn, account, stranger = "arn:aws:s3:::b", "111122223333", "999988887777"
	const algorithm, key, customer = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:x-amz-server-side-encryption-customer-algorithm"
	const own = "arn:aws:kms:us-east-1:111122223333:key/1"
	for _, p := range encryption.Patterns() {
		traits := p.Traits()
		b := policy.Bucket{ARN: arn, Partition: "aws", Region: "us-east-1", Account: account, Encryption: p}
		if traits.Key == encryption.CustomerManaged {
			b.KeyARN = own
		}
		document := policy.Document(b.Uploads()...)
		sent := traits.Key == encryption.CustomerProvided
		for name, c := range map[string]struct {
			of      string
			context map[string]iam.Strings
			want    bool
		}{
			"no header":          {account, nil, !sent},
			"a customer's key":   {account, map[string]iam.Strings{customer: {"AES256"}}, sent},
			"a stranger's key":   {account, map[string]iam.Strings{algorithm: {"aws:kms"}, key: {"arn:aws:kms:us-east-1:" + stranger + ":key/1"}}, false},
			"a stranger, aws/s3": {stranger, map[string]iam.Strings{algorithm: {"aws:kms"}}, false},
		} {
			may := iam.Source{Document: policy.Document(iam.Statement{Effect: iam.Allow, Action: iam.Strings{"s3:PutObject"}, Resource: iam.Strings{"*"}})}
			all := append([]iam.Statement{{Effect: iam.Allow, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:PutObject"}, Resource: iam.Strings{arn + "/*"}}}, document.Statement...)
			if c.context == nil {
				c.context = map[string]iam.Strings{}
			}
			c.context["aws:PrincipalIsAWSService"] = iam.Strings{"false"}
			d := iam.Evaluate(iam.Request{
				Caller: iam.RoleSession("arn:aws:iam::"+c.of+":role/r", "s"), Action: "s3:PutObject", Resource: arn + "/a", ResourceAccount: account, Context: c.context,
			}, iam.Policies{Identity: []iam.Source{may}, Resource: &iam.Source{Document: policy.Document(all...)}})
			if d.Allowed != c.want {
				t.Errorf("%s, %s: %s", p, name, d.Explain())
			}
		}
	}
}
