package bootstrap

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// there is a bootstrap as `cdk bootstrap` without options makes it.
func there(parameters string) *state {
	s := &state{stack: "CDKToolkit", status: types.StackStatusCreateComplete, version: 33, parameters: map[string]string{
		"Qualifier": "hnb659fds", "PublicAccessBlockConfiguration": "true", "FileAssetsBucketKmsKeyId": "AWS_MANAGED_KEY",
	}}
	for p := range strings.FieldsSeq(parameters) {
		name, value, _ := strings.Cut(p, "=")
		s.parameters[name] = value
	}
	return s
}

const (
	generated = "CloudFormationExecutionPolicies=arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-1"
	foreign   = "CloudFormationExecutionPolicies=arn:aws:iam::111111111111:policy/theirs"
)

func TestWhatDiffersAndWhatIsLost(t *testing.T) {
	t.Parallel()
	failed := there(generated)
	failed.status = types.StackStatusRollbackComplete
	old := there(generated)
	old.version = 32
	for name, c := range map[string]struct {
		settings string
		is       *state
		want     string // differences | losses
	}{
		"nothing there":   {"", &state{}, "there is no bootstrap |"},
		"as it should be": {"", there(generated), "|"},
		"failed":          {"", failed, "the stack CDKToolkit is ROLLBACK_COMPLETE |"},
		"old":             {"", old, "version 32, not 33 |"},
		"the CDK's default": {"", there(""), "CloudFormationExecutionPolicies is none, not arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-1 |" +
			" the execution policy AdministratorAccess, which the CDK gives by default"},
		"another's policy": {"", there(foreign), "CloudFormationExecutionPolicies is arn:aws:iam::111111111111:policy/theirs, not arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-1 |" +
			" the execution policy arn:aws:iam::111111111111:policy/theirs"},
		"one policy fewer": {"", there(generated + ",arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-2"), "CloudFormationExecutionPolicies is " +
			"arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-1,arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-2, not arn:aws:iam::111111111111:policy/s3seal-execution-hnb659fds-eu-west-1-1 |"},
		"trust is kept":          {"", there(generated + " TrustedAccounts=999999999999"), "|"},
		"trust is taken":         {"bootstrap: {trust: []}", there(generated + " TrustedAccounts=999999999999"), "TrustedAccounts is 999999999999, not none | the trust in 999999999999"},
		"trust in other order":   {`bootstrap: {trust: ["999999999999", "888888888888"]}`, there(generated + " TrustedAccounts=888888888888,999999999999"), "|"},
		"trust is added":         {`bootstrap: {trust: ["999999999999"]}`, there(generated), "TrustedAccounts is none, not 999999999999 |"},
		"a key of its own":       {"bootstrap: {customerKey: true}", there(generated), "FileAssetsBucketKmsKeyId is AWS_MANAGED_KEY, not none |"},
		"termination":            {"bootstrap: {terminationProtection: true, tags: {a: b}}", there(generated), "termination protection is false, not true; the tags are others |"},
		"administrator is meant": {`bootstrap: {executionPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"]}`, there(""), "CloudFormationExecutionPolicies is none, not arn:aws:iam::aws:policy/AdministratorAccess |"},
	} {
		file := parse(t, "a=1", c.settings)
		plan, err := New(file, file.Stages, documents(1))
		if err != nil {
			t.Fatal(err)
		}
		e := plan.Environments[0]
		got := strings.TrimSpace(strings.Join(plan.differences(e, c.is, 33), "; ") + " | " + strings.Join(plan.losses(e, c.is), "; "))
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

// A policy that the role still has can't be deleted, so the bootstrap is first where
// there are fewer of them.
func TestFewerPolicies(t *testing.T) {
	t.Parallel()
	file := parse(t, "a=1", "")
	plan, err := New(file, file.Stages, documents(1))
	if err != nil {
		t.Fatal(err)
	}
	for parameters, want := range map[string]bool{"": false, generated: false, foreign: false, strings.TrimSuffix(generated, "1") + "2": true} {
		if got := plan.fewer(plan.Environments[0], there(parameters)); got != want {
			t.Errorf("%q: %t", parameters, got)
		}
	}
}

// A bootstrap that isn't this app's is never changed.
func TestRefused(t *testing.T) {
	t.Parallel()
	named := func(stack, parameters string) *state {
		s := there(parameters)
		s.stack = stack
		return s
	}
	for name, c := range map[string]struct {
		settings string
		is       *state
		replace  bool
		want     string
	}{
		"none":              {"", &state{}, false, ""},
		"equal":             {"", there(generated), false, ""},
		"other qualifier":   {"bootstrap: {qualifier: acme, stackName: CDKToolkit}", there(generated), true, "the stack CDKToolkit is the bootstrap of the qualifier hnb659fds, whose roles would be replaced"},
		"of a StackSet":     {"", named("StackSet-cdk-1", foreign), true, "the stack StackSet-cdk-1 is of a StackSet, and not as stages.yaml says (CloudFormationExecutionPolicies is "},
		"StackSet as meant": {"", named("StackSet-cdk-1", generated), false, ""},
		"another name":      {"", named("Toolkit", foreign), true, "write bootstrap: {stackName: Toolkit} in stages.yaml"},
		"would lose":        {"", there(foreign), false, "or say --replace"},
		"may lose":          {"", there(foreign), true, ""},
	} {
		file := parse(t, "a=1", c.settings)
		plan, err := New(file, file.Stages, documents(1))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := plan.refuse(plan.Environments[0], c.is, 33, c.replace); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}
