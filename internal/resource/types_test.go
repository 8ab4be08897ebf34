package resource

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/template"
)

// typeCase is a resource type that grants or limits: what a decision is with one,
// and what it is without.
type typeCase struct {
	name          string // the resource type, and how it is used
	base, it      string // the resources without it, and itself
	who           iam.Caller
	action, on    string
	without, with string // verdicts
	because       string // in the first reason of an unknown
}

const account = "111122223333"

var (
	role1 = iam.RoleSession("arn:aws:iam::111122223333:role/me", "s")
	user1 = iam.User("arn:aws:iam::111122223333:user/me")
)

// Whatever can grant or limit changes a decision, or is named as unread.
func TestEveryTypeThatGrantsOrLimitsCounts(t *testing.T) {
	t.Parallel()
	for _, group := range [][]typeCase{identityTypes, resourceTypes, openingTypes, limitingTypes, accessPointTypes, undocumentedTypes} {
		for _, tc := range group {
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				for _, side := range []struct{ resources, want string }{{tc.base, tc.without}, {tc.base + ", " + tc.it, tc.with}} {
					d := readIn(t, "eu-west-1", `{"Resources": {`+side.resources+`}}`).Decide(Request{Caller: tc.who, Action: tc.action, Resource: tc.on})
					if got := verdict(d); got != side.want {
						t.Fatalf("%s: %s, want %s; unread %v\n%s", side.resources, got, side.want, d.Unread, d.Explain())
					}
					if side.want == "unknown" && !strings.Contains(Why(d.Unread).Error(), tc.because) {
						t.Errorf("%s: because of %v, want %q", side.resources, Why(d.Unread), tc.because)
					}
				}
			})
		}
	}
}

// readIn is what one stack of the account deploys in a Region.
func readIn(t *testing.T, region, text string) *Set {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stack.template.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := template.ReadTemplate(path, account, region)
	if err != nil {
		t.Fatal(err)
	}
	return Read([]*template.Stack{s})
}

// a is a resource in JSON.
func a(id, typ, properties string) string {
	return `"` + id + `": {"Type": "` + typ + `", "Properties": {` + properties + `}}`
}

// allows is a document of one statement.
func allows(principal, action, resource string) string {
	if principal != "" {
		principal = `"Principal": ` + principal + `, `
	}
	return `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", ` + principal + `"Action": "` + action + `", "Resource": "` + resource + `"}]}`
}
