package stage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	deny  = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}`
	begin = "stages: {dev: {prefix: acme-dev, source: {account: \"111122223333\", region: ap-northeast-1}}}\n"
)

// loadBeside loads a stages.yaml that stands beside a file of policies.
func loadBeside(t *testing.T, organization string) (*File, string, error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "stages.yaml")
	if err := os.Mkdir(filepath.Join(dir, "policies"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{path: begin + organization, filepath.Join(dir, "policies", "deny.json"): deny, filepath.Join(dir, "bad.json"): "{"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := Load(path)
	return file, dir, err
}

func TestOrganizationIsRead(t *testing.T) {
	t.Parallel()
	file, _, err := loadBeside(t, "organization: {managementAccount: \"999988887777\", scps: [{files: [policies/deny.json], accounts: [\"111122223333\"]}]}")
	if err != nil {
		t.Fatal(err)
	}
	o := file.Organization.Policies()
	levels := o.ServiceControl("111122223333")
	if len(levels) != 1 || len(levels[0]) != 2 || levels[0][0].Name != "policy deny.json" || levels[0][1].Name != "FullAWSAccess" {
		t.Errorf("SCPs: %+v", levels)
	}
	if o.ServiceControl("444455556666") != nil || o.ServiceControl("999988887777") != nil || o.ResourceControl("111122223333") != nil {
		t.Errorf("others are limited: %+v", o)
	}
}

// A policy that can't be read is a problem of the line that names it.
func TestOrganizationProblems(t *testing.T) {
	t.Parallel()
	for organization, want := range map[string]string{
		"organization: {scps: [{files: [policies/deny.json, none.json]}]}":                  "2:52: DIR/none.json: can't be read: no such file or directory",
		"organization: {scps: [{files: [bad.json]}]}":                                       "2:32: DIR/bad.json: not a policy document: policy document: JSON not well-formed: the text ends within a JSON value",
		"organization: {rcps: [{files: [policies/deny.json]}]}":                             `2:32: deny.json: Statement[0] has another Principal than "*", the only one of an RCP: write "*", and whom it is about as a Condition`,
		"organization: {scps: [{files: [policies/deny.json, policies/deny.json]}]}":         `2:52: "policies/deny.json" comes twice: remove one`,
		"organization: {scps: [{files: [policies/deny.json], accounts: [\"1111222233\"]}]}": `2:64: accounts[0] "1111222233" isn't an account id: write its 12 digits in quotes, such as "111122223333"`,
	} {
		_, dir, err := loadBeside(t, organization)
		var problems Errors
		if !errors.As(err, &problems) || len(problems) != 1 {
			t.Errorf("%s: %v", organization, err)
			continue
		}
		got := relative(problems[0].String(), dir)
		if got != "DIR/stages.yaml:"+want {
			t.Errorf("%s:\n got %s\nwant %s", organization, got, want)
		}
	}
}

// relative is a text with DIR for a folder of the test's own.
func relative(text, dir string) string { return strings.ReplaceAll(text, dir, "DIR") }
