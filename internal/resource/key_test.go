package resource

import (
	"testing"

	"github.com/s3seal/s3seal/iam"
)

// readTemplate is what one stack of the account deploys in China.
func readTemplate(t *testing.T, text string) *Set {
	t.Helper()
	return readIn(t, "cn-north-1", text)
}

// KMS lets the account's IAM policies decide about a key that came without a
// policy, and lets no other account in.
func TestKeyWithoutAPolicyHasTheDefaultOfKMS(t *testing.T) {
	t.Parallel()
	set := readTemplate(t, `{"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {}}}}`)
	if len(set.Keys) != 1 || len(set.Unread) > 0 {
		t.Fatalf("%d keys, want 1; unread: %v", len(set.Keys), set.Unread)
	}
	everything := []iam.Source{{Name: "own", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"},
	}}}}}
	for _, tc := range []struct {
		name     string
		caller   iam.Caller
		identity []iam.Source
		want     bool
	}{
		{"a role that IAM admits", iam.RoleSession("arn:aws-cn:iam::111122223333:role/r", "s"), everything, true},
		{"a role that IAM does not admit", iam.RoleSession("arn:aws-cn:iam::111122223333:role/r", "s"), []iam.Source{}, false},
		{"the root user", iam.AccountRoot("arn:aws-cn:iam::111122223333:root"), nil, true},
		{"a role of another account", iam.RoleSession("arn:aws-cn:iam::999999999999:role/r", "s"), everything, false},
	} {
		d := set.Decide(Request{Caller: tc.caller, Identity: tc.identity, Action: "kms:Decrypt", Resource: set.Keys[0].ARN})
		if d.Allowed != tc.want {
			t.Errorf("%s: %s", tc.name, d.Explain())
		}
	}
}

// A policy that can't be known must not pass for none.
func TestKeyWithAnUnknownPolicyIsUnknown(t *testing.T) {
	t.Parallel()
	set := readTemplate(t, `{"Parameters": {"P": {"Type": "String"}},
		"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Ref": "P"}}}}}`)
	if len(set.Keys) != 1 || len(set.Unread) != 1 {
		t.Fatalf("%d keys; unread: %v", len(set.Keys), set.Unread)
	}
	d := set.Decide(Request{Caller: iam.AccountRoot("arn:aws-cn:iam::111122223333:root"), Action: "kms:Decrypt", Resource: set.Keys[0].ARN})
	if d.Allowed || d.Explicit || len(d.Unread) != 1 {
		t.Errorf("decided without the policy, unread %v: %s", d.Unread, d.Explain())
	}
}
