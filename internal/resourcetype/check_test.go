package resourcetype

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, typ, properties string
		want                  []Problem
	}{
		{"right", "AWS::S3::Bucket", `{"BucketName": "b", "VersioningConfiguration": {"Status": "Enabled"}, "Tags": [{"Key": "k", "Value": 5}]}`, nil},
		{"right, of a list", "AWS::S3::Bucket", `{"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"BlockedEncryptionTypes": {"EncryptionType": ["NONE"]}}]}}`, nil},
		{"numbers and booleans as texts", "AWS::Lambda::Function", `{"Code": {}, "Role": "r", "Timeout": "3", "EphemeralStorage": {"Size": 512}}`, nil},
		{"a policy as text", "AWS::IAM::Role", `{"AssumeRolePolicyDocument": "{}"}`, nil},
		{"an open object", "AWS::Lambda::Function", `{"Code": "./folder", "Role": "r", "Environment": {"Variables": {"ANY": "thing"}}}`, nil},
		{"a misspelt property", "AWS::S3::Bucket", `{"bucketname": "b"}`, []Problem{{".bucketname", `there is no property "bucketname"; "BucketName" is meant`, false}}},
		{"a new property", "AWS::S3::Bucket", `{"QuantumStorage": 1}`, []Problem{{".QuantumStorage", `property "QuantumStorage" isn't among those of 2026-05-20`, true}}},
		{"a misspelt value", "AWS::S3::Bucket", `{"VersioningConfiguration": {"Status": "Enable"}}`, []Problem{{".VersioningConfiguration.Status", `there is no value "Enable"; "Enabled" is meant`, false}}},
		{"a new version", "AWS::Lambda::Function", `{"Code": {}, "Role": "r", "Runtime": "python3.99"}`, []Problem{{".Runtime", `value "python3.99" isn't among those of`, true}}},
		{"a missing property", "AWS::IAM::Role", `{}`, []Problem{{".AssumeRolePolicyDocument", "it is required and missing", false}}},
		{"a missing property within", "AWS::S3::Bucket", `{"Tags": [{"Key": "k"}]}`, []Problem{{".Tags[0].Value", "it is required and missing", false}}},
		{"a missing property, misspelt", "AWS::S3::Bucket", `{"Tags": [{"Key": "k", "value": "v"}]}`, []Problem{{".Tags[0].value", `there is no property "value"; "Value" is meant`, false}}},
		{"a number that there isn't", "AWS::Logs::LogGroup", `{"RetentionInDays": 45}`, []Problem{{".RetentionInDays", "45 isn't among the values of 2026-05-20; the nearest are 30 and 60", true}}},
		{"an attribute", "AWS::KMS::Key", `{"KeyId": "k"}`, []Problem{{".KeyId", "it is an attribute, which AWS gives and nobody sets", false}}},
		{"a mapping for a list", "AWS::S3::Bucket", `{"Tags": {}}`, []Problem{{".Tags", "must be a list, not a mapping", false}}},
		{"a text for a mapping", "AWS::S3::Bucket", `{"VersioningConfiguration": "Enabled"}`, []Problem{{".VersioningConfiguration", "must be a mapping, not a string", false}}},
		{"a list for a text", "AWS::S3::Bucket", `{"BucketName": ["b"]}`, []Problem{{".BucketName", "must be a string, not a list", false}}},
		{"a word for a number", "AWS::Lambda::Function", `{"Code": {}, "Role": "r", "Timeout": "long"}`, []Problem{{".Timeout", `must be a number, not "long"`, false}}},
		{"a word for a boolean", "AWS::KMS::Key", `{"Enabled": "yes"}`, []Problem{{".Enabled", `must be true or false, not "yes"`, false}}},
	} {
		var properties map[string]any
		decoder := json.NewDecoder(strings.NewReader(c.properties))
		decoder.UseNumber()
		if err := decoder.Decode(&properties); err != nil {
			t.Fatal(err)
		}
		begins := cmp.Comparer(func(a, b Problem) bool {
			return a.At == b.At && a.Recent == b.Recent && (strings.HasPrefix(a.Reason, b.Reason) || strings.HasPrefix(b.Reason, a.Reason))
		})
		if d := cmp.Diff(c.want, Named(c.typ).Check(properties), begins); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestAnUnknownValuePasses(t *testing.T) {
	t.Parallel()
	got := Named("AWS::S3::Bucket").Check(map[string]any{
		"Tags": Unknown{}, "BucketName": Unknown{}, "VersioningConfiguration": map[string]any{"Status": Unknown{}}, "OwnershipControls": Unknown{},
	})
	if got != nil {
		t.Error(got)
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	bucket := Named("AWS::S3::Bucket")
	for name, want := range map[string][]Problem{
		"Arn": nil, "BucketName": nil, "MetadataConfiguration.Destination": nil,
		"ARN":                        {{"", `there is no attribute "ARN"; "Arn" is meant`, false}},
		"Owner":                      {{"", `attribute "Owner" isn't among those of 2026-05-20; nearest: "Arn", "DomainName" or "WebsiteURL"`, true}},
		strings.Repeat("Arn", 1<<20): {{"", "attribute of 3145728 bytes: it isn't among those of 2026-05-20", true}},
	} {
		if d := cmp.Diff(want, bucket.CheckAttribute(name)); d != "" {
			t.Errorf("%.20s: %s", name, d)
		}
	}
	if Named("AWS::Nothing::Here") != nil {
		t.Error("a type that there isn't is known")
	}
}

// Every kind that a property names is a scalar, or an object of the type.
func TestTheDataIsWhole(t *testing.T) {
	t.Parallel()
	for name, typ := range load().types {
		for of, o := range typ.objects {
			for key, p := range o.properties {
				kind := strings.Trim(p.kind, "[]")
				switch kind {
				case "string", "integer", "number", "boolean", "object", "any":
				default:
					if typ.objects[kind] == nil {
						t.Errorf("%s: %s.%s is a %s, which isn't described", name, of, key, kind)
					}
				}
			}
		}
		if typ.objects[properties] == nil {
			t.Errorf("%s has no properties", name)
		}
	}
}
