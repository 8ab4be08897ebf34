package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// document is a resolved policy.
func document(t *testing.T, v template.Value) iam.Document {
	t.Helper()
	plain, err := v.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	d, err := iam.ParseDocument([]byte(indent(t, plain)))
	if err != nil {
		t.Fatalf("%s: %v", v.Path(), err)
	}
	return d
}

func statement(t *testing.T, d iam.Document, sid string) iam.Statement {
	t.Helper()
	s, ok := find(d, sid)
	if !ok {
		t.Fatalf("no statement %s in %v", sid, d)
	}
	return s
}

func stackNamed(t *testing.T, a *template.Assembly, name string) *template.Stack {
	t.Helper()
	i := slices.IndexFunc(a.Stacks, func(s *template.Stack) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no stack %s in the assembly", name)
	}
	return a.Stacks[i]
}

// one is the only resource of a type whose logical id begins with prefix.
func one(t *testing.T, a *template.Assembly, stack, typ, prefix string) *template.Resource {
	t.Helper()
	var found *template.Resource
	for _, r := range stackNamed(t, a, stack).ResourcesOfType(typ) {
		if strings.HasPrefix(r.LogicalID, prefix) {
			if found != nil {
				t.Fatalf("%s: both %s and %s are %s %s...", stack, found.LogicalID, r.LogicalID, typ, prefix)
			}
			found = r
		}
	}
	if found == nil {
		t.Fatalf("%s has no %s %s...", stack, typ, prefix)
	}
	return found
}

func text(t *testing.T, v template.Value) string {
	t.Helper()
	s, err := v.String()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func number(t *testing.T, v template.Value) int {
	t.Helper()
	n, err := v.Int()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func boolean(t *testing.T, v template.Value) bool {
	t.Helper()
	b, err := v.Bool()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Without it S3 decides by the bucket's age, and what a later update does is
// not documented.
func TestEveryBucketStatesItsBlockedEncryptionTypes(t *testing.T) {
	buckets := 0
	for _, s := range read(t, exampleAssembly(t)).Stacks {
		for _, b := range s.ResourcesOfType("AWS::S3::Bucket") {
			buckets++
			want := "SSE-C"
			if strings.HasPrefix(b.LogicalID, "SseC") {
				want = "NONE"
			}
			rule := b.Properties().Get("BucketEncryption", "ServerSideEncryptionConfiguration").Index(0)
			if got := text(t, rule.Get("BlockedEncryptionTypes", "EncryptionType").Index(0)); got != want {
				t.Errorf("%s/%s blocks %s, want %s", s.Name, b.LogicalID, got, want)
			}
		}
	}
	if buckets != 40 {
		t.Errorf("%d buckets, want five for each of four stages, three replicated pairs, and two log buckets in each of seven environments", buckets)
	}
}

// S3 keeps no copy of an SSE-C key, and a deleted stack must not take data or
// keys along, nor the policy that guards them.
func TestWhatHoldsDataIsRetained(t *testing.T) {
	retained := []string{"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::Logs::LogGroup"}
	for _, s := range read(t, exampleAssembly(t)).Stacks {
		for _, r := range s.Resources() {
			if slices.Contains(retained, r.Type) && (r.DeletionPolicy != "RetainExceptOnCreate" || r.UpdateReplacePolicy != "Retain") {
				t.Errorf("%s/%s: DeletionPolicy %q, UpdateReplacePolicy %q, want RetainExceptOnCreate and Retain", s.Name, r.LogicalID, r.DeletionPolicy, r.UpdateReplacePolicy)
			}
		}
	}
}

func TestSSECBucketRefusesUploadsAndReplicasWithoutACustomersKey(t *testing.T) {
	a := read(t, exampleAssembly(t))
	bucket, err := one(t, a, "dev-buckets", "AWS::S3::Bucket", "SseC").Ref()
	if err != nil {
		t.Fatal(err)
	}
	policy := document(t, one(t, a, "dev-buckets", "AWS::S3::BucketPolicy", "SseC").Properties().Get("PolicyDocument"))
	got := []iam.Statement{statement(t, policy, "RequireSSEC"), statement(t, policy, "RequireSSECReplicas")}
	objects := iam.Strings{"arn:aws:s3:::" + bucket + "/*"}
	want := []iam.Statement{
		{
			Sid:       "RequireSSEC",
			Effect:    iam.Deny,
			Principal: &iam.Principal{Any: true},
			Action:    iam.Strings{"s3:PutObject"},
			Resource:  objects,
			Condition: iam.Condition{"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": {"true"}}},
		},
		{
			Sid:       "RequireSSECReplicas",
			Effect:    iam.Deny,
			Principal: &iam.Principal{Any: true},
			Action:    iam.Strings{"s3:ReplicateObject"},
			Resource:  objects,
			Condition: iam.Condition{"Null": {"s3:x-amz-server-side-encryption": {"false"}}},
		},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Whoever may upload could lock objects away under a key that the bucket's
// owner can't use. What relies on the bucket's default names no key, and a
// negated operator would hold for it too without its guard.
func TestEveryBucketRefusesKeysThatItsOwnerCannotUse(t *testing.T) {
	const key = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	for _, s := range read(t, exampleAssembly(t)).Stacks {
		for _, b := range s.ResourcesOfType("AWS::S3::BucketPolicy") {
			at := s.Name + "/" + b.LogicalID
			d := document(t, b.Properties().Get("PolicyDocument"))
			own, hasOwn := find(d, "DenyOtherKey")
			foreign, hasForeign := find(d, "DenyForeignKey")
			if hasOwn == hasForeign {
				t.Errorf("%s refuses other keys than its own: %t; other accounts' keys: %t; want one of the two", at, hasOwn, hasForeign)
				continue
			}
			got := own
			if hasForeign {
				got = foreign
				kms := "arn:aws:kms:" + s.Region + ":" + s.Account
				want := iam.Strings{kms + ":alias/aws/s3", kms + ":key/*"}
				if keys := foreign.Condition["ArnNotLike"][key]; !slices.Equal(keys, want) {
					t.Errorf("%s admits the keys %v, want %v", at, keys, want)
				}
			}
			if d := cmp.Diff(iam.Strings{"s3:PutObject", "s3:ReplicateObject", "s3:UpdateObjectEncryption"}, got.Action); d != "" {
				t.Errorf("%s: %s", at, d)
			}
			if d := cmp.Diff(map[string]iam.Strings{key: {"false"}}, got.Condition["Null"]); d != "" {
				t.Errorf("%s: %s", at, d)
			}
			if _, sseC := find(d, "DenySSEC"); sseC == strings.HasPrefix(b.LogicalID, "SseC") {
				t.Errorf("%s refuses SSE-C: %t", at, sseC)
			}
		}
	}
}

// 64 hexadecimal digits are 256 bits; another template string would be another
// key, and a lost bucket.
func TestKeyRingIsGeneratedWith256Bits(t *testing.T) {
	secret := one(t, read(t, exampleAssembly(t)), "dev-buckets", "AWS::SecretsManager::Secret", "SseCKeyRing")
	got, err := secret.Properties().Get("GenerateSecretString").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "ExcludeCharacters": "ghijklmnopqrstuvwxyz",
  "ExcludePunctuation": true,
  "ExcludeUppercase": true,
  "GenerateStringKey": "k0",
  "IncludeSpace": false,
  "PasswordLength": 64,
  "RequireEachIncludedType": false,
  "SecretStringTemplate": "{\"v\":1,\"primary\":\"k0\"}"
}
`
	if d := cmp.Diff(want, indent(t, got)); d != "" {
		t.Error(d)
	}
}

func TestKeyPolicyNamesItsUsersItsRegionAndItsBucketInBothForms(t *testing.T) {
	a := read(t, exampleAssembly(t))
	policy := document(t, one(t, a, "full-buckets", "AWS::KMS::Key", "SseKmsCmkKey").Properties().Get("KeyPolicy"))
	var sids []string
	for _, s := range policy.Statement {
		sids = append(sids, s.Sid)
	}
	wantSids := []string{"AccountAccess", "KeyAdministrators", "KeyUsers", "KeyServices"}
	if d := cmp.Diff(wantSids, sids); d != "" {
		t.Error(d)
	}
	const bucket = "arn:aws:s3:::full-sse-kms-cmk-222233334444-us-east-1"
	want := iam.Statement{
		Sid:       "KeyUsers",
		Effect:    iam.Allow,
		Principal: &iam.Principal{AWS: iam.Strings{"arn:aws:iam::222233334444:role/app", "arn:aws:iam::222233334444:user/ann"}},
		Action:    iam.Strings{"kms:Decrypt", "kms:GenerateDataKey"},
		Resource:  iam.Strings{"*"},
		Condition: iam.Condition{
			"StringEquals": {"kms:ViaService": {"s3.us-east-1.amazonaws.com"}},
			"StringLike":   {"kms:EncryptionContext:aws:s3:arn": {bucket, bucket + "/*"}},
		},
	}
	if d := cmp.Diff(want, statement(t, policy, "KeyUsers")); d != "" {
		t.Error(d)
	}
}

// The key's ARN must reach the rule without a person who copies it, and the
// replica's account must be deployed first.
func TestReplicationTakesTheReplicaKeyFromTheOtherAccountsStack(t *testing.T) {
	a := read(t, exampleAssembly(t))
	key, err := one(t, a, "prod-replica", "AWS::KMS::Key", "ReplicaKey").Att("Arn")
	if err != nil {
		t.Fatal(err)
	}
	source := one(t, a, "prod-replication", "AWS::S3::Bucket", "Source")
	rule := source.Properties().Get("ReplicationConfiguration", "Rules").Index(0)
	if got := text(t, rule.Get("Destination", "EncryptionConfiguration", "ReplicaKmsKeyID")); got != key {
		t.Errorf("the rule encrypts under %s, want the replica stack's key %s", got, key)
	}
	if got := text(t, rule.Get("SourceSelectionCriteria", "SseKmsEncryptedObjects", "Status")); got != "Enabled" {
		t.Errorf("SseKmsEncryptedObjects is %s: SSE-KMS objects would be left out", got)
	}
	if deps := source.Stack().Dependencies; !slices.Contains(deps, "prod-replica") {
		t.Errorf("prod-replication depends on %v, want prod-replica among them", deps)
	}
	role := document(t, one(t, a, "prod-replication", "AWS::IAM::Role", "ReplicationRole").Properties().Get("Policies").Index(0).Get("PolicyDocument"))
	if got := statement(t, role, "EncryptReplicas").Resource; !slices.Equal(got, iam.Strings{key}) {
		t.Errorf("the role may encrypt under %v, want %s", got, key)
	}
	replica := document(t, one(t, a, "prod-replica", "AWS::S3::BucketPolicy", "Replica").Properties().Get("PolicyDocument"))
	const keyID, algorithm = "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:x-amz-server-side-encryption"
	for sid, want := range map[string]iam.Condition{
		"DenyOtherKey":        {"ArnNotEquals": {keyID: {key}}, "Null": {keyID: {"false"}}},
		"DenyKeylessReplicas": {"StringEquals": {algorithm: {"aws:kms", "aws:kms:dsse"}}, "Null": {keyID: {"true"}}},
		"DenyOtherReplicas":   {"StringNotEquals": {algorithm: {"aws:kms"}}, "Null": {algorithm: {"false"}}},
	} {
		if d := cmp.Diff(want, statement(t, replica, sid).Condition); d != "" {
			t.Errorf("%s: %s", sid, d)
		}
	}
}
