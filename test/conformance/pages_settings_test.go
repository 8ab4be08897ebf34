package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestPageSettings: the overview says what a stage with every default sets on
// its buckets and keys.
func TestPageSettings(t *testing.T) {
	t.Parallel()
	type properties struct {
		BucketEncryption struct {
			ServerSideEncryptionConfiguration []struct {
				BlockedEncryptionTypes        struct{ EncryptionType []string }
				BucketKeyEnabled              bool
				ServerSideEncryptionByDefault struct {
					KMSMasterKeyID json.RawMessage
					SSEAlgorithm   string
				}
			}
		}
		EnableKeyRotation    bool
		RotationPeriodInDays int
	}
	var template struct {
		Resources map[string]struct {
			Type       string
			Properties properties
		}
	}
	if err := json.Unmarshal([]byte(read(t, accountsAssembly+"/"+"dev-buckets.template.json")), &template); err != nil {
		t.Fatal(err)
	}
	// one is the only resource of a type whose logical id begins so, and goes on
	// with the eight digits that the CDK adds.
	one := func(typ, prefix string) *properties {
		var found *properties
		for id, r := range template.Resources {
			if r.Type == typ && strings.HasPrefix(id, prefix) && len(id) == len(prefix)+8 {
				found = &r.Properties
			}
		}
		return found
	}
	var rows [][]string
	for _, p := range []struct{ name, id string }{
		{"sse-s3", "SseS3"}, {"sse-kms-aws-managed", "SseKmsAwsManaged"}, {"sse-kms-cmk", "SseKmsCmk"}, {"dsse-kms", "DsseKms"}, {"sse-c", "SseC"},
	} {
		bucket := one("AWS::S3::Bucket", p.id)
		if bucket == nil || len(bucket.BucketEncryption.ServerSideEncryptionConfiguration) != 1 {
			t.Fatalf("no bucket %s with one rule", p.id)
		}
		rule := bucket.BucketEncryption.ServerSideEncryptionConfiguration[0]
		algorithm := rule.ServerSideEncryptionByDefault.SSEAlgorithm
		key, rotates := "none", "S3 decides"
		switch own := one("AWS::KMS::Key", p.id+"Key"); {
		case own != nil:
			key, rotates = "its own", "never"
			if own.EnableKeyRotation {
				rotates = fmt.Sprintf("every %d days", own.RotationPeriodInDays)
			}
			if !strings.Contains(string(rule.ServerSideEncryptionByDefault.KMSMasterKeyID), `"`+p.id+`Key`) {
				t.Errorf("the default of %s is under %s", p.id, rule.ServerSideEncryptionByDefault.KMSMasterKeyID)
			}
		case strings.HasPrefix(algorithm, "aws:kms"):
			key, rotates = "`aws/s3`", "every year, by KMS"
		}
		if p.id == "SseC" {
			rotates = "you decide"
		}
		customer := map[string]string{"NONE": "accepted", "SSE-C": "blocked"}[strings.Join(rule.BlockedEncryptionTypes.EncryptionType, "")]
		bucketKey := map[bool]string{true: "on", false: "off"}[rule.BucketKeyEnabled]
		rows = append(rows, []string{fmt.Sprintf("[`%s`](%s.md)", p.name, p.name), "`" + algorithm + "`", key, bucketKey, customer, rotates})
	}
	isMade(t, "encryption.md", "settings", markdown([]string{"pattern", "the bucket's default", "KMS key", "Bucket Key", "SSE-C", "the key rotates"}, rows))
}
