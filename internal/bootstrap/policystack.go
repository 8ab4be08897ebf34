package bootstrap

import (
	"encoding/json"
	"fmt"

	"github.com/s3seal/s3seal/iam"
)

// policyStack is the stack of the execution policies. It is one of their own, so
// that a person can review it before anything can use them.
func (p *Plan) policyStack() string { return "s3seal-execution-" + p.Settings.Qualifier }

// policyName is the name of an environment's n-th policy, from 0. IAM is global,
// so the Region is in it.
func (p *Plan) policyName(e *Environment, n int) string {
	return fmt.Sprintf("%s-%s-%d", p.policyStack(), e.Region, n+1)
}

// ExecutionPolicies are the ARNs that the CloudFormation role of the environment
// gets.
func (p *Plan) ExecutionPolicies(e *Environment) []string {
	var arns []string
	for _, arn := range p.Settings.ExecutionPolicies {
		arns = append(arns, e.ExpandIn(arn))
	}
	for i := range e.Policies {
		arns = append(arns, e.ExpandIn("arn:{partition}:iam::{account}:policy/"+p.policyName(e, i)))
	}
	return arns
}

// managedPolicy is a resource of the type AWS::IAM::ManagedPolicy. It has no
// description: a new one would replace the policy, which its name forbids while a
// role has it.
type managedPolicy struct {
	Type       string
	Properties struct {
		ManagedPolicyName string
		PolicyDocument    iam.Document
	}
}

// Template is the template of the stack of the execution policies; nil without
// generated ones.
func (p *Plan) Template(e *Environment) ([]byte, error) {
	if len(e.Policies) == 0 {
		return nil, nil
	}
	resources := map[string]managedPolicy{}
	for i, document := range e.Policies {
		m := managedPolicy{Type: "AWS::IAM::ManagedPolicy"}
		m.Properties.ManagedPolicyName = p.policyName(e, i)
		m.Properties.PolicyDocument = document
		resources[fmt.Sprintf("Policy%d", i+1)] = m
	}
	template := map[string]any{
		"Description": "The policies of the CDK's CloudFormation role, as s3seal bootstrap generates them of the stages' templates",
		"Metadata":    map[string]any{"Stages": e.Stages},
		"Resources":   resources,
	}
	text, err := json.MarshalIndent(template, "", "  ")
	if len(text) > mostTemplate {
		text, err = json.Marshal(template)
	}
	if err == nil && len(text) > mostTemplate {
		err = fmt.Errorf("the execution policies of %s have %d bytes, and a template %d at most: write broader ones yourself, in bootstrap.executionPolicies", e.URL(), len(text), mostTemplate)
	}
	return text, err
}

// mostTemplate is the longest template that is part of a request. The bucket for
// longer ones is made by the bootstrap, which needs the policies first.
//
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const mostTemplate = 51200
