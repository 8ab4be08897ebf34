package execution_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/template"
)

// examples are the templates of the stages of test/testdata/stages.yaml.
const examples = "../access/testdata/assembly"

func read(t *testing.T, folder string) []*template.Stack {
	t.Helper()
	a, err := template.ReadAssembly(folder)
	if err != nil {
		t.Fatal(err)
	}
	return a.Stacks
}

// written is a stack in 111122223333 and eu-west-1.
func written(t *testing.T, text string) *template.Stack {
	t.Helper()
	file := filepath.Join(t.TempDir(), "app.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := template.ReadTemplate(file, "111122223333", "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func of(t *testing.T, stacks ...*template.Stack) []execution.Policies {
	t.Helper()
	all, err := execution.Of(stacks)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func statements(all []execution.Policies) map[string]iam.Statement {
	bySid := map[string]iam.Statement{}
	for _, p := range all {
		for _, d := range p.Documents {
			for _, s := range d.Statement {
				bySid[s.Sid] = s
			}
		}
	}
	return bySid
}

// TestPoliciesHaveNoStandIn: a name that package template made up would admit
// nothing that CloudFormation makes.
func TestPoliciesHaveNoStandIn(t *testing.T) {
	t.Parallel()
	stacks := read(t, examples)
	all := of(t, stacks...)
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	places := map[string]bool{}
	for _, s := range stacks {
		places[s.Account+" "+s.Region] = true
		for _, r := range s.Resources() {
			property := template.NameProperty(r.Type)
			if r.RawProperties[property] != nil || strings.HasSuffix(r.Type, "Policy") { // of which Ref is another's name
				continue
			}
			name, err := r.Ref()
			if err == nil && strings.Contains(string(text), name[strings.LastIndexAny(name, ":/")+1:]) {
				t.Errorf("%s of %s: %s", r.LogicalID, s.Name, name)
			}
		}
	}
	if len(places) != len(all) {
		t.Errorf("%d accounts and Regions, of which %d have policies", len(places), len(all))
	}
}

func TestPoliciesAreAsNarrowAsNames(t *testing.T) {
	t.Parallel()
	for sid, s := range statements(of(t, read(t, examples)...)) {
		for _, r := range s.Resource {
			switch {
			case r == "*":
				if !strings.HasSuffix(sid, "Any") {
					t.Errorf("%s is on everything", sid)
				}
			case strings.HasSuffix(r, ":key/*"), strings.Contains(r, ":log-group:"), strings.HasSuffix(r, ":event-source-mapping:*"), strings.HasPrefix(r, "arn:aws:s3:::cdk-hnb659fds-assets-"):
			case strings.HasSuffix(r, "/*"), strings.HasSuffix(r, ":*"):
				t.Errorf("%s is on %s", sid, r)
			}
		}
		for _, a := range s.Action {
			if strings.Contains(a, "*") || slices.Contains([]string{"s3:PutObject", "s3:DeleteObject", "iam:DeleteRolePermissionsBoundary"}, a) {
				t.Errorf("%s grants %s", sid, a)
			}
			if a == "s3:GetObject" && s.Condition["StringEquals"]["aws:ResourceAccount"] == nil || a == "iam:PassRole" && s.Condition["StringEquals"]["iam:PassedToService"] == nil {
				t.Errorf("%s grants %s without a condition", sid, a)
			}
		}
	}
}

func TestNothingIsGrantedTwice(t *testing.T) {
	t.Parallel()
	for _, p := range of(t, read(t, examples)...) {
		granted := map[string]string{}
		for sid, s := range statements([]execution.Policies{p}) {
			for _, a := range s.Action {
				for _, r := range s.Resource {
					key := fmt.Sprint(a, " on ", r, s.Condition)
					if granted[key] != "" {
						t.Errorf("%s: %s and %s grant %s", p.Account, granted[key], sid, key)
					}
					granted[key] = sid
				}
			}
		}
	}
}

func TestRolesKeepTheirBoundary(t *testing.T) {
	t.Parallel()
	const boundary = "arn:aws:iam::111122223333:policy/limit"
	bySid := statements(of(t, written(t, `
Resources:
  Bound:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      PermissionsBoundary: `+boundary+`
      Policies: [{PolicyName: p, PolicyDocument: {}}]
`)))
	for _, s := range bySid {
		for _, a := range s.Action {
			granting := slices.Contains([]string{"iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary"}, a)
			if bound := s.Condition["StringEquals"]["iam:PermissionsBoundary"]; granting != slices.Equal(bound, iam.Strings{boundary}) {
				t.Errorf("%s has the condition %v", a, bound)
			}
		}
	}
}

func TestWhatStaysIsNotDeleted(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]bool{"Retain": false, "RetainExceptOnCreate": true, "Delete": true} {
		bySid := statements(of(t, written(t, `
Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {BucketName: data}, DeletionPolicy: `+policy+`, UpdateReplacePolicy: Retain}
`)))
		if got := slices.Contains(bySid["S3Bucket"].Action, "s3:DeleteBucket"); got != want {
			t.Errorf("%s: the bucket may be deleted: %t", policy, got)
		}
	}
}

func TestWhatIsNotKnownIsAnError(t *testing.T) {
	t.Parallel()
	anywhere := written(t, "Resources: {K: {Type: AWS::KMS::Key}}")
	anywhere.Account = ""
	for want, s := range map[string]*template.Stack{
		"which permissions AWS::EC2::Instance needs isn't known": written(t, "Resources: {I: {Type: AWS::EC2::Instance}}"),
		"the stack is for any account or Region":                 anywhere,
		"needs s3tables:CreateTable, and":                        written(t, "Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: b, MetadataTableConfiguration: {}}}}"),
		"F needs iam:PassRole on a resource that isn't known":    written(t, "Parameters: {R: {Type: String}}\nResources: {F: {Type: AWS::Lambda::Function, Properties: {Role: !Ref R}}}"),
		"needs s3:CreateBucket on a resource that isn't known":   written(t, "Parameters: {N: {Type: String}}\nResources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref N}}}"),
	} {
		if _, err := execution.Of([]*template.Stack{s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

// TestPoliciesAreSplit: each document is within IAM's quota, and none is lost.
func TestPoliciesAreSplit(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("Resources:\n")
	for i := range 150 {
		fmt.Fprintf(&b, "  B%d: {Type: AWS::S3::Bucket, Properties: {BucketName: %s-%03d}}\n", i, strings.Repeat("long", 12), i)
	}
	s := written(t, b.String())
	seen := map[string]bool{}
	for _, d := range of(t, s)[0].Documents {
		text, err := json.Marshal(d)
		if err != nil || len(text) > 6144 {
			t.Error(len(text), err)
		}
		for _, r := range d.Statement[0].Resource {
			seen[r] = true
		}
	}
	if len(seen) != 150 {
		t.Errorf("%d buckets of 150", len(seen))
	}
	for i := range 1000 {
		fmt.Fprintf(&b, "  C%d: {Type: AWS::S3::Bucket, Properties: {BucketName: %s-%03d}}\n", i, strings.Repeat("much", 12), i)
	}
	if _, err := execution.Of([]*template.Stack{written(t, b.String())}); err == nil || !strings.Contains(err.Error(), "a role has at most 10") {
		t.Error(err)
	}
}
