package kms_test

import (
	"encoding/json"
	"testing"

	awskms "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

func stack() api.StackContext {
	return api.StackContext{
		Call: call(home+"/admin", region), StackName: "s", Account: home, Region: region, Partition: "aws",
		Tags: map[string]string{"stage": "dev"},
	}
}

func TestKeyResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Providers()["AWS::KMS::Key"]
	before := json.RawMessage(`{"Description":"one","EnableKeyRotation":true,"RotationPeriodInDays":180,"PendingWindowInDays":7,
		"KeyPolicy":` + *policyOf(statement(`{"AWS":"arn:aws:iam::`+home+`:root"}`, "kms:*")) + `,"Tags":[{"Key":"a","Value":"1"}]}`)
	r := must[api.Resource](t)(p.Create(ctx, stack(), "Key", before))
	describe := func() *types.KeyMetadata {
		return must[*awskms.DescribeKeyOutput](t)(w.admin().DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &r.PhysicalID})).KeyMetadata
	}
	m := describe()
	if *m.KeyId != r.PhysicalID || *m.Arn != r.Attributes["Arn"] || r.Attributes["KeyId"] != r.PhysicalID || *m.Description != "one" {
		t.Errorf("resource %+v, key %+v", r, m)
	}
	status := must[*awskms.GetKeyRotationStatusOutput](t)(w.admin().GetKeyRotationStatus(ctx, &awskms.GetKeyRotationStatusInput{KeyId: &r.PhysicalID}))
	if !status.KeyRotationEnabled || *status.RotationPeriodInDays != 180 {
		t.Errorf("rotation %+v", status)
	}
	after := json.RawMessage(`{"Description":"two","PendingWindowInDays":9,"Tags":[{"Key":"b","Value":"2"}]}`)
	must[api.Resource](t)(p.Update(ctx, stack(), "Key", r, before, after))
	tags := must[*awskms.ListResourceTagsOutput](t)(w.admin().ListResourceTags(ctx, &awskms.ListResourceTagsInput{KeyId: &r.PhysicalID})).Tags
	if *describe().Description != "two" || len(tags) != 2 || *tags[0].TagKey != "b" || *tags[1].TagKey != "stage" {
		t.Errorf("after the update: %q, %+v", *describe().Description, tags)
	}
	off := json.RawMessage(`{"Description":"two","Enabled":false,"PendingWindowInDays":9}`)
	must[api.Resource](t)(p.Update(ctx, stack(), "Key", r, after, off))
	if s := describe().KeyState; s != types.KeyStateDisabled {
		t.Errorf("Enabled false gives %s", s)
	}
	for range 2 { // the second time it is already on its way
		if err := p.Delete(ctx, stack(), "Key", r); err != nil {
			t.Fatal(err)
		}
	}
	if m := describe(); m.KeyState != types.KeyStatePendingDeletion || !m.DeletionDate.Equal(w.Now().Add(9*day)) {
		t.Errorf("deleted: %s on %v", m.KeyState, m.DeletionDate)
	}
	w.Advance(9 * day)
	if err := p.Delete(ctx, stack(), "Key", r); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
}

func TestKeyResourceRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Providers()["AWS::KMS::Key"]
	for properties, message := range map[string]string{
		`{"Origin":"EXTERNAL"}`:                               "Origin",
		`{"MultiRegion":true}`:                                "MultiRegion",
		`{"KeySpec":"RSA_2048"}`:                              "KeySpec",
		`{"KeyUsage":"SIGN_VERIFY"}`:                          "KeyUsage",
		`{"PendingWindowInDays":3}`:                           "pendingWindowInDays",
		`{"EnableKeyRotation":true,"RotationPeriodInDays":3}`: "rotationPeriodInDays",
		`{"Nonsense":1}`:                                      "Nonsense",
	} {
		_, err := p.Create(ctx, stack(), "Key", json.RawMessage(properties))
		if err == nil || !json.Valid([]byte(properties)) {
			t.Fatalf("%s: %v", properties, err)
		}
		code := "ValidationException"
		if message == "Nonsense" || message == "Origin" {
			code = "ValidationError"
		}
		wantError(t, err, code, message)
	}
	if keys := must[*awskms.ListKeysOutput](t)(w.admin().ListKeys(ctx, &awskms.ListKeysInput{})).Keys; len(keys) != 0 {
		t.Errorf("%d keys were made all the same", len(keys))
	}
	r := must[api.Resource](t)(p.Create(ctx, stack(), "Key", json.RawMessage(`{}`)))
	_, err := p.Update(ctx, stack(), "Key", r, json.RawMessage(`{}`), json.RawMessage(`{"EnableKeyRotation":true,"Enabled":false}`))
	wantError(t, err, "ValidationException", "You cannot modify the EnableKeyRotation property")
}

func TestAliasResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Providers()["AWS::KMS::Alias"]
	one, _ := w.newKey(t, awskms.CreateKeyInput{})
	_, two := w.newKey(t, awskms.CreateKeyInput{})
	properties := func(name, key string) json.RawMessage {
		return json.RawMessage(`{"AliasName":"` + name + `","TargetKeyId":"` + key + `"}`)
	}
	r := must[api.Resource](t)(p.Create(ctx, stack(), "Alias", properties("alias/a", one)))
	if r.PhysicalID != "alias/a" {
		t.Errorf("Ref = %s", r.PhysicalID)
	}
	must[api.Resource](t)(p.Update(ctx, stack(), "Alias", r, properties("alias/a", one), properties("alias/a", two)))
	if m := must[*awskms.DescribeKeyOutput](t)(w.admin().DescribeKey(ctx, &awskms.DescribeKeyInput{KeyId: &r.PhysicalID})).KeyMetadata; *m.Arn != two {
		t.Errorf("alias points at %s", *m.Arn)
	}
	if next := must[api.Resource](t)(p.Update(ctx, stack(), "Alias", r, properties("alias/a", two), properties("alias/b", two))); next.PhysicalID != "alias/b" {
		t.Errorf("a new name gives %s", next.PhysicalID)
	}
	for range 2 {
		if err := p.Delete(ctx, stack(), "Alias", r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFailedCreationLeavesNoKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Allow(user(home, "maker"), "kms:CreateKey", "kms:TagResource", "kms:PutKeyPolicy")
	s := stack()
	s.Call = call(home+"/maker", region)
	r, err := w.Providers()["AWS::KMS::Key"].Create(ctx, s, "Key", json.RawMessage(`{"EnableKeyRotation":true}`))
	wantError(t, err, "AccessDeniedException", "kms:EnableKeyRotation")
	if keys := must[*awskms.ListKeysOutput](t)(w.admin().ListKeys(ctx, &awskms.ListKeysInput{})).Keys; len(keys) != 0 || r.PhysicalID != "" {
		t.Errorf("%d keys are left; resource %+v", len(keys), r)
	}
}

// TestSidsOfAKeyPolicyMayRepeat: they do in the policy of AWS's own
// aws/secretsmanager, which whoever copies it can put.
func TestSidsOfAKeyPolicyMayRepeat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn := must[string](t)(w.AWSManagedKey(home, region, "alias/aws/secretsmanager"))
	text := must[*awskms.GetKeyPolicyOutput](t)(w.admin().GetKeyPolicy(ctx, &awskms.GetKeyPolicyInput{KeyId: &arn})).Policy
	d, err := iam.ParseDocument([]byte(*text))
	if err != nil || d.DuplicateSid() == "" {
		t.Errorf("%v, repeated Sid %q", err, d.DuplicateSid())
	}
	twice := statement(`{"AWS":"arn:aws:iam::`+home+`:root"}`, "kms:*")
	w.newKey(t, awskms.CreateKeyInput{Policy: policyOf(twice, twice)})
}
