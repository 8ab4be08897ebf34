package conformance

import (
	"fmt"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// unusableKey is what S3 answered in the article when the reader's account may
// not use the object's key.
const unusableKey = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access."

const sourceKey = `{"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, "Action": "kms:*", "Resource": "*"}]}}}},
  "Outputs": {"Key": {"Value": {"Fn::GetAtt": ["Key", "Arn"]}}}}`

// TestSeed004 replicates an encrypted object to the other account with the
// article's templates: readable under a key of the destination, and not under
// one of the source, though replication says COMPLETED both times.
func TestSeed004(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		sourceKey   bool
		status      int
		code, error string
	}{
		{"the destination's key", false, 200, "", ""},
		{"the source's key, the article's trap", true, 403, "AccessDenied", unusableKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			createStack(t, s, replica, "destination", read(t, "testdata/stacks/seed004-destination.json"), "Parameters.member.1.ParameterKey=SourceAccountId", "Parameters.member.1.ParameterValue="+source)
			createStack(t, s, source, "key", sourceKey)
			key := output(t, s, replica, "destination", "Key")
			if test.sourceKey {
				key = output(t, s, source, "key", "Key")
			}
			createStack(t, s, source, "source", read(t, "testdata/stacks/seed004-source.json"),
				"Parameters.member.1.ParameterKey=DestinationAccountId", "Parameters.member.1.ParameterValue="+replica,
				"Parameters.member.2.ParameterKey=DestinationKmsKeyArn", "Parameters.member.2.ParameterValue="+key)
			here, there := newEndpoint(t, s, "s3", source), newEndpoint(t, s, "s3", replica)
			if a := here.send(t, "PUT", "/test-dev-source/k", nil, "replicate me"); a.status != 200 {
				t.Fatal(a.body)
			}
			if err := s.WaitReplication(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := here.send(t, "HEAD", "/test-dev-source/k", nil, "").header.Get("X-Amz-Replication-Status"); got != "COMPLETED" {
				t.Errorf("status of the source object is %s", got)
			}
			a := there.send(t, "GET", "/test-dev-destination/k", nil, "")
			if a.status != test.status || a.code != test.code || a.message != test.error {
				t.Errorf("%d %s %q, want %d %s %q", a.status, a.code, a.message, test.status, test.code, test.error)
			}
			head := there.send(t, "HEAD", "/test-dev-destination/k", nil, "")
			if got := head.header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"); test.status == 200 && got != key {
				t.Errorf("the replica is under %s, want %s", got, key)
			}
			if test.status == 200 && (a.body != "replicate me" || a.header.Get("X-Amz-Replication-Status") != "REPLICA") {
				t.Errorf("the replica is %q, %v", a.body, a.header)
			}
		})
	}
}

// output is an output of a stack.
func output(t testing.TB, s *localaws.Server, account, stack, name string) string {
	t.Helper()
	return outputIn(t, s, account, region, stack, name)
}

func outputIn(t testing.TB, s *localaws.Server, account, region, stack, name string) string {
	t.Helper()
	e := newEndpoint(t, s, "cloudformation", account)
	e.region = region
	body := query(t, e, "2010-05-15", "DescribeStacks", "StackName="+stack).body
	var value string
	for _, member := range splitMembers(body) {
		if element(member, "OutputKey") == name {
			value = element(member, "OutputValue")
		}
	}
	if value == "" {
		t.Fatal(fmt.Errorf("stack %s has no output %s:\n%s", stack, name, body))
	}
	return value
}
