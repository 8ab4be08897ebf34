package bootstrap

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/execution"
	"github.com/s3seal/s3seal/internal/template"
)

// Permissions are what whoever prepares an environment needs there.
type Permissions struct {
	Environment string         `json:"environment"`
	Policies    []iam.Document `json:"policies"`
}

// calls are the operations that are called on the two stacks: by the CDK's CLI and
// by this package. What CloudFormation does with the stacks' resources, it does in
// the name of the same person, since nothing of the bootstrap is there yet.
var calls = iam.Strings{
	"cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet", "cloudformation:DeleteStack", "cloudformation:DescribeChangeSet",
	"cloudformation:DescribeEvents", "cloudformation:DescribeStackEvents", "cloudformation:DescribeStacks", "cloudformation:ExecuteChangeSet",
	"cloudformation:GetTemplate",
}

// Permissions are the least policies with which each environment of the plan can be
// prepared, and prepared again. made is the template of the CDK's CLI, in JSON.
func (p *Plan) Permissions(made []byte) ([]Permissions, error) {
	folder, err := os.MkdirTemp("", "s3seal-bootstrap-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	all := []Permissions{}
	for _, e := range p.Environments {
		stacks, err := p.ownStacks(e, made, folder)
		if err != nil {
			return nil, err
		}
		generated, err := execution.Of(stacks)
		if err != nil {
			return nil, err
		}
		documents := []iam.Document{{Version: iam.Version, Statement: p.ownCalls(e)}}
		for _, g := range generated {
			documents = append(documents, g.Documents...)
		}
		all = append(all, Permissions{e.URL(), documents})
	}
	return all, nil
}

func (p *Plan) ownCalls(e *Environment) []iam.Statement {
	actions := calls
	if p.Settings.TerminationProtection != nil {
		actions = append(append(iam.Strings{}, calls...), "cloudformation:UpdateTerminationProtection")
	}
	var stacks iam.Strings
	for _, name := range p.stackNames(e) {
		stacks = append(stacks, e.ExpandIn("arn:{partition}:cloudformation:{region}:{account}:stack/"+name+"/*"))
	}
	return []iam.Statement{
		{Sid: "Stacks", Effect: iam.Allow, Action: actions, Resource: stacks},
		// It is asked by the name of a role. No page says on which stack that is
		// decided where there is none.
		{Sid: "FindStack", Effect: iam.Allow, Action: iam.Strings{"cloudformation:DescribeStackResources"}, Resource: iam.Strings{"*"}},
	}
}

func (p *Plan) stackNames(e *Environment) []string {
	names := []string{p.Settings.StackName}
	if len(e.Policies) > 0 {
		names = append(names, p.policyStack())
	}
	return names
}

// ownStacks are the two stacks of an environment, as they will be deployed.
func (p *Plan) ownStacks(e *Environment, made []byte, folder string) ([]*template.Stack, error) {
	policies, err := p.Template(e)
	if err != nil {
		return nil, err
	}
	var stacks []*template.Stack
	for i, text := range [][]byte{made, policies}[:len(p.stackNames(e))] {
		name := p.stackNames(e)[i]
		file := filepath.Join(folder, name+".json")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return nil, err
		}
		s, err := template.ReadTemplate(file, e.Account, e.Region)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.Name = name
		if i == 0 {
			s.Tags = p.Settings.Tags
			s.Parameters = p.parameters(e)
			if _, said := s.Parameters["FileAssetsBucketKmsKeyId"]; !said {
				s.Parameters["FileAssetsBucketKmsKeyId"] = "AWS_MANAGED_KEY" // which the CLI says
			}
		}
		stacks = append(stacks, s)
	}
	return stacks, nil
}
