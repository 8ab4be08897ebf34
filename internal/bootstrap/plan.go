// Package bootstrap prepares accounts and Regions for the CDK, as the bootstrap
// field of stages.yaml says: the plan of calls that a person can read and copy,
// and what runs it.
//
// An environment gets two stacks. The first holds the managed policies of the role
// with which CloudFormation makes what the stages' templates say, and nothing else;
// the second is that of `cdk bootstrap`, which must name policies that exist:
//
//	plan, err := bootstrap.New(file, stages, bootstrap.Generated(generate))
//	for _, e := range plan.Environments {
//		fmt.Println(e.Commands(plan))
//	}
//	err = plan.Run(ctx, bootstrap.Options{...})
//
// Nothing is kept between two runs: what an account has says what is left to do.
package bootstrap

import (
	"fmt"
	"slices"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/stage"
)

// Plan is what all environments of some stages need.
type Plan struct {
	Settings     stage.Bootstrap
	Environments []*Environment // in the order in which they are prepared
}

// Environment is an account and Region that stages stand in.
type Environment struct {
	stage.Environment

	// Stages are the names of all stages of the file that stand here.
	Stages []string

	// Policies are the generated execution policies; none where stages.yaml
	// names its own.
	Policies []iam.Document
}

// Policies generates the execution policies of an environment, of everything that
// is deployed there.
type Policies func(e stage.Environment, stages []string) ([]iam.Document, error)

// New makes the plan for the stages, of the file. The policies are not asked for
// where stages.yaml names execution policies.
func New(file *stage.File, stages []stage.Stage, policies Policies) (*Plan, error) {
	p := &Plan{Settings: file.Bootstrap}
	for _, e := range inOrder(stages) {
		env := &Environment{Environment: e}
		// A selection doesn't narrow the policies: the other stages that stand
		// here need theirs, too.
		for i := range file.Stages {
			if slices.Contains(file.Stages[i].Environments(), e) {
				env.Stages = append(env.Stages, file.Stages[i].Name)
			}
		}
		if len(p.Settings.ExecutionPolicies) == 0 {
			var err error
			if env.Policies, err = policies(e, env.Stages); err != nil {
				return nil, err
			}
			if n := len(env.Policies); n > mostPolicies {
				return nil, fmt.Errorf("%s needs %d execution policies, and IAM lets a role have %d at most: write broader ones yourself, in bootstrap.executionPolicies", env.URL(), n, mostPolicies)
			}
		}
		p.Environments = append(p.Environments, env)
	}
	return p, nil
}

// mostPolicies is the highest that the quota of a role's managed policies can be
// raised to; it is 10 unless it was.
//
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const mostPolicies = 20

// inOrder returns the environments of the stages, each once, in the order of the
// file, but a stage's source before its replica: the replica's stack trusts the
// CloudFormation role that the bootstrap makes in the source, and IAM refuses a
// trust policy that names a role which doesn't exist. Stages that replicate into
// each other's source have no such order; all bootstraps then come before the
// first deployment.
func inOrder(stages []stage.Stage) []stage.Environment {
	sources := map[stage.Environment][]stage.Environment{} // by replica
	for i := range stages {
		if all := stages[i].Environments(); len(all) > 1 {
			sources[all[1]] = append(sources[all[1]], all[0])
		}
	}
	var order []stage.Environment
	visited := map[stage.Environment]bool{}
	var visit func(stage.Environment)
	visit = func(e stage.Environment) {
		if visited[e] {
			return
		}
		visited[e] = true
		for _, source := range sources[e] {
			visit(source)
		}
		order = append(order, e)
	}
	for i := range stages {
		for _, e := range stages[i].Environments() {
			visit(e)
		}
	}
	return order
}
