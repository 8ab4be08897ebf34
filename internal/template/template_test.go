package template

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readYAML(t *testing.T) *Stack {
	t.Helper()
	s, err := ReadTemplate("testdata/short-tags.yaml", "111122223333", "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestYAMLTemplateWithShortTags(t *testing.T) {
	t.Parallel()
	s := readYAML(t)
	var ids []string
	for _, r := range s.Resources() {
		ids = append(ids, r.LogicalID)
	}
	if diff := cmp.Diff([]string{"Data", "Key", "Policy"}, ids); diff != "" {
		t.Error("OnlyDev has a false condition:", diff)
	}
	data := s.ResourcesOfType("AWS::S3::Bucket")[0]
	got, err := data.Properties().Resolve()
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.Resource("Key").Att("Arn")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"BucketEncryption":{"ServerSideEncryptionConfiguration":[{"BucketKeyEnabled":true,"ServerSideEncryptionByDefault":{"KMSMasterKeyID":"` +
		key + `","SSEAlgorithm":"aws:kms"}}]},"BucketName":"data-prod-west","LifecycleConfiguration":{"Rules":[{"ExpirationInDays":30,"Status":"Enabled"}]},` +
		`"Tags":[{"Key":"stage","Value":"prod"}]}`
	if diff := cmp.Diff(want, encode(t, got)); diff != "" {
		t.Error(diff)
	}
	var policy struct {
		Version   string
		Statement []struct{ Resource []string }
	}
	document, err := s.Resource("Policy").Properties().Get("PolicyDocument").Resolve()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(encode(t, document)), &policy); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"arn:aws:s3:::data-prod-west", "arn:aws:s3:::data-prod-west/home/${aws:username}/*"}, policy.Statement[0].Resource); diff != "" {
		t.Error(diff)
	}
	if policy.Version != "2012-10-17" {
		t.Errorf("an unquoted date became %q", policy.Version)
	}
	if got := s.Template.Resources["OnlyDev"].RawProperties["DisplayName"]; got != "two\nlines\n" {
		t.Errorf("literal block: %q", got)
	}
	if diff := cmp.Diff([]string{"Key"}, data.DependsOn); diff != "" {
		t.Error(diff)
	}
}

func TestReadTemplateRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, want string }{
		"bad JSON":             {"a.json", "{\n\"Resources\": {\"A\" 5}}", `a.json: 2:`},
		"JSON cut short":       {"a.json", `{"Resources": {`, "a.json: 1:16: JSON not well-formed: the text ends within a JSON value"},
		"JSON with more":       {"a.json", `{"Resources": {}} {}`, "more follows after the value"},
		"JSON too deep":        {"a.json", `{"a":` + strings.Repeat("[", 100_000), "nested deeper than 200"},
		"bad YAML":             {"a.yaml", "a:\n  - b\n c: d\n", "a.yaml: "},
		"YAML anchors":         {"a.yaml", "a: &x 1\nb: *x\n", "a.yaml: 1:4: CloudFormation has no YAML anchors"},
		"YAML merge keys":      {"a.yaml", "b: {<<: {a: b}}\n", "CloudFormation has no YAML anchors"},
		"a strange tag":        {"a.yaml", "a: !!binary aGFsbG8=\n", `tag "!!binary" is not a CloudFormation function`},
		"a tag at a key":       {"a.yaml", "a: [!ImportValue Fn::Sub: x]\n", `a.yaml: 1:5: tag "!ImportValue" stands at a key`},
		"a list as a key":      {"a.yaml", "? [a]\n: b\n", `a.yaml: 1:3: a mapping or a list can't be a key`},
		"two documents":        {"a.yaml", "a: 1\n---\nb: 1\n", "a.yaml: 2 YAML documents: a template is one"},
		"an empty file":        {"a.yaml", "", "a.yaml: 0 YAML documents"},
		"YAML flow too deep":   {"a.yaml", "a: " + strings.Repeat("[", 100_000), "nested deeper than 200"},
		"YAML lists too deep":  {"a.yaml", strings.Repeat("- ", 100_000), "nested deeper than 200"},
		"YAML tags too deep":   {"a.yaml", "a: " + strings.Repeat("!x ", 100_000), "a.yaml: "},
		"YAML keys too deep":   {"a.yaml", strings.Repeat("? ", 100_000), "nested deeper than 200"},
		"text":                 {"a.txt", "hello", "a.txt: not a CloudFormation template: it is no mapping"},
		"another kind of YAML": {"a.yaml", "on: push\n", "a.yaml: on: not a section of a CloudFormation template"},
		"no resources":         {"a.yaml", "Description: x\n", "a.yaml: not a CloudFormation template: it has no Resources"},
		"resources as a list":  {"a.json", `{"Resources": []}`, "a.json: Resources: must be a mapping, not a list"},
		"a resource as text":   {"a.json", `{"Resources": {"A": "b"}}`, "a.json: Resources.A: must be a mapping, not a string"},
		"no type":              {"a.json", `{"Resources": {"A": {}}}`, "a.json: Resources.A: a resource needs a Type"},
		"a strange logical id": {"a.json", `{"Resources": {"A-b": {"Type": "x"}}}`, "a.json: Resources.A-b: a name here has letters and digits only"},
		"properties as a list": {"a.json", `{"Resources": {"A": {"Type": "x", "Properties": []}}}`, "Resources.A.Properties: must be a mapping, not a list"},
		"a strange DependsOn":  {"a.json", `{"Resources": {"A": {"Type": "x", "DependsOn": [1]}}}`, "Resources.A.DependsOn[0]: must be a logical id, not a number"},
		"no output value":      {"a.json", `{"Resources": {"A": {"Type": "x"}}, "Outputs": {"O": {}}}`, "Outputs.O: an output needs a Value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadTemplate(file, "", "")
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if err != nil && len(err.Error()) > 400 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
	if _, err := ReadTemplate("testdata/no-such-file.json", "", ""); err == nil || err.Error() != "testdata/no-such-file.json: no such file" {
		t.Error(err)
	}
	if _, err := ReadTemplate("testdata", "", ""); err == nil || err.Error() != "testdata: not a file" {
		t.Error(err)
	}
}

func TestReadTemplateNamesAllProblems(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(file, []byte(`{"Resources": {"A": {}, "B": 5}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ReadTemplate(file, "", "")
	want := file + ": Resources.A: a resource needs a Type\n" + file + ": Resources.B: must be a mapping, not a number"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestMacrosLeaveThingsUnknown(t *testing.T) {
	t.Parallel()
	s := stackOf(t, `{"Transform": ["AWS::LanguageExtensions", {"Name": "AWS::Include"}], "Resources": {
		"Fn::ForEach::Buckets": ["X", ["a"], {}],
		"A": {"Type": "AWS::S3::Bucket", "DeletionPolicy": {"Ref": "P"}}}}`)
	if diff := cmp.Diff([]string{"AWS::LanguageExtensions", "AWS::Include"}, s.Template.Transforms); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Resources.A.DeletionPolicy", "Resources.Fn::ForEach::Buckets"}, s.Template.Unexpanded); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Resolve(map[string]any{"Ref": "BucketX"}, "Here"); !IsUnknown(err) {
		t.Error(err)
	}
}

func TestStackNameFromFile(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"a/bucket.yaml": "a-bucket", "bucket.yaml": "bucket", "My Stack.template.json": "My-Stack", ".yml": "stack", "{a}_b.json": "a-b",
	} {
		if got := StackName(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}

func TestByteOrderMarkIsSkipped(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"\ufeff{\"Resources\": {}}", "\ufeffResources: {}\n"} {
		if _, err := Parse([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
