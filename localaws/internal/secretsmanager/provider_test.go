package secretsmanager_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sm "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func stack() api.StackContext {
	return api.StackContext{
		Call: call(home+"/admin", region), StackName: "s", Account: home, Region: region, Partition: "aws",
		Tags: map[string]string{"stage": "dev"},
	}
}

// ring is a template's GenerateSecretString for a ring of one key.
func ring(length string) json.RawMessage {
	return json.RawMessage(`{"Description":"d","KmsKeyId":"alias/aws/secretsmanager","GenerateSecretString":{"ExcludeUppercase":true,"ExcludePunctuation":true,
		"ExcludeCharacters":"ghijklmnopqrstuvwxyz","PasswordLength":` + length + `,"SecretStringTemplate":"{\"v\":1,\"primary\":\"k0\"}","GenerateStringKey":"k0"}}`)
}

func TestSecretResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Providers()["AWS::SecretsManager::Secret"]
	r := must[api.Resource](t)(p.Create(ctx, stack(), "Ring", ring("64")))
	if !regexp.MustCompile(`^arn:aws:secretsmanager:eu-central-1:111122223333:secret:Ring-[A-Za-z0-9]{12}-[A-Za-z0-9]{6}$`).MatchString(r.PhysicalID) || r.Attributes["Id"] != r.PhysicalID {
		t.Errorf("resource %+v", r)
	}
	first := w.get(t, r.PhysicalID, "")
	if !regexp.MustCompile(`^\{"v":1,"primary":"k0","k0":"[0-9a-f]{64}"\}$`).MatchString(first) {
		t.Errorf("value %s", first)
	}
	d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &r.PhysicalID}))
	if d.KmsKeyId != nil || len(d.Tags) != 1 || *d.Tags[0].Key != "stage" {
		t.Errorf("description %+v", d)
	}
	must[api.Resource](t)(p.Update(ctx, stack(), "Ring", r, ring("64"), ring("64")))
	if got := w.get(t, r.PhysicalID, ""); got != first {
		t.Error("an update without a change made a new value")
	}
	must[api.Resource](t)(p.Update(ctx, stack(), "Ring", r, ring("64"), ring("62")))
	if got := w.get(t, r.PhysicalID, ""); len(got) != len(first)-2 || w.get(t, r.PhysicalID, "AWSPREVIOUS") != first {
		t.Errorf("a change of GenerateSecretString gave %s", got)
	}
	plain := json.RawMessage(`{"Description":"e","SecretString":"mine","Tags":[{"Key":"a","Value":"1"}]}`)
	must[api.Resource](t)(p.Update(ctx, stack(), "Ring", r, ring("62"), plain))
	d = must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &r.PhysicalID}))
	if w.get(t, r.PhysicalID, "") != "mine" || *d.Description != "e" || len(d.Tags) != 2 {
		t.Errorf("after the update: %+v", d)
	}
	named := must[api.Resource](t)(p.Update(ctx, stack(), "Ring", r, plain, json.RawMessage(`{"Name":"named","SecretString":"mine"}`)))
	if named.PhysicalID == r.PhysicalID {
		t.Error("a change of the name made no new secret")
	}
	for range 2 {
		if err := p.Delete(ctx, stack(), "Ring", r); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &r.PhysicalID})
	wantError(t, err, "ResourceNotFoundException", "can't find")
}

func TestSecretResourceRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.Providers()["AWS::SecretsManager::Secret"]
	for _, tc := range []struct{ properties, code, message string }{
		{`{"ReplicaRegions":[]}`, "ValidationError", "ReplicaRegions"},
		{`{"Type":"x"}`, "ValidationError", "Type"},
		{`{"GenerateSecretString":{"Nonsense":1}}`, "ValidationError", "Nonsense"},
		{`{"GenerateSecretString":{},"SecretString":"x"}`, "ValidationException", "exclude each other"},
		{`{"GenerateSecretString":{"ExcludeLowercase":true,"ExcludeUppercase":true,"ExcludeNumbers":true,"ExcludePunctuation":true}}`, "InvalidParameterException", "every character is excluded"},
		{`{"GenerateSecretString":{"PasswordLength":3}}`, "InvalidParameterException", "Password length is too short based on the required types."},
		{`{"GenerateSecretString":{"GenerateStringKey":"k"}}`, "InvalidParameterException", "together"},
	} {
		_, err := p.Create(ctx, stack(), "Secret", json.RawMessage(tc.properties))
		wantError(t, err, tc.code, tc.message)
	}
	if n := len(must[*sm.ListSecretsOutput](t)(w.admin().ListSecrets(ctx, &sm.ListSecretsInput{})).SecretList); n != 0 {
		t.Errorf("%d secrets were made all the same", n)
	}
	r := must[api.Resource](t)(p.Create(ctx, stack(), "Empty", json.RawMessage(`{}`)))
	_, err := w.admin().GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: &r.PhysicalID})
	wantError(t, err, "ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT")
	w.put(t, r.PhysicalID, "v", "AWSPENDING")
	if got := w.get(t, r.PhysicalID, ""); got != "v" {
		t.Errorf("the first version is always AWSCURRENT; value %q", got)
	}
}

func TestResourcePolicyResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn, _ := w.create(t, "s", "v")
	p := w.Providers()["AWS::SecretsManager::ResourcePolicy"]
	properties := json.RawMessage(`{"SecretId":"s","BlockPublicPolicy":true,"ResourcePolicy":{"Version":"2012-10-17","Statement":[
		{"Effect":"Deny","Principal":{"AWS":"` + user(home, "reader") + `"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}]}}`)
	w.Allow(user(home, "reader"), "secretsmanager:GetSecretValue")
	read := func() error {
		_, err := w.client(home+"/reader", region).GetSecretValue(ctx, &sm.GetSecretValueInput{SecretId: aws.String("s")})
		return err
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	r := must[api.Resource](t)(p.Create(ctx, stack(), "Policy", properties))
	if r.PhysicalID != arn {
		t.Errorf("Ref = %s, want %s", r.PhysicalID, arn)
	}
	wantError(t, read(), "AccessDeniedException", "")
	must[api.Resource](t)(p.Update(ctx, stack(), "Policy", r, properties, properties))
	for range 2 {
		if err := p.Delete(ctx, stack(), "Policy", r); err != nil {
			t.Fatal(err)
		}
	}
	if err := read(); err != nil {
		t.Error(err)
	}
}

func TestRotationScheduleResource(t *testing.T) {
	t.Parallel()
	w, r := newRotator(t)
	p := w.Providers()["AWS::SecretsManager::RotationSchedule"]
	res := must[api.Resource](t)(p.Create(ctx, stack(), "Schedule", json.RawMessage(`{"SecretId":"s","RotationLambdaARN":"`+function+`","RotationRules":{"AutomaticallyAfterDays":30}}`)))
	d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: &res.PhysicalID}))
	if res.PhysicalID != *d.ARN || len(r.events) != 4 || *d.RotationRules.AutomaticallyAfterDays != 30 {
		t.Errorf("Ref %s, steps %v, rules %+v", res.PhysicalID, r.events, d.RotationRules)
	}
	must[api.Resource](t)(p.Update(ctx, stack(), "Schedule", res, json.RawMessage(`{"SecretId":"s"}`), json.RawMessage(`{"SecretId":"s","RotationLambdaARN":"`+function+`","RotationRules":{"AutomaticallyAfterDays":60},"RotateImmediatelyOnUpdate":false}`)))
	if len(r.events) != 5 || r.events[4] != "testSecret" {
		t.Errorf("steps %v", r.events)
	}
	for range 2 {
		if err := p.Delete(ctx, stack(), "Schedule", res); err != nil {
			t.Fatal(err)
		}
	}
	_, err := p.Create(ctx, stack(), "Schedule", json.RawMessage(`{"SecretId":"s","HostedRotationLambda":{}}`))
	wantError(t, err, "ValidationError", "HostedRotationLambda")
}

func TestFailedScheduleLeavesTheRotationThatWas(t *testing.T) {
	t.Parallel()
	w, r := newRotator(t)
	p := w.Providers()["AWS::SecretsManager::RotationSchedule"]
	rotation := func() string {
		d := must[*sm.DescribeSecretOutput](t)(w.admin().DescribeSecret(ctx, &sm.DescribeSecretInput{SecretId: aws.String("s")}))
		text, err := json.Marshal([]any{d.RotationEnabled, d.RotationLambdaARN, d.RotationRules, d.NextRotationDate, d.VersionIdsToStages})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	scheduled := func(days string) json.RawMessage {
		return json.RawMessage(`{"SecretId":"s","RotationLambdaARN":"` + function + `","RotationRules":{"AutomaticallyAfterDays":` + days + `}}`)
	}

	before := rotation()
	r.failAt = "setSecret"
	res, err := p.Create(ctx, stack(), "Schedule", scheduled("30"))
	wantError(t, err, "InvalidRequestException", "setSecret")
	if after := rotation(); after != before || res.PhysicalID != "" {
		t.Errorf("resource %+v; %s became %s", res, before, after)
	}

	r.failAt = ""
	res = must[api.Resource](t)(p.Create(ctx, stack(), "Schedule", scheduled("30")))
	before = rotation()
	r.failAt = "setSecret"
	if _, err := p.Update(ctx, stack(), "Schedule", res, scheduled("30"), scheduled("60")); err == nil {
		t.Fatal("an update with a broken function went through")
	}
	if after := rotation(); after != before {
		t.Errorf("%s became %s", before, after)
	}
}
