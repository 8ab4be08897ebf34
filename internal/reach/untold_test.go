package reach

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// What an organization denies everybody outside of it says nothing about how the
// objects of a bucket are encrypted, nor about who has the customer's key.
func TestOrganizationLeavesTheEncryption(t *testing.T) {
	t.Parallel()
	a, err := template.ReadAssembly("../../test/snapshots")
	if err != nil {
		t.Fatal(err)
	}
	set := resource.Read(access.Stacks(a, "prod"))
	rcp, err := policyfile.NewRCPs(nil, iam.Source{Name: "rcp", Document: iam.Document{Version: iam.Version, Statement: []iam.Statement{{
		Effect: iam.Deny, Principal: &iam.Principal{Any: true}, Action: iam.Strings{"s3:*"}, Resource: iam.Strings{"*"},
		Condition: iam.Condition{"StringNotEquals": {"aws:PrincipalOrgID": {"o-ourown0001"}}},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	set.Limit(policyfile.Organization{RCPs: []policyfile.Level{rcp}})
	m := Of(set)
	for _, b := range set.Buckets {
		if access.ShortName(b.LogicalID) != "SseC" {
			continue
		}
		who := principal(t, set, "administrator@"+b.Account)
		if a := m.Ask(who, Object{Bucket: b, Key: "k"}, Get); a.Reaches || a.Path.Unknown == nil {
			t.Errorf("of an organization that isn't known: reaches %t, %v; want it unknown", a.Reaches, a.Path)
		}
		who.Context = question.Context{"aws:PrincipalOrgID": {"o-ourown0001"}}
		if a := m.Ask(who, Object{Bucket: b, Key: "k"}, Get); !a.Reaches || strings.Join(a.Path.By, " + ") != "IAM + IAM" {
			t.Errorf("of the organization: reaches %t, %v; want it by IAM for the bucket and for the secret", a.Reaches, a.Path)
		}
	}
}
