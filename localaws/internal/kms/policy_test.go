package kms_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

func statement(principal, action string) string {
	return `{"Effect":"Allow","Principal":` + principal + `,"Action":"` + action + `","Resource":"*"}`
}

func policyOf(statements ...string) *string {
	return aws.String(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
}

func TestKeyPoliciesThatKMSRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Missing["arn:aws:iam::"+home+":role/none"] = true
	root := statement(`{"AWS":"arn:aws:iam::`+home+`:root"}`, "kms:*")
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	for name, tc := range map[string]struct{ policy, message string }{
		"no JSON":              {"{", "not syntactically or semantically correct"},
		"no principal":         {*policyOf(root, `{"Effect":"Allow","Action":"kms:*","Resource":"*"}`), "principal"},
		"no resource":          {*policyOf(`{"Effect":"Allow","Principal":"*","Action":"kms:*"}`), "in the future"}, // accepted, but of no effect
		"principal that isn't": {*policyOf(root, statement(`{"AWS":"arn:aws:iam::`+home+`:role/none"}`, "kms:Decrypt")), "Policy contains a statement with one or more invalid principals."},
		"caller locked out":    {*policyOf(statement(`{"AWS":"`+user(home, "other")+`"}`, "kms:*")), "The new key policy will not allow you to update the key policy in the future."},
		"others only":          {*policyOf(statement(`{"AWS":"arn:aws:iam::`+abroad+`:root"}`, "kms:*")), "The new key policy will not allow you to update the key policy in the future."},
		"only through a service": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + home + `:root"},
			"Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.eu-central-1.amazonaws.com"}}}]}`, "in the future"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.admin().CreateKey(ctx, &awskms.CreateKeyInput{Policy: &tc.policy})
			wantError(t, err, "MalformedPolicyDocumentException", tc.message)
			_, err = w.admin().PutKeyPolicy(ctx, &awskms.PutKeyPolicyInput{KeyId: &id, Policy: &tc.policy})
			wantError(t, err, "MalformedPolicyDocumentException", tc.message)
		})
	}
	keys := must[*awskms.ListKeysOutput](t)(w.admin().ListKeys(ctx, &awskms.ListKeysInput{}))
	if len(keys.Keys) != 1 {
		t.Errorf("%d keys; a refused policy left a key behind", len(keys.Keys))
	}
	locked := policyOf(statement(`{"AWS":"`+user(home, "other")+`"}`, "kms:*"))
	must[*awskms.PutKeyPolicyOutput](t)(w.admin().PutKeyPolicy(ctx, &awskms.PutKeyPolicyInput{KeyId: &id, Policy: locked, BypassPolicyLockoutSafetyCheck: true}))
	_, err := w.admin().GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: &id})
	wantError(t, err, "AccessDeniedException", "")
}

func TestDefaultKeyPolicyLeavesItToIdentityPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	out := must[*awskms.GetKeyPolicyOutput](t)(w.admin().GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: &id}))
	want := iam.Document{Version: "2012-10-17", ID: "key-default-1", Statement: []iam.Statement{{
		Sid: "Enable IAM User Permissions", Effect: "Allow", Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::" + home + ":root"}},
		Action: iam.Strings{"kms:*"}, Resource: iam.Strings{"*"},
	}}}
	got := must[iam.Document](t)(iam.ParseDocument([]byte(*out.Policy)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	w.Allow(user(home, "reader"), "kms:DescribeKey")
	reader := w.client(home+"/reader", region)
	must[*awskms.DescribeKeyOutput](t)(reader.DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &id}))
	_, err := reader.Encrypt(ctx, &awskms.EncryptInput{KeyId: &id, Plaintext: []byte("x")})
	wantError(t, err, "AccessDeniedException", "")
	_, err = reader.CreateKey(ctx, &awskms.CreateKeyInput{})
	wantError(t, err, "AccessDeniedException", "")
}

func TestAWSManagedKeyIsForItsServiceAndAccountOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const alias = "alias/aws/s3"
	arn := must[string](t)(w.AWSManagedKey(home, region, alias))
	through := func(who, service string) error {
		c := call(who, region)
		if service != "" {
			c.Context = map[string]iam.Strings{"kms:ViaService": {service + "." + region + ".amazonaws.com"}}
		}
		_, err := w.GenerateDataKey(c, arn, nil)
		return err
	}
	w.Identity[user(home, "nobody")] = iam.Document{}
	for name, tc := range map[string]struct {
		who, service string
		denied       bool
	}{
		"through S3":                        {home + "/admin", "s3", false},
		"through S3, without any KMS right": {home + "/nobody", "s3", false},
		"directly":                          {home + "/admin", "", true},
		"through another service":           {home + "/admin", "secretsmanager", true},
		"from another account":              {abroad + "/admin", "s3", true},
	} {
		t.Run(name, func(t *testing.T) {
			err := through(tc.who, tc.service)
			if tc.denied {
				wantError(t, err, "AccessDeniedException", "")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	m := must[*awskms.DescribeKeyOutput](t)(w.admin().DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: aws.String(alias)})).KeyMetadata
	if *m.Arn != arn || m.KeyManager != "AWS" {
		t.Errorf("DescribeKey = %s managed by %s", *m.Arn, m.KeyManager)
	}
	for _, f := range []func() error{
		func() error { _, err := w.admin().DisableKey(ctx, &awskms.DisableKeyInput{KeyId: m.KeyId}); return err },
		func() error {
			_, err := w.admin().ScheduleKeyDeletion(ctx, &awskms.ScheduleKeyDeletionInput{KeyId: m.KeyId})
			return err
		},
		func() error {
			_, err := w.admin().PutKeyPolicy(ctx, &awskms.PutKeyPolicyInput{KeyId: m.KeyId, Policy: policyOf(statement(`"*"`, "kms:*"))})
			return err
		},
	} {
		wantError(t, f(), "AccessDeniedException", "")
	}
	_, err := w.AWSManagedKey(home, region, "alias/aws/unheard-of")
	wantError(t, err, "NotFoundException", "alias/aws/unheard-of")
	_, err = w.GenerateDataKey(api.Call{Caller: iam.ServicePrincipal("logging.s3.amazonaws.com"), Region: region}, alias, nil)
	wantError(t, err, "NotFoundException", alias)
}

func TestServicePrincipalUsesAKeyByItsARN(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, arn := w.newKey(t, awskms.CreateKeyInput{Policy: policyOf(
		statement(`{"AWS":"arn:aws:iam::`+home+`:root"}`, "kms:*"),
		`{"Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"kms:GenerateDataKey*","Resource":"*",
		  "Condition":{"StringEquals":{"aws:SourceAccount":"`+home+`"}}}`)})
	deliver := func(service, source string) error {
		_, err := w.GenerateDataKey(api.Call{
			Caller: iam.ServicePrincipal(service), Region: region, Context: map[string]iam.Strings{"aws:SourceAccount": {source}},
		}, arn, nil)
		return err
	}
	if err := deliver("delivery.logs.amazonaws.com", home); err != nil {
		t.Error(err)
	}
	wantError(t, deliver("delivery.logs.amazonaws.com", abroad), "AccessDeniedException", "")
	wantError(t, deliver("logging.s3.amazonaws.com", home), "AccessDeniedException", "")
}

func BenchmarkGenerateDataKey(b *testing.B) {
	w := newWorld(b)
	arn, err := w.AWSManagedKey(home, region, "alias/aws/s3")
	if err != nil {
		b.Fatal(err)
	}
	c := call(home+"/admin", region)
	c.Context = map[string]iam.Strings{"kms:ViaService": {"s3." + region + ".amazonaws.com"}}
	for b.Loop() {
		if _, err := w.GenerateDataKey(c, arn, map[string]string{"aws:s3:arn": "arn:aws:s3:::b/k"}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestManagedKeyPoliciesAreThoseOfAWS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// The document has one Sid twice, as that of AWS has, so it is compared as
	// plain JSON. Source: Secrets Manager user guide, security-encryption.
	want := `{"Version":"2012-10-17","Id":"auto-secretsmanager-2","Statement":[
	 {"Sid":"Allow access through AWS Secrets Manager for all principals in the account that are authorized to use AWS Secrets Manager",
	  "Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:CreateGrant","kms:DescribeKey"],"Resource":"*",
	  "Condition":{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"secretsmanager.eu-central-1.amazonaws.com"}}},
	 {"Sid":"Allow access through AWS Secrets Manager for all principals in the account that are authorized to use AWS Secrets Manager",
	  "Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:GenerateDataKey*","Resource":"*",
	  "Condition":{"StringEquals":{"kms:CallerAccount":"111122223333"},"StringLike":{"kms:ViaService":"secretsmanager.eu-central-1.amazonaws.com"}}},
	 {"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},
	  "Action":["kms:Describe*","kms:Get*","kms:List*","kms:RevokeGrant"],"Resource":"*"}]}`
	arn := must[string](t)(w.AWSManagedKey(home, region, "alias/aws/secretsmanager"))
	out := must[*awskms.GetKeyPolicyOutput](t)(w.admin().GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: &arn}))
	var wantDocument, got any
	if err := json.Unmarshal([]byte(want), &wantDocument); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(*out.Policy), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantDocument, got); diff != "" {
		t.Error(diff)
	}
}

func TestParallelUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.newKey(t, awskms.CreateKeyInput{})
	c := call(home+"/admin", region)
	arns := make([]string, 16)
	var wg sync.WaitGroup
	for i := range arns {
		wg.Go(func() {
			arns[i], _ = w.AWSManagedKey(home, region, "alias/aws/s3")
			for range 20 {
				d, err := w.GenerateDataKey(c, id, map[string]string{"a": "b"})
				if err != nil {
					t.Error(err)
					return
				}
				if i%4 == 0 {
					if _, err := w.admin().PutKeyPolicy(ctx, &awskms.PutKeyPolicyInput{KeyId: &id, Policy: policyOf(statement(`{"AWS":"`+home+`"}`, "kms:*"))}); err != nil {
						t.Error(err)
					}
				}
				back, err := w.Decrypt(c, d.Ciphertext, map[string]string{"a": "b"})
				if err != nil || string(back.Plaintext) != string(d.Plaintext) {
					t.Errorf("decrypt: %v", err)
				}
			}
		})
	}
	wg.Wait()
	for _, a := range arns {
		if a == "" || a != arns[0] {
			t.Errorf("the managed key was made more than once: %v", arns)
			break
		}
	}
}
