package kms_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

const day = 24 * time.Hour

func TestKeyStates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.admin()
	disabled, _ := w.newKey(t, awskms.CreateKeyInput{})
	pending, _ := w.newKey(t, awskms.CreateKeyInput{})
	enabled, _ := w.newKey(t, awskms.CreateKeyInput{})
	must[*awskms.DisableKeyOutput](t)(k.DisableKey(ctx, &awskms.DisableKeyInput{KeyId: &disabled}))
	must[*awskms.ScheduleKeyDeletionOutput](t)(k.ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: &pending}))

	operations := map[string]func(id *string) error{
		"Encrypt": func(id *string) error {
			_, err := k.Encrypt(ctx, &awskms.EncryptInput{KeyId: id, Plaintext: []byte("x")})
			return err
		},
		"GenerateDataKey": func(id *string) error {
			_, err := k.GenerateDataKey(ctx, &awskms.GenerateDataKeyInput{KeyId: id, KeySpec: "AES_256"})
			return err
		},
		"EnableKeyRotation": func(id *string) error {
			_, err := k.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: id})
			return err
		},
		"DisableKeyRotation": func(id *string) error {
			_, err := k.DisableKeyRotation(ctx, &awskms.DisableKeyRotationInput{KeyId: id})
			return err
		},
		"RotateKeyOnDemand": func(id *string) error {
			_, err := k.RotateKeyOnDemand(ctx, &awskms.RotateKeyOnDemandInput{KeyId: id})
			return err
		},
		"CreateAlias": func(id *string) error {
			_, err := k.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/" + *id), TargetKeyId: id})
			return err
		},
		"TagResource": func(id *string) error {
			_, err := k.TagResource(ctx, &awskms.TagResourceInput{KeyId: id, Tags: []types.Tag{{TagKey: aws.String("a"), TagValue: aws.String("b")}}})
			return err
		},
		"GetKeyPolicy": func(id *string) error {
			_, err := k.GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: id})
			return err
		},
		"DescribeKey": func(id *string) error { _, err := k.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: id}); return err },
		"CancelKeyDeletion": func(id *string) error {
			_, err := k.CancelKeyDeletion(ctx, &awskms.CancelKeyDeletionInput{KeyId: id})
			return err
		},
		"UpdateDescription": func(id *string) error {
			_, err := k.UpdateKeyDescription(ctx, &awskms.UpdateKeyDescriptionInput{KeyId: id, Description: aws.String("d")})
			return err
		},
		"ScheduleKeyDeletion": func(id *string) error {
			_, err := k.ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: id})
			return err
		},
	}
	const off, going = "DisabledException|is disabled.", "KMSInvalidStateException|is pending deletion."
	const staying = "KMSInvalidStateException|is not pending deletion."
	for _, tc := range []struct{ operation, enabled, disabled, pending string }{
		{"Encrypt", "", off, going},
		{"GenerateDataKey", "", off, going},
		{"EnableKeyRotation", "", off, going},
		{"DisableKeyRotation", "", off, going},
		{"RotateKeyOnDemand", "", off, going},
		{"CreateAlias", "", "", going},
		{"TagResource", "", "", going},
		{"UpdateDescription", "", "", going},
		{"GetKeyPolicy", "", "", ""},
		{"DescribeKey", "", "", ""},
		{"ScheduleKeyDeletion", "skip", "skip", going},
		{"CancelKeyDeletion", staying, staying, "skip"},
	} {
		for state, want := range map[*string]string{&enabled: tc.enabled, &disabled: tc.disabled, &pending: tc.pending} {
			if want == "skip" {
				continue
			}
			err := operations[tc.operation](state)
			if want == "" {
				if err != nil {
					t.Errorf("%s: %v", tc.operation, err)
				}
				continue
			}
			code, message, _ := strings.Cut(want, "|")
			wantError(t, err, code, message)
		}
	}
}

func TestDeletionOfAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.admin()
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	must[*awskms.CreateAliasOutput](t)(k.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/a"), TargetKeyId: &id}))
	for _, days := range []int32{6, 31} {
		_, err := k.ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: &id, PendingWindowInDays: &days})
		wantError(t, err, "ValidationException", "pendingWindowInDays")
	}
	out := must[*awskms.ScheduleKeyDeletionOutput](t)(k.ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: &id, PendingWindowInDays: aws.Int32(7)}))
	if want := w.Now().Add(7 * day); !out.DeletionDate.Equal(want) {
		t.Errorf("DeletionDate = %v, want %v", out.DeletionDate, want)
	}
	w.Advance(6 * day)
	must[*awskms.CancelKeyDeletionOutput](t)(k.CancelKeyDeletion(ctx, &awskms.CancelKeyDeletionInput{KeyId: &id}))
	if m := must[*awskms.DescribeKeyOutput](t)(k.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &id})).KeyMetadata; m.KeyState != types.KeyStateDisabled || m.DeletionDate != nil {
		t.Errorf("after the cancellation: %s, %v; want Disabled and no date", m.KeyState, m.DeletionDate)
	}
	must[*awskms.ScheduleKeyDeletionOutput](t)(k.ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: &id, PendingWindowInDays: aws.Int32(7)}))
	w.Advance(7 * day)
	_, err := k.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &id})
	wantError(t, err, "NotFoundException", "does not exist")
	_, err = k.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: aws.String("alias/a")})
	wantError(t, err, "NotFoundException", "is not found")
	if list := must[*awskms.ListAliasesOutput](t)(k.ListAliases(ctx, &awskms.ListAliasesInput{})); len(list.Aliases) != 0 {
		t.Errorf("aliases of the deleted key: %+v", list.Aliases)
	}
}

func TestRotationKeepsOldCiphertextsReadable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.admin()
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	var blobs [][]byte
	add := func() {
		blobs = append(blobs, must[*awskms.EncryptOutput](t)(k.Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: []byte("x")})).CiphertextBlob)
	}
	add()
	must[*awskms.RotateKeyOnDemandOutput](t)(k.RotateKeyOnDemand(ctx, &awskms.RotateKeyOnDemandInput{KeyId: &id}))
	add()
	_, err := k.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: &id, RotationPeriodInDays: aws.Int32(89)})
	wantError(t, err, "ValidationException", "rotationPeriodInDays")
	must[*awskms.EnableKeyRotationOutput](t)(k.EnableKeyRotation(ctx, &awskms.EnableKeyRotationInput{KeyId: &id, RotationPeriodInDays: aws.Int32(90)}))
	w.Advance(89 * day)
	add()
	w.Advance(1 * day)
	add()
	// The version of the key material stands in bytes 17 to 20 of the blob.
	for i, want := range []byte{0, 1, 1, 2} {
		if got := blobs[i][20]; got != want {
			t.Errorf("ciphertext %d is under version %d of the key material, want %d", i, got, want)
		}
		if d := must[*awskms.DecryptOutput](t)(k.Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: blobs[i]})); string(d.Plaintext) != "x" {
			t.Errorf("ciphertext %d decrypts to %q", i, d.Plaintext)
		}
	}
	status := must[*awskms.GetKeyRotationStatusOutput](t)(k.GetKeyRotationStatus(ctx, &awskms.GetKeyRotationStatusInput{KeyId: &id}))
	if !status.KeyRotationEnabled || *status.RotationPeriodInDays != 90 || !status.NextRotationDate.Equal(w.Now().Add(90*day)) {
		t.Errorf("status = %+v", status)
	}
	must[*awskms.DisableKeyRotationOutput](t)(k.DisableKeyRotation(ctx, &awskms.DisableKeyRotationInput{KeyId: &id}))
	w.Advance(400 * day)
	add()
	if got := blobs[4][20]; got != 2 {
		t.Errorf("rotated to version %d although rotation is off", got)
	}
	for range 24 {
		must[*awskms.RotateKeyOnDemandOutput](t)(k.RotateKeyOnDemand(ctx, &awskms.RotateKeyOnDemandInput{KeyId: &id}))
	}
	_, err = k.RotateKeyOnDemand(ctx, &awskms.RotateKeyOnDemandInput{KeyId: &id})
	wantError(t, err, "LimitExceededException", "")
}

func TestAliases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.admin()
	one, oneARN := w.newKey(t, awskms.CreateKeyInput{})
	two, twoARN := w.newKey(t, awskms.CreateKeyInput{})
	name := aws.String("alias/app/key")
	must[*awskms.CreateAliasOutput](t)(k.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: name, TargetKeyId: &one}))
	target := func(id string) string {
		return *must[*awskms.DescribeKeyOutput](t)(k.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &id})).KeyMetadata.Arn
	}
	if got := target(*name); got != oneARN {
		t.Errorf("alias points at %s", got)
	}
	if got := target("arn:aws:kms:" + region + ":" + home + ":" + *name); got != oneARN {
		t.Errorf("alias ARN points at %s", got)
	}
	_, err := k.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: name, TargetKeyId: &two})
	wantError(t, err, "AlreadyExistsException", "An alias with the name arn:aws:kms:"+region+":"+home+":alias/app/key already exists")
	_, err = k.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("alias/aws/mine"), TargetKeyId: &two})
	wantError(t, err, "NotAuthorizedException", "alias/aws/")
	_, err = k.CreateAlias(ctx, &awskms.CreateAliasInput{AliasName: aws.String("mine"), TargetKeyId: &two})
	wantError(t, err, "ValidationException", "aliasName")
	_, err = k.DisableKey(ctx, &awskms.DisableKeyInput{KeyId: name})
	wantError(t, err, "NotFoundException", "Invalid keyId")
	must[*awskms.UpdateAliasOutput](t)(k.UpdateAlias(ctx, &awskms.UpdateAliasInput{AliasName: name, TargetKeyId: &two}))
	if got := target(*name); got != twoARN {
		t.Errorf("updated alias points at %s", got)
	}
	list := must[*awskms.ListAliasesOutput](t)(k.ListAliases(ctx, &awskms.ListAliasesInput{KeyId: &two}))
	if len(list.Aliases) != 1 || *list.Aliases[0].TargetKeyId != two {
		t.Errorf("ListAliases = %+v", list.Aliases)
	}
	must[*awskms.DeleteAliasOutput](t)(k.DeleteAlias(ctx, &awskms.DeleteAliasInput{AliasName: name}))
	_, err = k.DeleteAlias(ctx, &awskms.DeleteAliasInput{AliasName: name})
	wantError(t, err, "NotFoundException", "is not found")
	keys := must[*awskms.ListKeysOutput](t)(k.ListKeys(ctx, &awskms.ListKeysInput{Limit: aws.Int32(1)}))
	rest := must[*awskms.ListKeysOutput](t)(k.ListKeys(ctx, &awskms.ListKeysInput{Marker: keys.NextMarker}))
	if !keys.Truncated || rest.Truncated || len(keys.Keys)+len(rest.Keys) != 2 {
		t.Errorf("ListKeys in pages: %d and %d", len(keys.Keys), len(rest.Keys))
	}
}

func TestWhatIsNotKeptHereIsRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.admin()
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	_, err := k.CreateGrant(ctx, &awskms.CreateGrantInput{KeyId: &id, GranteePrincipal: aws.String("x"), Operations: []types.GrantOperation{"Decrypt"}})
	wantError(t, err, "UnknownOperationException", "kms:CreateGrant")
	_, err = k.Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: []byte("x"), GrantTokens: []string{"t"}})
	wantError(t, err, "ValidationException", "GrantTokens")
	for _, in := range []awskms.CreateKeyInput{
		{KeySpec: types.KeySpecRsa2048, KeyUsage: types.KeyUsageTypeSignVerify}, {KeyUsage: types.KeyUsageTypeSignVerify},
		{Origin: types.OriginTypeExternal}, {MultiRegion: aws.Bool(true)},
	} {
		_, err = k.CreateKey(ctx, &in)
		wantError(t, err, "ValidationException", "the local AWS makes")
	}
}
