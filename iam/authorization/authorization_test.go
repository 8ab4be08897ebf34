package authorization

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Copied by hand from the pages of service-authorization/latest/reference: list_s3,
// list_kms, list_secretsmanager. A star is on types of which each request has one.
func TestDataIsAsThePagesOfAWSSay(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]struct {
		access, types string
		keys, not     string
	}{
		"s3:AbortMultipartUpload": {"Write", "accesspointobject object",
			"s3:AccessGrantsInstanceArn s3:authType s3:BucketTag/a s3:ResourceAccount s3:signatureAge s3:signatureversion s3:TlsVersion s3:x-amz-content-sha256 s3:DataAccessPointArn s3:AccessPointTag/a",
			"s3:x-amz-acl s3:prefix s3:ExistingObjectTag/a"},
		"s3:BypassGovernanceRetention": {"Permissions management", "accesspointobject object",
			"s3:RequestObjectTag/a s3:RequestObjectTagKeys s3:x-amz-server-side-encryption s3:x-amz-storage-class", "s3:versionid"},
		"s3:CreateBucket": {"Write", "bucket*",
			"s3:locationconstraint s3:x-amz-acl s3:x-amz-bucket-namespace s3:x-amz-object-ownership", "s3:x-amz-server-side-encryption"},
		"s3:CreateAccessPoint":               {"Write", "accesspoint*", "s3:AccessPointNetworkOrigin s3:DataAccessPointAccount s3:locationconstraint", "s3:prefix"},
		"s3:CreateAccessGrant":               {"Permissions management", "accessgrant*", "s3:AccessGrantScope", "s3:AccessGrantsLocationScope"},
		"kms:CancelKeyDeletion":              {"Write", "key*", "kms:CallerAccount kms:KeyOrigin kms:MultiRegion kms:ResourceAliases kms:ViaService", "kms:EncryptionContextKeys"},
		"kms:CreateAlias":                    {"Write", "alias* key*", "kms:CallerAccount kms:ResourceAliases", "kms:GrantOperations"},
		"kms:CreateCustomKeyStore":           {"Write", "", "kms:CallerAccount", "kms:ViaService"},
		"kms:CreateGrant":                    {"Permissions management", "key*", "kms:EncryptionContext:aws:s3:arn kms:EncryptionContextKeys", "kms:KeyAgreementAlgorithm"},
		"secretsmanager:BatchGetSecretValue": {"Read", "", "", "secretsmanager:SecretId"},
		"secretsmanager:CreateSecret":        {"Write", "Secret*", "secretsmanager:Name secretsmanager:KmsKeyId secretsmanager:ResourceTag/a", "secretsmanager:SecretId"},
		"secretsmanager:DeleteSecret":        {"Write", "Secret*", "secretsmanager:ForceDeleteWithoutRecovery secretsmanager:SecretId", "secretsmanager:Name"},
	} {
		a, ok := Lookup(action)
		if !ok {
			t.Error("no action", action)
			continue
		}
		var types []string
		for _, u := range a.Resources {
			types = append(types, u.Type+map[bool]string{true: "*"}[u.Required])
		}
		if got := strings.Join(types, " "); a.Access != want.access || got != want.types {
			t.Errorf("%s: %q on %q, want %q on %q", action, a.Access, got, want.access, want.types)
		}
		for _, key := range strings.Fields(want.keys) {
			if !a.Applies(key) {
				t.Errorf("%s has not %s", action, key)
			}
		}
		for _, key := range strings.Fields(want.not) {
			if _, ok := KeyNamed(key); !ok || a.Applies(key) {
				t.Errorf("%s has %s, or nothing has", action, key)
			}
		}
	}
}

func TestActionsAreFoundInAnyCase(t *testing.T) {
	t.Parallel()
	a, ok := Lookup("S3:getobject")
	if !ok || a.String() != "s3:GetObject" {
		t.Error(a, ok)
	}
	for _, no := range []string{"s3:GetObjects", "s4:GetObject", "GetObject", "s3:", "", "aws:PrincipalArn", "s3:Get*"} {
		if a, ok := Lookup(no); ok {
			t.Errorf("%q is %s", no, a)
		}
	}
	if a, ok := Lookup("ec2:RunInstances"); !ok || a.Whole() || !a.On("arn:aws:s3:::b") || !a.Applies("s3:prefix") {
		t.Error("of EC2 the names are known, and no more:", a, ok)
	}
	if !Known("S3") || !Known("ec2") || Known("aws") || Known("s4") || Title("kms") != "AWS Key Management Service" {
		t.Error("services")
	}
}

func TestPatternsStandForActions(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string][]string{
		"s3:GetObjectA*":       {"s3:GetObjectAcl", "s3:GetObjectAnnotation", "s3:GetObjectAttributes"},
		"KMS:reencrypt*":       {"kms:ReEncryptFrom", "kms:ReEncryptTo"},
		"sts:AssumeR?le":       {"sts:AssumeRole"},
		"kms:Decrypt":          {"kms:Decrypt"},
		"secrets*:GetSecretV*": {"secretsmanager:GetSecretValue"},
		"s3:Nothing*":          nil,
		"s3":                   nil,
		"s3:[":                 nil,
	} {
		var got []string
		for _, a := range Matching(pattern) {
			got = append(got, a.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(pattern, diff)
		}
	}
	if all := Matching("*"); len(all) < 20_000 || len(all) != len(Matching("*:*")) {
		t.Error(len(all), "actions")
	}
}

func TestActionsWorkOnTheirTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		action, resource string
		want             bool
	}{
		{"s3:GetObject", "arn:aws:s3:::b/*", true},
		{"s3:GetObject", "arn:aws:s3:::b", false},
		{"s3:GetObject", "arn:aws:s3:::b*", true},
		{"s3:GetObject", "arn:aws:s3:::b?k", true},
		{"s3:GetObject", "arn:aws:s3:::${aws:PrincipalTag/bucket}", true},
		{"s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/*", true},
		{"s3:GetObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/a", false},
		{"s3:GetObject", "arn:aws:kms:*:*:*", false},
		{"s3:ReplicateTags", "arn:aws:s3:::b/*", true}, // its name doesn't tell
		{"s3:ListBucket", "arn:aws:s3:::b", true},
		{"s3:ListBucket", "arn:aws:s3:::b/*", false},
		{"s3:ListBucket", "arn:aws:s3", true}, // completed with wildcards
		{"s3:ListBucket", "*", true},
		{"s3:ListBucket", "arn:*:s3:::*", true},
		{"s3:ListAllMyBuckets", "arn:aws:s3:::*", true},
		{"s3:ListAllMyBuckets", "arn:aws:s3:::b", false},
		{"kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1", true},
		{"kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:alias/a", false},
		{"iam:PassRole", "arn:aws:iam::111122223333:role/path/to/role", true},
		{"ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/a/b", true},
	} {
		if a, ok := Lookup(c.action); !ok || a.On(c.resource) != c.want {
			t.Errorf("%s on %s: %v", c.action, c.resource, !c.want)
		}
	}
}

func TestKeysAreFoundInAnyCase(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Key{
		"aws:sourceip":                     {"aws:SourceIp", "IPAddress", false},
		"aws:PrincipalTag/team":            {"aws:PrincipalTag/${TagKey}", "String", false},
		"aws:PrincipalOrgPaths":            {"aws:PrincipalOrgPaths", "String", true},
		"s3:ExistingObjectTag/a/b":         {"s3:ExistingObjectTag/${key}", "String", false},
		"s3:X-Amz-Acl":                     {"s3:x-amz-acl", "String", false},
		"kms:EncryptionContext:aws:s3:arn": {"kms:EncryptionContext:${EncryptionContextKey}", "String", false},
		"saml:aud":                         {"saml:aud", "String", false},
		"lambda:SourceFunctionArn":         {"lambda:SourceFunctionArn", "ARN", false},
		"aws:CurrentTime":                  {"aws:CurrentTime", "Date", false},
	} {
		if got, ok := KeyNamed(name); !ok || got != want {
			t.Errorf("%s: %+v %v", name, got, ok)
		}
	}
	for _, no := range []string{"aws:PrincipleArn", "s3:prefixx", "aws:", "", "kms:EncryptionContext"} {
		if k, ok := KeyNamed(no); ok {
			t.Errorf("%q is %s", no, k.Name)
		}
	}
	if !Global("aws:TagKeys") || !Global("ec2:sourceinstancearn") || Global("s3:prefix") {
		t.Error("which keys are global")
	}
}

// What a line of the data means shows only where somebody reads it.
func TestEveryLineOfTheDataIsRead(t *testing.T) {
	t.Parallel()
	known := regexp.MustCompile(`^(# .+|version [0-9.]+|date \d{4}-\d\d-\d\d|service \S+ .+` +
		`| key \S+ (ArrayOf)?(String|ARN|Bool|Numeric|Date|IPAddress)| name \S+` +
		`| type arn:\S+ \S.*| action \S+ (List|Read|Write|Tagging|Permissions management)|  (required|optional) \S.*| {2,3}key \S+)$`)
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if !known.MatchString(line) {
			t.Errorf("reference.txt:%d: %q", i+1, line)
		}
	}
	for _, service := range Services() {
		for _, a := range Matching(service + ":*") {
			for _, u := range a.Resources {
				if _, ok := Type(service, u.Type); !ok {
					t.Errorf("%s works on %s, of which the data has no ARN", a, u.Type)
				}
			}
			for _, k := range a.Keys {
				if _, ok := KeyNamed(k); !ok {
					t.Errorf("%s has %s, of which the data has no type", a, k)
				}
			}
		}
	}
	if Version() == "" || Date() < "2026" || !slices.Contains(Services(), "s3") {
		t.Error(Version(), Date())
	}
}

// The rules ask for five services at each synthesis.
func BenchmarkFirstUse(b *testing.B) {
	for b.Loop() {
		read.services = nil
		for _, s := range []string{"s3", "kms", "iam", "sts", "logs"} {
			serviceOf(s)
		}
		keys = sync.OnceValue(readKeys)
		KeyNamed("aws:PrincipalArn")
	}
}

func TestPatternsOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, variables string
		want               bool
	}{
		{"a*c", "a${BucketName}", true},
		{"a/c", "a${BucketName}", false},
		{"a/c", "a${ObjectName}", true},
		{"a?c", "a/c", true},
		{"*/", "${BucketName}", false},
		{"", "${BucketName}", true},
		{"*", "", true},
		{"?", "", false},
		{"${aws:username}/c", "a/c", true},
	} {
		a, b := glob(c.pattern), template(c.variables)
		if overlap(a, b) != c.want || overlap(b, a) != c.want {
			t.Errorf("%q and %q: %v", c.pattern, c.variables, !c.want)
		}
	}
}

func TestActionsOnNoResourceNeedAll(t *testing.T) {
	t.Parallel()
	a, _ := Lookup("kms:ListKeys")
	for resource, want := range map[string]bool{
		"*": true, "arn:aws:kms:*": true, "arn:aws:kms:*:*:*": true, "arn:aws:kms:eu-west-1:1:key/*": true, "${aws:username}": true,
		"arn:aws:kms:*:*:key/1": false, "arn:aws:kms:*:*:key/1*": false,
		"arn:aws:logs:*:*:log-group:*": true, "arn:aws:logs:*:*:log-group::log-stream:*": true, "arn:aws:logs:*:*:log-group:/aws/a*": false, "arn:aws:s3:::*": true, "arn:aws:s3:::a*": false,
	} {
		if a.On(resource) != want {
			t.Errorf("on %s: %v", resource, !want)
		}
	}
}
