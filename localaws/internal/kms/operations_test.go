package kms_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/s3seal/s3seal/localaws/internal/api/apitest"
)

// TestEveryOperationAsks: who has no permission is refused by every operation,
// and the refusal names the action.
func TestEveryOperationAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.newKey(t, awskms.CreateKeyInput{Policy: policyOf(statement(`{"AWS":"`+user(home, "admin")+`"}`, "kms:*"))})
	must[*awskms.CreateAliasOutput](t)(w.admin().CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/a"), TargetKeyId: &id}))
	blob := base64.StdEncoding.EncodeToString(must[*awskms.EncryptOutput](t)(w.admin().Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: []byte("x")})).CiphertextBlob)
	onKey := `{"KeyId":"` + id + `"}`
	input := map[string]string{
		"CreateAlias":     `{"AliasName":"alias/b","TargetKeyId":"` + id + `"}`,
		"CreateKey":       `{}`,
		"Decrypt":         `{"CiphertextBlob":"` + blob + `"}`,
		"DeleteAlias":     `{"AliasName":"alias/a"}`,
		"Encrypt":         `{"KeyId":"` + id + `","Plaintext":"eA=="}`,
		"GenerateDataKey": `{"KeyId":"` + id + `","KeySpec":"AES_256"}`,
		"GenerateRandom":  `{"NumberOfBytes":8}`,
		"ListAliases":     `{}`,
		"ListKeys":        `{}`,
		"ReEncrypt":       `{"CiphertextBlob":"` + blob + `","DestinationKeyId":"` + id + `"}`,
		"UpdateAlias":     `{"AliasName":"alias/a","TargetKeyId":"` + id + `"}`,
	}
	for _, operation := range w.Operations() {
		body, ok := input[operation]
		if !ok {
			body = onKey
		}
		status, answer := apitest.JSON(w, call(home+"/nobody", region), "TrentService."+operation, body)
		if status != 400 || !strings.Contains(answer, "AccessDenied") || !strings.Contains(answer, "kms:"+operation) {
			t.Errorf("%s: %d %s", operation, status, answer)
		}
	}
}
