package policy

import (
	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/iam/conditionkey"
)

// Rotation is the SSE-C key ring that a rotation function rotates, as far as its
// role's policy needs to know it.
type Rotation struct {
	SecretARN string // its whole ARN

	SecretKeyARN     string // its customer managed key; "" for aws/secretsmanager
	SecretViaService string // "secretsmanager.<region>.amazonaws.com"

	BucketARN string // of the objects
	ProbeKey  string // the object key of the upload that tests a new key
}

// Rotate is what the rotation function may do: with the secret what Secrets
// Manager's page lists, without GetRandomPassword, for the key is made in the
// function; and in the bucket an upload that is aborted. It may neither read nor
// delete an object.
// Sources: secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html,
// AmazonS3/latest/userguide/mpuoverview.html, "API calls and permissions".
func (r Rotation) Rotate() []iam.Statement {
	statements := []iam.Statement{
		{
			Sid:    "RotateKeyRing",
			Effect: iam.Allow,
			Action: iam.Strings{
				"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
				"secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
			},
			Resource: iam.Strings{r.SecretARN},
		},
		{
			Sid:      "TestKey",
			Effect:   iam.Allow,
			Action:   iam.Strings{"s3:AbortMultipartUpload", "s3:PutObject"},
			Resource: iam.Strings{r.BucketARN + "/" + r.ProbeKey},
		},
	}
	if r.SecretKeyARN != "" {
		statements = append(statements, iam.Statement{
			Sid:      "EncryptKeyRing",
			Effect:   iam.Allow,
			Action:   iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"},
			Resource: iam.Strings{r.SecretKeyARN},
			Condition: iam.Condition{"StringEquals": {
				conditionkey.ViaService:               {r.SecretViaService},
				conditionkey.KMSContext + "SecretARN": {r.SecretARN},
			}},
		})
	}
	return statements
}
