package account

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/smithy-go"
)

// Stack is a deployed stack of the stage.
type Stack struct {
	Name    string
	account *Account
	outputs map[string]string
}

// Stack returns a stack of the source environment, by what follows the stage's
// name in its own: "buckets", "logs". Errors: *NotDeployedError, *CallError.
func (a *Account) Stack(ctx context.Context, name string) (*Stack, error) {
	s := &Stack{Name: a.Stage.Name + "-" + name, account: a, outputs: map[string]string{}}
	out, err := cloudformation.NewFromConfig(a.Config).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &s.Name})
	// A missing stack has no error code of its own: the page of DescribeStacks
	// says "If the stack doesn't exist, an ValidationError is returned".
	var api smithy.APIError
	if errors.As(err, &api) && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist") || err == nil && len(out.Stacks) == 0 {
		return nil, s.lacks("")
	}
	if err != nil {
		return nil, &CallError{"cloudformation DescribeStacks " + s.Name, err}
	}
	for _, o := range out.Stacks[0].Outputs {
		s.outputs[aws.ToString(o.OutputKey)] = aws.ToString(o.OutputValue)
	}
	return s, nil
}

// Output returns an output's value. Error: *NotDeployedError.
func (s *Stack) Output(name string) (string, error) {
	if v := s.outputs[name]; v != "" {
		return v, nil
	}
	return "", s.lacks(name)
}

func (s *Stack) lacks(output string) error {
	return &NotDeployedError{Stack: s.Name, Account: s.account.Stage.Source.Account, Region: s.account.Stage.Source.Region, Output: output}
}

// resources are the physical ids of the stack's resources of a type.
func (s *Stack) resources(ctx context.Context, kind string) ([]string, error) {
	var ids []string
	pages := cloudformation.NewListStackResourcesPaginator(cloudformation.NewFromConfig(s.account.Config), &cloudformation.ListStackResourcesInput{StackName: &s.Name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, &CallError{"cloudformation ListStackResources " + s.Name, err}
		}
		for _, r := range page.StackResourceSummaries {
			// Those that were deleted are listed, too.
			if aws.ToString(r.ResourceType) == kind && r.PhysicalResourceId != nil && !strings.HasPrefix(string(r.ResourceStatus), "DELETE_") {
				ids = append(ids, *r.PhysicalResourceId)
			}
		}
	}
	return ids, nil
}
