package kms_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/s3seal/s3seal/iam"
)

var ctx = context.Background()

func TestEncryptionContextIsAuthenticated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, arn := w.newKey(t, awskms.CreateKeyInput{})
	e := must[*awskms.EncryptOutput](t)(w.admin().Encrypt(ctx, &awskms.EncryptInput{
		KeyId: &id, Plaintext: []byte("hello"), EncryptionContext: map[string]string{"a": "1", "b": "2"},
	}))
	if *e.KeyId != arn {
		t.Errorf("KeyId = %s, want the ARN %s", *e.KeyId, arn)
	}
	if bytes.Contains(e.CiphertextBlob, []byte("hello")) {
		t.Error("the ciphertext holds the plaintext")
	}
	d := must[*awskms.DecryptOutput](t)(w.admin().Decrypt(ctx, &awskms.DecryptInput{
		CiphertextBlob: e.CiphertextBlob, EncryptionContext: map[string]string{"b": "2", "a": "1"},
	}))
	if string(d.Plaintext) != "hello" || *d.KeyId != arn {
		t.Errorf("Decrypt = %q with %s", d.Plaintext, *d.KeyId)
	}
	for name, context := range map[string]map[string]string{
		"none": nil, "one less": {"a": "1"}, "one more": {"a": "1", "b": "2", "c": ""},
		"other value": {"a": "1", "b": "3"}, "other case": {"A": "1", "b": "2"}, "swapped": {"1": "a", "2": "b"},
		"run together": {"a": "1b2"},
	} {
		_, err := w.admin().Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: e.CiphertextBlob, EncryptionContext: context})
		t.Run(name, func(t *testing.T) { wantError(t, err, "InvalidCiphertextException", "") })
	}
}

func TestEveryChangedByteOfACiphertextIsNoticed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	other, _ := w.newKey(t, awskms.CreateKeyInput{})
	c := call(home+"/admin", region)
	d := must[[]byte](t)(func() ([]byte, error) { k, err := w.GenerateDataKey(c, id, nil); return k.Ciphertext, err }())
	for i := range d {
		changed := slices.Clone(d)
		changed[i] ^= 1
		if _, err := w.Decrypt(c, changed, nil); err == nil {
			t.Errorf("byte %d changed, and it still decrypts", i)
		}
	}
	for n := range d {
		if _, err := w.Decrypt(c, d[:n], nil); err == nil {
			t.Errorf("cut to %d bytes, and it still decrypts", n)
		}
	}
	_, err := w.admin().Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: d, KeyId: &other})
	wantError(t, err, "IncorrectKeyException", "")
}

func TestDataKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	for name, tc := range map[string]struct {
		in   awskms.GenerateDataKeyInput
		size int
		code string
	}{
		"AES_256":          {awskms.GenerateDataKeyInput{KeySpec: types.DataKeySpecAes256}, 32, ""},
		"AES_128":          {awskms.GenerateDataKeyInput{KeySpec: types.DataKeySpecAes128}, 16, ""},
		"bytes":            {awskms.GenerateDataKeyInput{NumberOfBytes: aws.Int32(64)}, 64, ""},
		"neither":          {awskms.GenerateDataKeyInput{}, 0, "ValidationException"},
		"both":             {awskms.GenerateDataKeyInput{KeySpec: types.DataKeySpecAes256, NumberOfBytes: aws.Int32(64)}, 0, "ValidationException"},
		"too many bytes":   {awskms.GenerateDataKeyInput{NumberOfBytes: aws.Int32(1025)}, 0, "ValidationException"},
		"no such key spec": {awskms.GenerateDataKeyInput{KeySpec: "AES_512"}, 0, "ValidationException"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.in.KeyId = &id
			out, err := w.admin().GenerateDataKey(ctx, &tc.in)
			if tc.code != "" {
				wantError(t, err, tc.code, "")
				return
			}
			d := must[*awskms.DecryptOutput](t)(w.admin().Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: out.CiphertextBlob}))
			if len(out.Plaintext) != tc.size || !bytes.Equal(out.Plaintext, d.Plaintext) {
				t.Errorf("a key of %d bytes that decrypts to %d bytes, want %d", len(out.Plaintext), len(d.Plaintext), tc.size)
			}
		})
	}
	without := must[*awskms.GenerateDataKeyWithoutPlaintextOutput](t)(w.admin().GenerateDataKeyWithoutPlaintext(ctx, &awskms.GenerateDataKeyWithoutPlaintextInput{KeyId: &id}))
	d := must[*awskms.DecryptOutput](t)(w.admin().Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: without.CiphertextBlob}))
	if len(d.Plaintext) != 32 {
		t.Errorf("without plaintext: %d bytes, want 32", len(d.Plaintext))
	}
	if r := must[*awskms.GenerateRandomOutput](t)(w.admin().GenerateRandom(ctx, &awskms.GenerateRandomInput{NumberOfBytes: aws.Int32(20)})); len(r.Plaintext) != 20 {
		t.Errorf("GenerateRandom gave %d bytes", len(r.Plaintext))
	}
	_, err := w.admin().Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: make([]byte, 4097)})
	wantError(t, err, "ValidationException", "plaintext")
}

func TestReEncryptNeedsBothKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from, _ := w.newKey(t, awskms.CreateKeyInput{})
	to, toARN := w.newKey(t, awskms.CreateKeyInput{})
	e := must[*awskms.EncryptOutput](t)(w.admin().Encrypt(ctx, &awskms.EncryptInput{KeyId: &from, Plaintext: []byte("x"), EncryptionContext: map[string]string{"a": "1"}}))
	in := &awskms.ReEncryptInput{
		CiphertextBlob: e.CiphertextBlob, SourceEncryptionContext: map[string]string{"a": "1"},
		DestinationKeyId: &to, DestinationEncryptionContext: map[string]string{"b": "2"},
	}
	out := must[*awskms.ReEncryptOutput](t)(w.admin().ReEncrypt(ctx, in))
	d := must[*awskms.DecryptOutput](t)(w.admin().Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: out.CiphertextBlob, EncryptionContext: map[string]string{"b": "2"}}))
	if string(d.Plaintext) != "x" || *d.KeyId != toARN {
		t.Errorf("re-encrypted: %q under %s", d.Plaintext, *d.KeyId)
	}
	for _, action := range []string{"kms:ReEncryptFrom", "kms:ReEncryptTo"} {
		w.Allow(user(home, action[4:]), action)
		_, err := w.client(home+"/"+action[4:], region).ReEncrypt(ctx, in)
		wantError(t, err, "AccessDeniedException", "")
	}
}

func TestKeyPolicyDecidesByEncryptionContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + home + `:root"},"Action":"kms:*","Resource":"*"},
		{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"kms:Encrypt","Resource":"*",
		 "Condition":{"StringNotEquals":{"kms:EncryptionContext:purpose":"logs"}}},
		{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"kms:Encrypt","Resource":"*",
		 "Condition":{"ForAnyValue:StringEquals":{"kms:EncryptionContextKeys":"forbidden"}}}]}`
	id, _ := w.newKey(t, awskms.CreateKeyInput{Policy: &policy})
	for name, tc := range map[string]struct {
		context map[string]string
		denied  bool
	}{
		"as asked":   {map[string]string{"purpose": "logs"}, false},
		"other":      {map[string]string{"purpose": "mail"}, true},
		"none":       {nil, true},
		"other keys": {map[string]string{"purpose": "logs", "forbidden": "1"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.admin().Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: []byte("x"), EncryptionContext: tc.context})
			if tc.denied {
				wantError(t, err, "AccessDeniedException", "")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestKeyOfAnotherAccountAndRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + home + `:root"},"Action":"kms:*","Resource":"*"},
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + abroad + `:root"},"Action":["kms:Encrypt","kms:DescribeKey"],"Resource":"*"}]}`
	id, arn := w.newKey(t, awskms.CreateKeyInput{Policy: &policy})
	_, closed := w.newKey(t, awskms.CreateKeyInput{})
	missing := "arn:aws:kms:" + region + ":" + home + ":key/00000000-0000-4000-8000-000000000000"
	encrypt := func(who, region, key string) error {
		_, err := w.client(who, region).Encrypt(ctx, &awskms.EncryptInput{KeyId: &key, Plaintext: []byte("x")})
		return err
	}
	w.Identity[user(abroad, "nobody")] = iam.Document{}
	for name, tc := range map[string]struct{ who, region, key, code, message string }{
		"by ARN":                          {abroad + "/admin", region, arn, "", ""},
		"by key id":                       {abroad + "/admin", region, id, "NotFoundException", "Key 'arn:aws:kms:" + region + ":" + abroad + ":key/" + id + "' does not exist"},
		"without identity policy":         {abroad + "/nobody", region, arn, "AccessDeniedException", ""},
		"key policy silent":               {abroad + "/admin", region, closed, "AccessDeniedException", ""},
		"missing key tells nothing":       {abroad + "/admin", region, missing, "AccessDeniedException", "because the resource does not exist in this Region, no resource-based policies allow access, or"},
		"missing key of the own account":  {home + "/admin", region, missing, "NotFoundException", "Key '" + missing + "' does not exist"},
		"other Region, by ARN":            {home + "/admin", "us-east-1", arn, "NotFoundException", "Invalid arn " + region},
		"other Region, by key id":         {home + "/admin", "us-east-1", id, "NotFoundException", "does not exist"},
		"no key id":                       {home + "/admin", region, "nonsense", "NotFoundException", "Invalid keyId 'nonsense'"},
		"alias that isn't there":          {home + "/admin", region, "alias/none", "NotFoundException", "Alias arn:aws:kms:" + region + ":" + home + ":alias/none is not found."},
		"user without any policy at home": {home + "/nobody", region, id, "AccessDeniedException", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := encrypt(tc.who, tc.region, tc.key)
			if tc.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantError(t, err, tc.code, tc.message)
		})
	}
	e := must[*awskms.EncryptOutput](t)(w.admin().Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: []byte("x")}))
	_, err := w.client(home+"/admin", "us-east-1").Decrypt(ctx, &awskms.DecryptInput{CiphertextBlob: e.CiphertextBlob})
	wantError(t, err, "AccessDeniedException", "the resource associated with this ciphertext")
	// KMS manages a key in its own account only, whatever the key policy says.
	_, open := w.newKey(t, awskms.CreateKeyInput{Policy: policyOf(statement(`{"AWS":["arn:aws:iam::`+home+`:root","arn:aws:iam::`+abroad+`:root"]}`, "kms:*"))})
	_, err = w.client(abroad+"/admin", region).ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: &open})
	wantError(t, err, "AccessDeniedException", "")
}
