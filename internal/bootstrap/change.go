package bootstrap

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/s3seal/s3seal/internal/account"
)

// change brings the stack of the execution policies to a template, by a change
// set, and reports whether there was anything to change. What an interrupted run
// has left is waited for, or made anew.
func change(ctx context.Context, client *cloudformation.Client, name, template string, pause time.Duration) (changed bool, err error) {
	s, err := settled(ctx, client, name, pause)
	if err != nil {
		return false, err
	}
	kind := types.ChangeSetTypeUpdate
	switch {
	case s == nil || s.StackStatus == types.StackStatusReviewInProgress:
		kind = types.ChangeSetTypeCreate
	case isComplete(s.StackStatus):
		same, err := hasTemplate(ctx, client, name, template)
		if same || err != nil {
			return false, err
		}
	case s.StackStatus == types.StackStatusUpdateRollbackFailed:
		return false, fmt.Errorf("the stack %s is %s: continue its rollback in CloudFormation first", name, s.StackStatus)
	default: // a creation that failed: nothing is in it
		if _, err := client.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &name}); err != nil {
			return false, &account.CallError{Call: "cloudformation DeleteStack " + name, Err: err}
		}
		if s, err = settled(ctx, client, name, pause); err == nil && s != nil {
			err = fmt.Errorf("the stack %s can't be deleted after a creation that failed: it is %s", name, s.StackStatus)
		}
		if err != nil {
			return false, err
		}
		kind = types.ChangeSetTypeCreate
	}
	set := "s3seal-" + strings.ToLower(rand.Text())
	if _, err := client.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{
		StackName: &name, ChangeSetName: &set, ChangeSetType: kind, TemplateBody: &template,
		Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
	}); err != nil {
		return false, &account.CallError{Call: "cloudformation CreateChangeSet " + name, Err: err}
	}
	if err := reviewed(ctx, client, name, set, pause); err != nil {
		return false, err
	}
	if _, err := client.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{StackName: &name, ChangeSetName: &set}); err != nil {
		return false, &account.CallError{Call: "cloudformation ExecuteChangeSet " + name, Err: err}
	}
	if s, err = settled(ctx, client, name, pause); err != nil {
		return false, err
	}
	if s == nil || s.StackStatus != types.StackStatusCreateComplete && s.StackStatus != types.StackStatusUpdateComplete {
		return false, failure(ctx, client, name, s)
	}
	return true, nil
}

// settled waits until nothing is in progress with a stack. It is nil if there is
// none.
func settled(ctx context.Context, client *cloudformation.Client, name string, pause time.Duration) (*types.Stack, error) {
	for {
		s, err := describe(ctx, client, name)
		if s == nil || err != nil || s.StackStatus == types.StackStatusReviewInProgress || !strings.HasSuffix(string(s.StackStatus), "_IN_PROGRESS") {
			return s, err
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// reviewed waits until CloudFormation has compared what is there with what is to
// be.
func reviewed(ctx context.Context, client *cloudformation.Client, name, set string, pause time.Duration) error {
	for {
		out, err := client.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{StackName: &name, ChangeSetName: &set})
		switch {
		case err != nil:
			return &account.CallError{Call: "cloudformation DescribeChangeSet " + name, Err: err}
		case out.Status == types.ChangeSetStatusCreateComplete:
			return nil
		case out.Status == types.ChangeSetStatusFailed:
			return fmt.Errorf("the stack %s can't be changed: %s", name, oneLine(aws.ToString(out.StatusReason)))
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func hasTemplate(ctx context.Context, client *cloudformation.Client, name, template string) (bool, error) {
	out, err := client.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &name, TemplateStage: types.TemplateStageOriginal})
	if err != nil {
		return false, &account.CallError{Call: "cloudformation GetTemplate " + name, Err: err}
	}
	return strings.TrimSpace(aws.ToString(out.TemplateBody)) == strings.TrimSpace(template), nil
}

// failure says why a stack isn't complete: the first thing that went wrong with it
// since its last change began.
func failure(ctx context.Context, client *cloudformation.Client, name string, s *types.Stack) error {
	if s == nil {
		return fmt.Errorf("the stack %s is gone: somebody else deleted it", name)
	}
	reason := aws.ToString(s.StackStatusReason)
	out, err := client.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: s.StackId})
	if err == nil { // newest first; the cause of all is the oldest
		for _, e := range out.StackEvents {
			status := string(e.ResourceStatus)
			if strings.HasSuffix(status, "_FAILED") && aws.ToString(e.ResourceStatusReason) != "" {
				reason = aws.ToString(e.LogicalResourceId) + ": " + aws.ToString(e.ResourceStatusReason)
			}
			if aws.ToString(e.PhysicalResourceId) == aws.ToString(s.StackId) && (status == "CREATE_IN_PROGRESS" || status == "UPDATE_IN_PROGRESS") {
				break
			}
		}
	}
	return fmt.Errorf("the stack %s is %s: %s", name, s.StackStatus, oneLine(reason))
}

func sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
