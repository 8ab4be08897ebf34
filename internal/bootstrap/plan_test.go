package bootstrap

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/stage"
)

// Every environment is there once, and a source before its replica, whatever the
// order of the stages.
func TestOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ stages, want string }{
		"alone":                  {"a=1", "1"},
		"replicas follow":        {"a=1>2 b=3>4", "1 2 3 4"},
		"shared replica":         {"a=1>9 b=2>9", "1 2 9"},
		"source that comes last": {"a=1>2 b=3>1", "3 1 2"},
		"both ways":              {"a=1>2 b=2>1", "2 1"},
		"same source":            {"a=1 b=1 c=1>2", "1 2"},
	} {
		var got []string
		for _, e := range inOrder(parse(t, c.stages, "").Stages) {
			got = append(got, e.Account[:1])
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}

// parse reads stages such as "a=1>2", whose accounts are of the one digit.
func parse(t *testing.T, stages, settings string) *stage.File {
	t.Helper()
	account := func(digit string) string { return `{account: "` + strings.Repeat(digit, 12) + `", region: ` }
	text := "stages:\n"
	for s := range strings.FieldsSeq(stages) {
		name, places, _ := strings.Cut(s, "=")
		source, replica, replicated := strings.Cut(places, ">")
		text += "  " + name + ":\n    prefix: acme-" + name + "\n    source: " + account(source) + "eu-west-1}\n"
		if replicated {
			text += "    replica: " + account(replica) + "eu-west-1}\n"
		}
	}
	file, err := stage.Parse("stages.yaml", []byte(text+settings))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// documents are as many policies as asked for.
func documents(n int) Policies {
	return func(stage.Environment, []string) ([]iam.Document, error) {
		list := make([]iam.Document, n)
		for i := range list {
			list[i] = iam.Document{Version: iam.Version, Statement: []iam.Statement{{Effect: iam.Allow, Action: iam.Strings{"s3:CreateBucket"}, Resource: iam.Strings{"*"}}}}
		}
		return list, nil
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings string
		want     []string
	}{
		"nothing said": {"", []string{
			"aws cloudformation deploy --stack-name s3seal-execution-hnb659fds --template-file out/111111111111-eu-west-1.json --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --region eu-west-1",
			"npx cdk bootstrap aws://111111111111/eu-west-1 --qualifier hnb659fds --toolkit-stack-name CDKToolkit" +
				" --cloudformation-execution-policies arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-1" +
				" --cloudformation-execution-policies arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-2 --app cdk.out",
		}},
		"everything": {`bootstrap:
  qualifier: acme
  trust: ["999999999999", "888888888888"]
  trustForLookup: []
  executionPolicies: ["arn:{partition}:iam::{account}:policy/deploy"]
  permissionsBoundary: a/b
  boundaryOnAllRoles: true
  customerKey: true
  publicAccessBlock: false
  denyExternalId: true
  terminationProtection: true
  tags: {team: data platform, a: b}
  profile: "acme-{account}"
  role: Admin
`, []string{
			"npx cdk bootstrap aws://111111111111/eu-west-1 --qualifier acme --toolkit-stack-name CDKToolkit-acme" +
				" --trust 999999999999 --trust 888888888888 --trust-for-lookup ''" +
				" --cloudformation-execution-policies arn:aws:iam::111111111111:policy/deploy" +
				" --custom-permissions-boundary a/b --apply-permissions-boundary-to-all-roles=true --bootstrap-customer-key=true" +
				" --public-access-block-configuration=false --deny-external-id=true --termination-protection=true" +
				" --tags a=b --tags 'team=data platform' --profile acme-111111111111",
		}},
	} {
		file := parse(t, "a=1", c.settings)
		plan, err := New(file, file.Stages, documents(2))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, command := range plan.Commands(plan.Environments[0], "out", "cdk.out") {
			got = append(got, command.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A selection of stages doesn't narrow the policies of what is deployed beside them.
func TestPoliciesAreOfAllStagesThere(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1 b=1 c=2", "")
	asked := map[string][]string{}
	_, err := New(file, file.Stages[:1], func(e stage.Environment, stages []string) ([]iam.Document, error) {
		asked[e.Account[:1]] = stages
		return nil, nil
	})
	if diff := cmp.Diff(map[string][]string{"1": {"a", "b"}}, asked); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestTooManyPolicies(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1", "")
	if _, err := New(file, file.Stages, documents(21)); err == nil || !strings.Contains(err.Error(), "aws://111111111111/eu-west-1 needs 21 execution policies") {
		t.Error(err)
	}
	failure := errors.New("not read")
	if _, err := New(file, file.Stages, func(stage.Environment, []string) ([]iam.Document, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Error(err)
	}
}
