//go:build conformance

package conformance

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"github.com/s3seal/s3seal/localaws"
)

// iamCall calls an operation of IAM as an administrator; it must succeed.
func iamCall(t *testing.T, s *localaws.Server, account, action string, parameters ...string) answer {
	t.Helper()
	e := newEndpoint(t, s, "iam", account)
	e.region = "us-east-1" // IAM's signing Region
	a := query(t, e, "2010-05-08", action, parameters...)
	if a.status != 200 {
		t.Fatalf("%s: %d %s: %s", action, a.status, a.code, a.message)
	}
	return a
}

// assumeRole gives the session's keys, or why there are none.
func assumeRole(t *testing.T, e endpoint, arn string) (keys localaws.Credentials, refused string) {
	t.Helper()
	a := query(t, e, "2011-06-15", "AssumeRole", "RoleArn="+arn, "RoleSessionName=test")
	switch {
	case a.code == "AccessDenied":
		return keys, a.message
	case a.status != 200:
		t.Fatalf("AssumeRole %s: %d %s: %s", arn, a.status, a.code, a.message)
	}
	return localaws.Credentials{
		AccessKeyID: element(a.body, "AccessKeyId"), SecretAccessKey: element(a.body, "SecretAccessKey"), SessionToken: element(a.body, "SessionToken"),
	}, ""
}

// trustPolicy lets CloudFormation and an account assume a role.
func trustPolicy(account string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"` + account + `","Service":"cloudformation.amazonaws.com"}}]}`
}

// role is a role with the principals that its trust policy names, as written.
type role struct {
	arn     string
	trusted []string
}

func rolesOf(t *testing.T, s *localaws.Server, account string) []role {
	t.Helper()
	var roles []role
	for _, m := range splitMembers(iamCall(t, s, account, "ListRoles").body)[1:] {
		text, err := url.QueryUnescape(element(m, "AssumeRolePolicyDocument"))
		if err != nil {
			t.Fatal(err)
		}
		var document struct {
			Statement []struct{ Principal map[string]any }
		}
		if err := json.Unmarshal([]byte(text), &document); err != nil {
			t.Fatalf("trust policy %s: %v", text, err)
		}
		r := role{arn: element(m, "Arn")}
		for _, st := range document.Statement {
			for _, v := range st.Principal {
				list, ok := v.([]any)
				if !ok {
					list = []any{v}
				}
				for _, p := range list {
					r.trusted = append(r.trusted, p.(string))
				}
			}
		}
		roles = append(roles, r)
	}
	return roles
}

// bootstrapRole is a role of the replica account's bootstrap stack.
func bootstrapRole(name string) string {
	return "arn:aws:iam::" + prodReplica + ":role/cdk-hnb659fds-" + name + "-role-" + prodReplica + "-ap-northeast-3"
}

// trustOnly: the roles that people assume to deploy, publish and look up trust
// the account itself and these, and no other.
func trustOnly(t *testing.T, s *localaws.Server, account string, others ...string) {
	t.Helper()
	want := append([]string{account}, others...)
	slices.Sort(want)
	found := 0
	for _, r := range rolesOf(t, s, account) {
		for _, name := range []string{"deploy", "lookup", "file-publishing", "image-publishing"} {
			if r.arn != bootstrapRole(name) {
				continue
			}
			found++
			trusted := slices.Clone(r.trusted)
			slices.Sort(trusted)
			if trusted = slices.Compact(trusted); !slices.Equal(trusted, want) {
				t.Errorf("%s trusts %q, want %q", r.arn, trusted, want)
			}
		}
	}
	if found != 4 {
		t.Errorf("%d of 4 bootstrap roles found", found)
	}
}
