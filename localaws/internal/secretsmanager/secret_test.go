package secretsmanager_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/s3seal/s3seal/iam"
)

func TestSecretIsFoundByNameARNAndPartialARN(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn, _ := w.create(t, "path/app", "v")
	if !regexp.MustCompile(`^arn:aws:secretsmanager:eu-central-1:111122223333:secret:path/app-[A-Za-z0-9]{6}$`).MatchString(arn) {
		t.Errorf("ARN = %s", arn)
	}
	w.create(t, "MySecret-abcdef", "v")
	prefix := arn[:len(arn)-7]
	describe := func(who, region, id string) error {
		_, err := w.client(who, region).DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &id})
		return err
	}
	for _, id := range []string{"path/app", arn, prefix} {
		if err := describe(home+"/admin", region, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	const missing = "Secrets Manager can't find the specified secret."
	for name, tc := range map[string]struct{ who, region, id, code, message string }{
		"other name":                        {home + "/admin", region, "app", "ResourceNotFoundException", missing},
		"other suffix":                      {home + "/admin", region, prefix + "-zzzzzz", "ResourceNotFoundException", missing},
		"partial ARN that looks like full":  {home + "/admin", region, arn[:len(arn)-len("path/app-123456")] + "MySecret-abcdef", "ResourceNotFoundException", missing},
		"other Region":                      {home + "/admin", "us-east-1", arn, "ResourceNotFoundException", missing},
		"who may not, isn't told":           {home + "/nobody", region, "app", "AccessDeniedException", ""},
		"other account without a policy":    {abroad + "/admin", region, arn, "AccessDeniedException", ""},
		"other account, nothing is there":   {abroad + "/admin", region, prefix + "-zzzzzz", "AccessDeniedException", ""},
		"other account, by name of its own": {abroad + "/admin", region, "path/app", "ResourceNotFoundException", missing},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, describe(tc.who, tc.region, tc.id), tc.code, tc.message) })
	}
	must[*sm.CreateSecretOutput](t)(w.client(home+"/admin", "us-east-1").CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("path/app")}))
	wantError(t, describe(home+"/admin", "us-east-1", prefix), "ResourceNotFoundException", missing)
	_, err := w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("a b")})
	wantError(t, err, "ValidationException", "Invalid name")
	_, err = w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("r"), AddReplicaRegions: []types.ReplicaRegionType{{Region: aws.String("us-east-1")}}})
	wantError(t, err, "ValidationException", "AddReplicaRegions")
	_, err = w.admin().BatchGetSecretValue(ctx, &sm.BatchGetSecretValueInput{SecretIdList: []string{"a"}})
	wantError(t, err, "UnknownOperationException", "BatchGetSecretValue")
}

func TestDeletionAndRestoration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := aws.String("s")
	arn, _ := w.create(t, "s", "v")
	for _, in := range []sm.DeleteSecretInput{
		{RecoveryWindowInDays: aws.Int64(6)}, {RecoveryWindowInDays: aws.Int64(31)},
		{RecoveryWindowInDays: aws.Int64(7), ForceDeleteWithoutRecovery: aws.Bool(true)},
	} {
		in.SecretId = s
		_, err := w.admin().DeleteSecret(ctx, &in)
		wantError(t, err, "InvalidParameterException", "RecoveryWindowInDays")
	}
	remove := func() {
		t.Helper()
		out := must[*sm.DeleteSecretOutput](t)(w.admin().DeleteSecret(ctx, &sm.DeleteSecretInput{SecretId: s, RecoveryWindowInDays: aws.Int64(7)}))
		if want := w.Now().Add(7 * 24 * time.Hour); !out.DeletionDate.Equal(want) {
			t.Errorf("DeletionDate = %v, want %v", out.DeletionDate, want)
		}
	}
	remove()
	const marked = "You can't perform this operation on the secret because it was marked for deletion."
	_, err := w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: s})
	wantError(t, err, "InvalidRequestException", marked)
	_, err = w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: s, SecretString: aws.String("x")})
	wantError(t, err, "InvalidRequestException", marked)
	_, err = w.admin().DeleteSecret(ctx, &sm.DeleteSecretInput{SecretId: s})
	wantError(t, err, "InvalidRequestException", "already scheduled for deletion")
	_, err = w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: s})
	wantError(t, err, "InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.")
	if d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: s})); d.DeletedDate == nil {
		t.Error("DescribeSecret tells no DeletedDate")
	}
	list := func(planned bool) int {
		return len(must[*sm.ListSecretsOutput](t)(w.admin().ListSecrets(ctx, &sm.ListSecretsInput{IncludePlannedDeletion: &planned})).SecretList)
	}
	if list(false) != 0 || list(true) != 1 {
		t.Errorf("ListSecrets: %d, with planned deletions %d; want 0 and 1", list(false), list(true))
	}
	must[*sm.RestoreSecretOutput](t)(w.admin().RestoreSecret(ctx, &sm.RestoreSecretInput{SecretId: s}))
	if got := w.get(t, "s", ""); got != "v" {
		t.Errorf("restored value %q", got)
	}
	remove()
	w.Advance(7 * 24 * time.Hour)
	_, err = w.admin().RestoreSecret(ctx, &sm.RestoreSecretInput{SecretId: s})
	wantError(t, err, "ResourceNotFoundException", "can't find")
	again, _ := w.create(t, "s", "new")
	if again == arn {
		t.Error("a new secret has the ARN of the old one")
	}
	for range 2 { // the second time nothing is there
		must[*sm.DeleteSecretOutput](t)(w.admin().DeleteSecret(ctx, &sm.DeleteSecretInput{SecretId: s, ForceDeleteWithoutRecovery: aws.Bool(true)}))
	}
	_, err = w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: s})
	wantError(t, err, "ResourceNotFoundException", "can't find")
}

// keyPolicy lets the account do all, and others what actions says.
func keyPolicy(extra string) *string {
	return aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + home + `:root"},"Action":"kms:*","Resource":"*"}` + extra + `]}`)
}

func TestTheKMSKeyDecidesToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must[*awskms.CreateKeyOutput](t)(w.kmsAdmin().CreateKey(ctx, &awskms.CreateKeyInput{})).KeyMetadata
	s := aws.String("s")
	out := must[*sm.CreateSecretOutput](t)(w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: s, SecretString: aws.String("v"), KmsKeyId: key.KeyId}))
	read := func(name string) error {
		_, err := w.client(home+"/"+name, region).GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: s})
		return err
	}
	w.Allow(user(home, "no-key"), "secretsmanager:GetSecretValue")
	wantError(t, read("no-key"), "AccessDeniedException", "Access to KMS is not allowed")

	through := func(conditions iam.Condition) iam.Document {
		return iam.Document{Version: iam.Version, Statement: []iam.Statement{
			{Effect: iam.Allow, Action: iam.Strings{"secretsmanager:GetSecretValue"}, Resource: iam.Strings{*out.ARN}},
			{Effect: iam.Allow, Action: iam.Strings{"kms:Decrypt"}, Resource: iam.Strings{*key.Arn}, Condition: conditions},
		}}
	}
	w.Identity[user(home, "reader")] = through(iam.Condition{"StringEquals": {
		"kms:ViaService":                        {"secretsmanager.eu-central-1.amazonaws.com"},
		"kms:EncryptionContext:SecretARN":       {*out.ARN},
		"kms:EncryptionContext:SecretVersionId": {*out.VersionId},
	}})
	if err := read("reader"); err != nil {
		t.Errorf("with the conditions of Secrets Manager: %v", err)
	}
	w.Identity[user(home, "other")] = through(iam.Condition{"StringEquals": {"kms:ViaService": {"s3.eu-central-1.amazonaws.com"}}})
	wantError(t, read("other"), "AccessDeniedException", "Access to KMS is not allowed")

	must[*awskms.DisableKeyOutput](t)(w.kmsAdmin().DisableKey(ctx, &awskms.DisableKeyInput{KeyId: key.KeyId}))
	wantError(t, read("reader"), "DecryptionFailure", "Secrets Manager can't decrypt the protected secret text using the provided KMS key.")
	_, err := w.admin().PutSecretValue(ctx, &sm.PutSecretValueInput{SecretId: s, SecretString: aws.String("x")})
	wantError(t, err, "EncryptionFailure", "Secrets Manager can't encrypt")
	_, err = w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: aws.String("bad"), KmsKeyId: aws.String("alias/none"), SecretString: aws.String("x")})
	wantError(t, err, "EncryptionFailure", "")
}

func TestDefaultKeyNeedsNoKMSRightsButStaysInTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn, _ := w.create(t, "s", "v")
	w.Allow(user(home, "reader"), "secretsmanager:GetSecretValue")
	must[*sm.GetSecretValueOutput](t)(w.client(home+"/reader", region).GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: &arn}))
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + abroad + `:root"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}]}`
	must[*sm.PutResourcePolicyOutput](t)(w.admin().PutResourcePolicy(ctx, &sm.PutResourcePolicyInput{SecretId: &arn, ResourcePolicy: &policy}))
	abroadRead := func() error {
		_, err := w.client(abroad+"/admin", region).GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: &arn})
		return err
	}
	wantError(t, abroadRead(), "AccessDeniedException", "Access to KMS is not allowed")

	key := must[*awskms.CreateKeyOutput](t)(w.kmsAdmin().CreateKey(ctx, &awskms.CreateKeyInput{Policy: keyPolicy(`,{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + abroad + `:root"},"Action":"kms:Decrypt","Resource":"*",
		"Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.eu-central-1.amazonaws.com"}}}`)})).KeyMetadata
	must[*sm.UpdateSecretOutput](t)(w.admin().UpdateSecret(ctx, &sm.UpdateSecretInput{SecretId: &arn, KmsKeyId: key.Arn}))
	if err := abroadRead(); err != nil {
		t.Errorf("after the change of the key, which re-encrypts AWSCURRENT: %v", err)
	}
	must[*awskms.DisableKeyOutput](t)(w.kmsAdmin().DisableKey(ctx, &awskms.DisableKeyInput{KeyId: key.KeyId}))
	if got := w.get(t, "s", ""); got != "v" {
		t.Errorf("with the old key: %q", got)
	}
	must[*sm.DeleteResourcePolicyOutput](t)(w.admin().DeleteResourcePolicy(ctx, &sm.DeleteResourcePolicyInput{SecretId: &arn}))
	wantError(t, abroadRead(), "AccessDeniedException", "")
}

func TestResourcePoliciesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.create(t, "s", "v")
	w.Missing[user(home, "gone")] = true
	statement := func(principal string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + principal + `"Action":"secretsmanager:*","Resource":"*"}]}`
	}
	for name, tc := range map[string]struct{ policy, code, message string }{
		"no JSON":              {"{", "MalformedPolicyDocumentException", "syntax"},
		"same Sid twice":       {`{"Statement":[{"Sid":"A","Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*"},{"Sid":"A","Effect":"Deny","Principal":"*","Action":"secretsmanager:*","Resource":"*"}]}`, "MalformedPolicyDocumentException", "This resource policy contains a syntax error."},
		"no principal":         {statement(""), "MalformedPolicyDocumentException", "principal"},
		"principal that isn't": {statement(`"Principal":{"AWS":"` + user(home, "gone") + `"},`), "MalformedPolicyDocumentException", "This resource policy contains an unsupported principal."},
		"public":               {statement(`"Principal":"*",`), "PublicPolicyException", "BlockPublicPolicy"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.admin().PutResourcePolicy(ctx, &sm.PutResourcePolicyInput{SecretId: aws.String("s"), ResourcePolicy: &tc.policy, BlockPublicPolicy: aws.Bool(true)})
			wantError(t, err, tc.code, tc.message)
		})
	}
	if out := must[*sm.GetResourcePolicyOutput](t)(w.admin().GetResourcePolicy(ctx, &sm.GetResourcePolicyInput{SecretId: aws.String("s")})); out.ResourcePolicy != nil {
		t.Errorf("a refused policy was kept: %s", *out.ResourcePolicy)
	}
}

func TestConditionKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name := aws.String("s")
	must[*sm.CreateSecretOutput](t)(w.admin().CreateSecret(ctx, &sm.CreateSecretInput{Name: name, SecretString: aws.String("v"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}}))
	w.put(t, "s", "w")
	allow := func(who string, condition iam.Condition) *sm.Client {
		w.Identity[user(home, who)] = iam.Document{Version: iam.Version, Statement: []iam.Statement{{
			Effect: iam.Allow, Action: iam.Strings{"secretsmanager:*"}, Resource: iam.Strings{"*"}, Condition: condition,
		}}}
		return w.client(home+"/"+who, region)
	}
	current := allow("current", iam.Condition{"StringEquals": {"secretsmanager:VersionStage": {"AWSCURRENT"}}})
	must[*sm.GetSecretValueOutput](t)(current.GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: name}))
	_, err := current.GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: name, VersionStage: aws.String("AWSPREVIOUS")})
	wantError(t, err, "AccessDeniedException", "")
	for key, value := range map[string]string{"aws:ResourceTag/team": "a", "secretsmanager:ResourceTag/team": "a", "secretsmanager:SecretId": "arn:aws:secretsmanager:*"} {
		c := allow("right", iam.Condition{"StringLike": {key: {value}}})
		must[*sm.GetSecretValueOutput](t)(c.GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: name}))
		c = allow("wrong", iam.Condition{"StringLike": {key: {"b"}}})
		_, err := c.GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: name})
		wantError(t, err, "AccessDeniedException", "")
	}
	must[*sm.UntagResourceOutput](t)(w.admin().UntagResource(ctx, &sm.UntagResourceInput{SecretId: name, TagKeys: []string{"team"}}))
	must[*sm.TagResourceOutput](t)(w.admin().TagResource(ctx, &sm.TagResourceInput{SecretId: name, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("b")}}}))
	must[*sm.GetSecretValueOutput](t)(allow("right", iam.Condition{"StringEquals": {"aws:ResourceTag/team": {"b"}}}).GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: name}))
}
