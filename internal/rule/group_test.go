package rule

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// Groups change nothing of what is reported of the fixtures.
func TestGroupsAreReportedAsTheWhole(t *testing.T) {
	t.Parallel()
	apart, together := 0, 0
	for _, f := range readFixtures(t, "rules/*.txtar") {
		if !f.anywhere() {
			continue
		}
		switch n := len(groups(f.stacks)); {
		case n > 1:
			apart++
			compareWhole(t, f.file, f.stacks)
		case len(f.stacks) > 1:
			together++
		}
	}
	if apart < 2 || together < 2 {
		t.Errorf("%d fixtures have groups, and %d have several stacks in one", apart, together)
	}
}

func compareWhole(t *testing.T, what string, stacks []*template.Stack) {
	t.Helper()
	whole := readAgnostic(stacks).check(stacks, Options{})
	rank := map[string]int{}
	for i, s := range stacks {
		rank[s.Name] = i
	}
	whole.sort(rank)
	if got, want := fmt.Sprintf("%+v", Check(stacks, Options{})), fmt.Sprintf("%+v", whole); got != want {
		t.Errorf("%s: in groups:\n%s\nas a whole:\n%s", what, got, want)
	}
}

const bucketNamed = `{Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: %s}}}}`

func TestWhatConnectsStacks(t *testing.T) {
	t.Parallel()
	role := `{Resources: {Role: {Type: AWS::IAM::Role, Properties: {RoleName: %s, AssumeRolePolicyDocument: {}}}}}`
	for _, c := range []struct {
		name      string
		templates []string
		want      string // numbers of each group
	}{
		{"nothing", []string{fmt.Sprintf(bucketNamed, "one"), fmt.Sprintf(bucketNamed, "two")}, "[0] [1]"},
		{"a name", []string{
			fmt.Sprintf(bucketNamed, "one"), fmt.Sprintf(bucketNamed, "two"),
			`{Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: "arn:aws:s3:::one/logs/*"}}}}`,
		}, "[0 2] [1]"},
		{"a pattern", []string{fmt.Sprintf(role, "writer-of-logs"), `{Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: "arn:aws:iam::*:role/writer-*"}}}}`}, "[0 1]"},
		{"the same name", []string{fmt.Sprintf(bucketNamed, "one"), fmt.Sprintf(bucketNamed, "one")}, "[0 1]"},
		{"a parameter that names", []string{
			`{Parameters: {Name: {Type: String}}, Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: {Ref: Name}}}}}`,
			`{Parameters: {Name: {Type: String}}, Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: {"Fn::Sub": "arn:aws:s3:::${Name}/*"}}}}}`,
		}, "[0 1]"},
		{"a Region of a mapping", []string{
			fmt.Sprintf(bucketNamed, "of-china"),
			`{Mappings: {Names: {cn-north-1: {bucket: of-china}, us-east-1: {bucket: another}}}, Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: {"Fn::FindInMap": [Names, {Ref: AWS::Region}, bucket]}}}}}`,
		}, "[0 1]"},
		{"an export", []string{
			`{Resources: {Topic: {Type: AWS::SNS::Topic}}, Outputs: {O: {Value: v, Export: {Name: shared}}}}`,
			`{Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: {"Fn::ImportValue": shared}}}}}`,
		}, "[0 1]"},
		{"an export in an output", []string{
			`{Resources: {Topic: {Type: AWS::SNS::Topic}}, Outputs: {O: {Value: v, Export: {Name: shared}}}}`,
			`{Resources: {Topic: {Type: AWS::SNS::Topic}}, Outputs: {O: {Value: {"Fn::ImportValue": shared}}}}`,
		}, "[0 1]"},
		{"a stack's output", []string{
			`{Resources: {Topic: {Type: AWS::SNS::Topic}}, Outputs: {O: {Value: v}}}`,
			`{Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: {"Fn::GetStackOutput": {StackName: t0, OutputName: O}}}}}}`,
		}, "[0 1]"},
		{"an organization", []string{
			fmt.Sprintf(bucketNamed, "one"), fmt.Sprintf(bucketNamed, "two"),
			`{Resources: {Limit: {Type: AWS::Organizations::Policy, Properties: {Name: n, Type: SERVICE_CONTROL_POLICY, Content: {}}}}}`,
		}, "[0 1 2]"},
		{"a policy of whatever a parameter says", []string{
			fmt.Sprintf(bucketNamed, "one"),
			`{Parameters: {Arn: {Type: String}}, Resources: {Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: {Ref: Arn}, PolicyDocument: {}}}}}`,
		}, "[0 1]"},
	} {
		stacks := readTexts(t, c.templates)
		var got []string
		for _, group := range groups(stacks) {
			var numbers []int
			for _, s := range group {
				numbers = append(numbers, slices.Index(stacks, s))
			}
			got = append(got, fmt.Sprint(numbers))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// An account that one template names is none of the others'.
func TestFolderOfUnrelatedTemplates(t *testing.T) {
	t.Parallel()
	stacks := readTexts(t, []string{
		fmt.Sprintf(bucketNamed, "one"), fmt.Sprintf(bucketNamed, "two"),
		`{Resources: {Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: "kms:*", Resource: "*"}]}}}}}`,
	})
	if n := len(groups(stacks)); n != 3 {
		t.Fatalf("%d groups", n)
	}
	compareWhole(t, "folder", stacks)
	var told []string
	Check(stacks, Options{Progress: func(stack string, done int) { told = append(told, fmt.Sprint(stack, " ", done)) }})
	if want := []string{"t0 0", "t1 1", "t2 2"}; !slices.Equal(told, want) {
		t.Errorf("progress %q, want %q", told, want)
	}
}

func readTexts(t *testing.T, texts []string) (stacks []*template.Stack) {
	t.Helper()
	for i, text := range texts {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("t%d.yaml", i))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := template.ReadTemplate(file, "", "")
		if err != nil {
			t.Fatal(err)
		}
		stacks = append(stacks, s)
	}
	return template.NewAssembly(stacks...).Stacks
}
