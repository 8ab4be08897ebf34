// Package stacks says which constructs stand in which account: one file per
// stack. A stage has a logs stack and a buckets stack in its source environment
// and, with a replica, a replicalogs and a replica stack in the other account
// and a replication stack in the source environment. With alarms it can have an
// alarms stack there, too, and a latency stack of the source account in the
// replica's Region.
//
// Stacks stand directly under the app, not in a cdk.Stage: `cdk deploy --all`
// and `cdk list` look at an app's own stacks only. A stage's stacks begin with
// its name, so `cdk deploy 'prod-*'` selects them.
package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/s3seal/s3seal/constructs/outputs"
	"github.com/s3seal/s3seal/internal/stage"
)

// New makes the stacks of one stage. codeDir holds the built functions, a
// folder per architecture.
func New(scope constructs.Construct, s *stage.Stage, codeDir string) {
	receiver := newReceiver(scope, s)
	logs := newLogs(scope, s, "logs", s.Source, s.SourceBuckets())
	logs.silence(receiver)
	newBuckets(scope, s, codeDir, logs, receiver)
	if s.Replica != nil {
		replica := newReplica(scope, s)
		newReplication(scope, s, replica, logs, receiver)
	}
}

// stack is a stack of a stage and what a person sees of it.
type stack struct {
	awscdk.Stack
	outputs []outputs.Output
}

// newStack makes a stack of a stage in an environment.
func newStack(scope constructs.Construct, s *stage.Stage, name, description string, e stage.Environment) *stack {
	tags := map[string]*string{"s3seal:stage": &s.Name}
	for k, v := range s.Tags {
		tags[k] = &v
	}
	return &stack{Stack: awscdk.NewStack(scope, jsii.String(s.Name+"-"+name), &awscdk.StackProps{
		Description: jsii.String("s3seal " + s.Name + ": " + description),
		Env:         &awscdk.Environment{Account: &e.Account, Region: &e.Region},
		Tags:        &tags,

		PermissionsBoundary: boundary(s, e),
	})}
}

// boundary is that of all roles of a stack, or nil. The role that the CDK makes for
// Fn::GetStackOutput has none: it comes after all aspects.
func boundary(s *stage.Stage, e stage.Environment) awscdk.PermissionsBoundary {
	arn := s.BoundaryARN(e)
	if arn == "" {
		return nil
	}
	return awscdk.PermissionsBoundary_FromArn(&arn)
}

// output shows a person a value after deployment.
func (s *stack) output(id, description, value string) {
	s.outputs = append(s.outputs, outputs.Output{ID: id, Description: description, Value: value})
}

// end makes the outputs, all in one call to the CDK's kernel.
func (s *stack) end() { outputs.New(s.Stack, s.outputs...) }
