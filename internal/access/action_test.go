package access

import (
	"slices"
	"testing"
)

func TestMisspeltActionsAreTold(t *testing.T) {
	t.Parallel()
	known := Actions(readStage(t, readAssembly(t, examples), "full"))
	for action, want := range map[string]string{
		"s3:GetObjekt":                    "s3:GetObject",
		"s3:GteObject":                    "s3:GetObject",
		"kms:Decript":                     "kms:Decrypt",
		"secretmanager:GetSecretValue":    "secretsmanager:GetSecretValue",
		"s3:getobject":                    "", // in any case
		"s3:PutObjectAcl":                 "",
		"s3:GetBucketVersioning":          "", // not s3:PutBucketVersioning
		"s3:GetBucketPolicy":              "",
		"kms:GenerateDataKeyPair":         "",
		"sqs:SendMessage":                 "",
		"secretsmanager:ListSecrets":      "",
		"s3:DeleteReplicationThatIsNoOne": "",
		"":                                "",
	} {
		if got := Meant(action, known); got != want {
			t.Errorf("%q is taken for %q, want %q", action, got, want)
		}
	}
	// What only a policy names is known too.
	if !slices.Contains(known, "s3:GetObjectVersionForReplication") || !slices.Contains(known, "kms:DescribeKey") {
		t.Errorf("known are %v", known)
	}
}
