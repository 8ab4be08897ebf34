package resource

import (
	"testing"

	"github.com/s3seal/s3seal/iam"
)

// Source: IAM user guide, reference_policies_condition-keys (aws:RequestedRegion,
// aws:ViaAWSService: always included).
func TestCalled(t *testing.T) {
	t.Parallel()
	set := readIn(t, "eu-west-1", `{"Resources": {`+a("Bucket", "AWS::S3::Bucket", `"BucketName": "called"`)+", "+
		a("Role", "AWS::IAM::Role", `"RoleName": "called", "AssumeRolePolicyDocument": `+`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`)+"}}")
	const bucket, key, role = "arn:aws:s3:::called", "arn:aws:kms:eu-south-1:111122223333:key/k", "arn:aws:iam::111122223333:role/called"
	for name, tc := range map[string]struct {
		action, resource string
		context          map[string]iam.Strings
		region, via      string
	}{
		"a bucket":         {"s3:ListBucket", bucket, nil, "eu-west-1", "false"},
		"an object":        {"s3:GetObject", bucket + "/k", nil, "eu-west-1", "false"},
		"a key":            {"kms:Decrypt", key, nil, "eu-south-1", "false"},
		"a key through S3": {"kms:Decrypt", key, map[string]iam.Strings{"kms:ViaService": {"s3.eu-south-1.amazonaws.com"}}, "eu-south-1", "true"},
		"IAM":              {"iam:DeleteRole", role, nil, "us-east-1", "false"},
		"STS":              {"sts:AssumeRole", role, nil, "eu-west-1", "false"},
		"given":            {"s3:GetObject", bucket + "/k", map[string]iam.Strings{"AWS:requestedRegion": {"us-east-2"}, "aws:viaawsservice": {"true"}}, "us-east-2", "true"},
	} {
		for _, c := range []struct{ key, want string }{{"aws:RequestedRegion", tc.region}, {"aws:ViaAWSService", tc.via}} {
			d := set.Decide(Request{
				Caller: iam.User("arn:aws:iam::111122223333:user/u"), Action: tc.action, Resource: tc.resource, Context: tc.context,
				Identity: []iam.Source{{Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{
					{Effect: iam.Deny, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}, Condition: iam.Condition{"StringEquals": {c.key: {c.want}}}},
				}}}},
			})
			if d.Explicit != (c.want != "") {
				t.Errorf("%s: denied if %s is %q: %t\n%s", name, c.key, c.want, d.Explicit, d.Explain())
			}
		}
	}
}
