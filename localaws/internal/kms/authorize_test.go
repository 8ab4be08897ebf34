package kms_test

import (
	"testing"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/s3seal/s3seal/iam"
)

// TestAuthorizeDecidesLikeTheOperation, and carries nothing out.
func TestAuthorizeDecidesLikeTheOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy := policyOf(statement(`{"AWS":"arn:aws:iam::`+home+`:root"}`, "kms:*"),
		`{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"kms:ReEncryptTo","Resource":"*","Condition":{"StringNotEquals":{"kms:EncryptionContext:a":"1"}}}`,
		`{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"kms:ReEncryptTo","Resource":"*","Condition":{"Bool":{"kms:ReEncryptOnSameKey":"true"}}}`)
	id, arn := w.newKey(t, awskms.CreateKeyInput{Policy: policy})
	c := call(home+"/admin", region)
	context := map[string]string{"a": "1"}
	if err := w.Service.Authorize(c, "kms:ReEncryptTo", arn, context, nil); err != nil {
		t.Error(err)
	}
	err := w.Service.Authorize(c, "kms:ReEncryptTo", id, nil, nil)
	wantError(t, err, "AccessDeniedException", "")
	err = w.Service.Authorize(c, "kms:ReEncryptTo", id, context, map[string]iam.Strings{"kms:ReEncryptOnSameKey": {"true"}})
	wantError(t, err, "AccessDeniedException", "")
	err = w.Service.Authorize(call(home+"/nobody", region), "kms:ReEncryptTo", id, context, nil)
	wantError(t, err, "AccessDeniedException", "")
	err = w.Service.Authorize(c, "kms:ReEncryptTo", "12345678-1234-1234-1234-123456789012", context, nil)
	wantError(t, err, "NotFoundException", "")
	must[*awskms.DisableKeyOutput](t)(w.admin().DisableKey(ctx, &awskms.DisableKeyInput{KeyId: &id}))
	err = w.Service.Authorize(c, "kms:ReEncryptTo", id, context, nil)
	wantError(t, err, "DisabledException", "")
}
