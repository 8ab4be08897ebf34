package conformance

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/internal/ssec"
	"github.com/s3seal/s3seal/policy"
)

// TestARotationOfASecretUnderACustomerManagedKey: with secretArn and
// secretKeyArn, and without each right to the key.
func TestARotationOfASecretUnderACustomerManagedKey(t *testing.T) {
	t.Parallel()
	for _, lacking := range []string{"", "kms:Decrypt", "kms:GenerateDataKey"} {
		s := start(t)
		uploadFunctions(t, s)
		cfg := config(t, s, s.Credentials(source))
		key, err := kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{})
		if err != nil {
			t.Fatal(err)
		}
		secrets := secretsmanager.NewFromConfig(cfg)
		raw := strings.Repeat("k", ssec.KeySize)
		secret, err := secrets.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("given"), SecretString: &raw, KmsKeyId: key.KeyMetadata.Arn})
		if err != nil {
			t.Fatal(err)
		}
		statements := policy.Rotation{SecretARN: *secret.ARN, SecretKeyARN: *key.KeyMetadata.Arn, SecretViaService: "secretsmanager." + region + ".amazonaws.com"}.Rotate()
		uses := policy.Document(statements[len(statements)-1]).Map()["Statement"].([]any)[0]
		createStack(t, s, source, "turn-buckets", rotatedStack(t, func(template map[string]any) {
			resources := template["Resources"].(map[string]any)
			delete(resources, "SseCRotationScheduleF5DBACD9")
			role := resources["SseCRotationRotateRoleE8031A9E"]
			document := role.(map[string]any)["Properties"].(map[string]any)["Policies"].([]any)[0].(map[string]any)["PolicyDocument"].(map[string]any)
			document["Statement"] = append(document["Statement"].([]any), uses)
			if lacking != "" {
				without(t, role, lacking)
			}
		}, `{"Ref":"SseCKeyRing4B6FE374"}`, `"`+*secret.ARN+`"`))
		_, err = secrets.RotateSecret(t.Context(), &secretsmanager.RotateSecretInput{
			SecretId:          secret.ARN,
			RotationLambdaARN: aws.String("arn:aws:lambda:" + region + ":" + source + ":function:" + output(t, s, source, "turn-buckets", "SseCRotate")),
		})
		r := ringStage{t, s, secrets, *secret.ARN}
		switch ring := r.ring(); {
		case lacking == "" && (err != nil || ring.Len() != 2 || ring.IDs()[1] != ssec.LegacyID):
			t.Errorf("keys %v: %v", ring.IDs(), err)
		case lacking != "" && (err == nil || !strings.Contains(err.Error(), "SecretAccessDenied") || ring.Len() != 1):
			t.Errorf("without %s: keys %v: %v", lacking, ring.IDs(), err)
		}
	}
}

// TestARotationNeedsEachOfItsRights: without one of them a rotation fails, or
// leaves its upload behind.
func TestARotationNeedsEachOfItsRights(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("deploys seven stacks")
	}
	for _, action := range []string{
		"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
		"s3:PutObject", "s3:AbortMultipartUpload",
	} {
		t.Run(action, func(t *testing.T) {
			s := start(t)
			uploadFunctions(t, s)
			// Without the schedule: the deployment would fail already.
			createStack(t, s, source, "turn-buckets", rotatedStack(t, func(template map[string]any) {
				resources := template["Resources"].(map[string]any)
				delete(resources, "SseCRotationScheduleF5DBACD9")
				without(t, resources["SseCRotationRotateRoleE8031A9E"], action)
			}))
			secrets := secretsmanager.NewFromConfig(config(t, s, s.Credentials(source)))
			name := output(t, s, source, "turn-buckets", "SseCRotate")
			_, err := secrets.RotateSecret(t.Context(), &secretsmanager.RotateSecretInput{
				SecretId:          aws.String(output(t, s, source, "turn-buckets", "SseCKeyRingArn")),
				RotationLambdaARN: aws.String("arn:aws:lambda:" + region + ":" + source + ":function:" + name),
			})
			bucket := output(t, s, source, "turn-buckets", "SseCBucket")
			begun, listErr := s3Client(t, s, source).ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &bucket})
			if listErr != nil {
				t.Fatal(listErr)
			}
			if left := len(begun.Uploads) > 0; left != (action == "s3:AbortMultipartUpload") || (err == nil) != left {
				t.Errorf("uploads left: %t; the rotation: %v", left, err)
			} else if err != nil && !strings.Contains(err.Error(), "AccessDenied") {
				t.Errorf("the rotation: %v", err)
			}
		})
	}
}

// without takes an action out of a role's policy.
func without(t *testing.T, role any, action string) {
	t.Helper()
	found := false
	policies := role.(map[string]any)["Properties"].(map[string]any)["Policies"].([]any)
	for _, s := range policies[0].(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
		s := s.(map[string]any)
		var left []any
		for _, a := range s["Action"].([]any) {
			if a == action {
				found = true
			} else {
				left = append(left, a)
			}
		}
		s["Action"] = left
	}
	if !found {
		t.Fatalf("the role has no %s", action)
	}
}
