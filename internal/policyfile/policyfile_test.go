package policyfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	denyDelete = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}}`
	allowKMS   = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}`
	denyAll    = `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}`
)

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{`:                                  "not a policy document",
		`{"Statement": []}`:                  "policy.json: not a policy document: Statement: empty",
		`{"Statemen": "x"}`:                  `no such element`,
		"{}" + strings.Repeat(" ", maxBytes): "larger than 256 KiB",
	} {
		_, err := Read(write(t, text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: %v, want %q in one line", text, err, want)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.json")); err == nil || !strings.Contains(err.Error(), "none.json: can't be read: no such file") {
		t.Errorf("no file: %v", err)
	}
}

// What no SCP or RCP can be would be evaluated as if it were one.
func TestLevelsRefuse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		read func([]string, ...string) (Level, error)
		text string
		want string
	}{
		{ReadSCPs, denyAll, "names a principal"},
		{ReadSCPs, "{", "not a policy document"},
		{ReadRCPs, strings.Replace(denyAll, "Deny", "Allow", 1), "an RCP only denies"},
		{ReadRCPs, denyDelete, "another Principal"},
		{ReadRCPs, strings.Replace(denyAll, `"*"`, `{"AWS": "111122223333"}`, 1), "another Principal"},
		{ReadRCPs, strings.Replace(denyAll, `"Action"`, `"NotAction"`, 1), "NotAction"},
		{ReadRCPs, strings.Replace(denyAll, "s3:*", "*", 1), "write the services"},
	} {
		if _, err := tc.read(nil, write(t, tc.text)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.text, err, tc.want)
		}
	}
}

// Policies that only deny stand beside the full access that AWS attaches; one
// that allows replaces it. A level is about its accounts alone.
func TestOrganizationLimits(t *testing.T) {
	t.Parallel()
	scp := func(accounts []string, text string) Organization {
		l, err := ReadSCPs(accounts, write(t, text))
		if err != nil {
			t.Fatal(err)
		}
		return Organization{SCPs: []Level{l}}
	}
	rcp, err := ReadRCPs(nil, write(t, denyAll))
	if err != nil {
		t.Fatal(err)
	}
	all := iam.Source{Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{Effect: iam.Allow, Action: iam.Strings{"*"}, Resource: iam.Strings{"*"}}}}}
	const own = "111122223333"
	for name, tc := range map[string]struct {
		organization Organization
		action       string
		want         bool
	}{
		"none":                        {Organization{}, "s3:DeleteObject", true},
		"denied":                      {scp(nil, denyDelete), "s3:DeleteObject", false},
		"not denied":                  {scp(nil, denyDelete), "s3:GetObject", true},
		"not on the list":             {scp(nil, allowKMS), "s3:GetObject", false},
		"denied to this account":      {scp([]string{own}, denyDelete), "s3:DeleteObject", false},
		"denied to another account":   {scp([]string{"999999999999"}, denyDelete), "s3:DeleteObject", true},
		"denied by the resource's":    {Organization{RCPs: []Level{rcp}}, "s3:DeleteObject", false},
		"another service's resources": {Organization{RCPs: []Level{rcp}}, "lambda:InvokeFunction", true},
	} {
		d := iam.Evaluate(iam.Request{
			Caller: iam.RoleSession("arn:aws:iam::"+own+":role/r", "s"), Action: tc.action, Resource: "arn:aws:s3:::data/x", ResourceAccount: own,
		}, iam.Policies{Identity: []iam.Source{all}, SCPs: tc.organization.ServiceControl(own), RCPs: tc.organization.ResourceControl(own)})
		if d.Allowed != tc.want {
			t.Errorf("%s: %s", name, d.Explain())
		}
	}
}
