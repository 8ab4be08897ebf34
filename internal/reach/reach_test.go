package reach

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/question"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

func readWays(t *testing.T) *resource.Set {
	t.Helper()
	s, err := template.ReadTemplate("testdata/ways.yaml", "111122223333", "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	return resource.Read([]*template.Stack{s})
}

func principal(t *testing.T, set *resource.Set, name string) access.Principal {
	t.Helper()
	for _, p := range Principals(set) {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("nobody is called %s", name)
	return access.Principal{}
}

func TestGet(t *testing.T) {
	t.Parallel()
	set := readWays(t)
	m, object := Of(set), Object{Bucket: set.BucketNamed("data"), Key: "k"}
	const reader = "by Objects and Keys"
	for who, want := range map[string]string{
		"Reader":                              reader,
		"S3Only":                              "",
		"KeyChanger":                          "after changing the policy of key Key, by S3",
		"Granter":                             "after a grant on key Key, by S3",
		"Refused":                             "",
		"Assumer":                             "after assuming Reader, " + reader,
		"Coder":                               "after new code for Function, which runs as Reader, " + reader,
		"Passer":                              "after a new function that runs as Reader, " + reader,
		"PassesNothing":                       "",
		"KeyMaker":                            "after an access key for Coder, then new code for Function, which runs as Reader, " + reader,
		"SelfMade":                            "after giving itself a policy, then changing the policy of key Key, by IAM",
		"Bound":                               "",
		"lambda-user@111122223333":            "after calling Function, which does its work as Reader, " + reader,
		"iam-user@111122223333":               "after changing whom Reader trusts, " + reader,
		"administrator@111122223333":          "after changing the policy of key Key, by IAM",
		"stranger":                            "",
		"nobody":                              "",
		"lambda.amazonaws.com for a stranger": "",

		"whoever oidc-provider/ci.example.com@111122223333 vouches for with… 12840b": "after assuming Reader, " + reader,
		"whoever saml-provider/corp@111122223333 vouches for":                        "after assuming Reader, " + reader,
		"whoever graph.facebook.com vouches for":                                     "", // it calls another operation
	} {
		a := m.Ask(principal(t, set, who), object, Get)
		if got := a.Path.String(); got != want || a.Reaches != (want != "") {
			t.Errorf("%s: reaches %t, %q; want %q", who, a.Reaches, got, want)
		}
	}
}

// What could not be read may open the way: no answer says that there is none.
func TestWhatIsUnreadLeavesTheAnswerOpen(t *testing.T) {
	t.Parallel()
	set := readWays(t)
	a := Of(set).Ask(principal(t, set, "Doubtful"), Object{Bucket: set.BucketNamed("data"), Key: "k"}, Get)
	if a.Reaches || a.Path.Unknown == nil || !strings.Contains(a.Path.Unknown.Error(), "nobody-knows") {
		t.Errorf("reaches %t, %v; want it unknown, for nobody-knows is not read", a.Reaches, a.Path.Unknown)
	}
}

// A default key that the stacks don't make is not aws/s3, which admits everybody.
func TestUnknownDefaultKeyLeavesTheAnswerOpen(t *testing.T) {
	t.Parallel()
	set := readWays(t)
	object := Object{Bucket: set.BucketNamed("elsewhere"), Key: "k"}
	for _, use := range []Use{Get, Put} {
		a := Of(set).Ask(principal(t, set, "administrator@111122223333"), object, use)
		if a.Reaches || a.Path.Unknown == nil || !strings.Contains(a.Path.Unknown.Error(), "which key alias/elsewhere is") {
			t.Errorf("%s: reaches %t, %v; want it unknown, for the key is", use, a.Reaches, a.Path.Unknown)
		}
	}
	object.Headers = question.SSEKMS
	if a := Of(set).Ask(principal(t, set, "administrator@111122223333"), object, Put); !a.Reaches {
		t.Errorf("an upload that asks for aws/s3 doesn't come to the default key: %v", a.Path)
	}
	if text := Under(set, object); !strings.Contains(text, "unknown: which key alias/elsewhere is") {
		t.Errorf("%q", text)
	}
}

// The key admits its reader for the bucket's Bucket Key only, which an upload
// under DSSE-KMS or another key has not.
func TestPut(t *testing.T) {
	t.Parallel()
	set := readWays(t)
	m := Of(set)
	who := principal(t, set, "Reader")
	who.Identity = question.Allowing("*")
	for name, tc := range map[string]struct {
		headers question.Context
		by      string
	}{
		"the default":    {nil, "IAM + IAM"},
		"as SSE-S3":      {question.SSES3, "IAM"},
		"as DSSE-KMS":    {question.UnderKey("aws:kms:dsse", set.Keys[0].ARN), "after"},
		"as SSE-KMS":     {question.UnderKey("aws:kms", set.Keys[0].ARN), "IAM + IAM"},
		"as aws/s3":      {question.SSEKMS, "IAM + aws/s3"},
		"as SSE-C":       {question.SSEC, ""},
		"stranger's key": {question.UnderKey("aws:kms", question.SomeKey("eu-west-1", question.Stranger)), ""},
	} {
		a := m.Ask(who, Object{Bucket: set.BucketNamed("data"), Key: "k", Headers: tc.headers}, Put)
		got := strings.Join(a.Path.By, " + ")
		if len(a.Path.Steps) > 0 {
			got = "after"
		}
		if got != tc.by || a.Reaches != (tc.by != "") || a.Path.Unknown != nil {
			t.Errorf("%s: reaches %t, %v; want %q", name, a.Reaches, a.Path, tc.by)
		}
	}
}

// SSE-C takes the secret as well as the bucket.
func TestCustomersKeyIsNeeded(t *testing.T) {
	t.Parallel()
	a, err := template.ReadAssembly("../../test/snapshots")
	if err != nil {
		t.Fatal(err)
	}
	set := resource.Read(access.Stacks(a, "prod"))
	m := Of(set)
	for _, b := range set.Buckets {
		if access.ShortName(b.LogicalID) != "SseC" {
			continue
		}
		object := Object{Bucket: b, Key: "k"}
		for who, want := range map[string]string{
			"SseCFunctionsGetRole":       "by GetObjects and ReadKeyRing",
			"administrator@444455556666": "by IAM and IAM",
			"s3-user@444455556666":       "",
			"SseS3FunctionsGetRole":      "",
		} {
			if got := m.Ask(principal(t, set, who), object, Get).Path.String(); got != want {
				t.Errorf("%s: %q, want %q", who, got, want)
			}
		}
		return
	}
	t.Error("there is no bucket SseC")
}

func TestCopies(t *testing.T) {
	t.Parallel()
	set := readWays(t)
	list := Copies(set, set.BucketNamed("data"))
	if len(list) != 1 || list[0].Name != "copies" || list[0].Bucket != nil {
		t.Errorf("%v; want the bucket copies, which is in none of the stacks", list)
	}
}

// Two principals may be one caller with other policies: what one may become says
// nothing of the other.
func TestMovesAreOfThePoliciesAskedWith(t *testing.T) {
	t.Parallel()
	set := readWays(t)
	m, object := Of(set), Object{Bucket: set.BucketNamed("data"), Key: "k"}
	caller := question.Role("aws", "111122223333", "x")
	for _, action := range []string{"ec2:*", "*"} {
		a := m.Ask(access.Principal{Name: action, Caller: caller, Identity: question.Allowing(action)}, object, Get)
		if a.Reaches != (action == "*") {
			t.Errorf("with %s: reaches %t", action, a.Reaches)
		}
	}
	if m.Ask(access.Principal{Name: "nobody", Caller: iam.Anonymous()}, object, Get).Reaches {
		t.Error("an unsigned request becomes somebody")
	}
}

// A role whose trust is unread is one that anybody may act as: that there is no
// way can't be said then, but of who signs nothing.
func TestUnreadRolesLeaveWaysOpen(t *testing.T) {
	t.Parallel()
	const text = `
Parameters:
  Who: {Type: String}
Resources:
  Data: {Type: "AWS::S3::Bucket", Properties: {BucketName: data}}
  Closed:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !Ref Who}, Action: "sts:AssumeRole"}]}
`
	file := filepath.Join(t.TempDir(), "open.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := template.ReadTemplate(file, "111122223333", "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	set := resource.Read([]*template.Stack{s})
	m, object := Of(set), Object{Bucket: set.BucketNamed("data"), Key: "k"}
	a := m.Ask(principal(t, set, "stranger"), object, Get)
	if a.Reaches || a.Path.Unknown == nil || !strings.Contains(a.Path.Unknown.Error(), "role Closed") {
		t.Errorf("stranger: reaches %t, unknown %v; want it unknown for role Closed", a.Reaches, a.Path.Unknown)
	}
	if a := m.Ask(principal(t, set, "nobody"), object, Get); a.Reaches || a.Path.Unknown != nil {
		t.Errorf("nobody: reaches %t, unknown %v; want a certain no", a.Reaches, a.Path.Unknown)
	}
}
