package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/bootstrap"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// stackSets writes the plan as StackSets of an organization, and prints the
// commands that make them.
func (c *bootstrapCmd) stackSets(stdout io.Writer) error {
	cli, err := bootstrap.ProjectCLI()
	if err != nil {
		return err
	}
	file, selected, err := c.load()
	if err != nil {
		return err
	}
	plan, err := bootstrap.New(file, selected, func(stage.Environment, []string) ([]iam.Document, error) { return nil, nil })
	if err != nil {
		return err
	}
	var stacks []*template.Stack
	if len(file.Bootstrap.ExecutionPolicies) == 0 {
		if stacks, err = c.stacks(file); err != nil {
			return err
		}
	}
	made, err := cli.Template(context.Background())
	if err != nil {
		return err
	}
	sets, err := plan.StackSets(file, made, perStage(stacks))
	if err != nil {
		return err
	}
	for i, s := range sets {
		if err := s.Write(c.StackSet, c.OU); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "# %d of %d: %s\n", i+1, len(sets), count(len(s.Environments), "environment"))
		for _, command := range s.Commands(c.StackSet, c.OU) {
			fmt.Fprintln(stdout, command)
		}
		fmt.Fprintln(stdout)
	}
	fmt.Fprintf(os.Stderr, "Wrote %s to %s: read the execution policies in it first.\n", count(len(sets), "StackSet"), c.StackSet)
	if m := file.Organization.ManagementAccount; slices.ContainsFunc(plan.Environments, func(e *bootstrap.Environment) bool { return e.Account == m }) {
		fmt.Fprintf(os.Stderr, "A StackSet makes no stack in the management account %s: bootstrap that with s3seal bootstrap --run.\n", m)
	}
	_, err = io.WriteString(stdout, strings.ReplaceAll(generatedName, "QUALIFIER", file.Bootstrap.Qualifier))
	return err
}

// generatedName is for whoever calls the CDK's CLI later.
const generatedName = `# A StackSet gives each stack a name of its own, StackSet-NAME-ID. This finds it:
#   aws cloudformation describe-stack-resources --physical-resource-id \
#     cdk-QUALIFIER-cfn-exec-role-ACCOUNT-REGION \
#     --query 'StackResources[0].StackName' --output text
# cdk deploy, diff, import and destroy don't need the name. cdk gc needs it, as
# --toolkit-stack-name. Don't run cdk bootstrap there: update the StackSet.
`
