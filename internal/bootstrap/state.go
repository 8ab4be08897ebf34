package bootstrap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/internal/account"
)

// state is what an environment has of its bootstrap.
type state struct {
	stack      string // its name, or "": there is no bootstrap
	status     types.StackStatus
	version    int
	parameters map[string]string
	tags       map[string]string
	protected  bool
}

// bootstrapped reads the state. The bootstrap may have any name, as a StackSet
// gives its stacks names of its own; that of its role is known.
func (p *Plan) bootstrapped(ctx context.Context, client *cloudformation.Client, e *Environment) (*state, error) {
	role := "cdk-" + p.Settings.Qualifier + "-cfn-exec-role-" + e.Account + "-" + e.Region
	name := p.Settings.StackName
	found, err := client.DescribeStackResources(ctx, &cloudformation.DescribeStackResourcesInput{PhysicalResourceId: &role})
	switch {
	case isMissing(err):
	case err != nil:
		return nil, &account.CallError{Call: "cloudformation DescribeStackResources " + role, Err: err}
	case len(found.StackResources) > 0:
		name = aws.ToString(found.StackResources[0].StackName)
	}
	s, err := describe(ctx, client, name)
	if s == nil || err != nil {
		return &state{}, err
	}
	return newState(s), nil
}

func newState(s *types.Stack) *state {
	st := &state{stack: aws.ToString(s.StackName), status: s.StackStatus, parameters: map[string]string{}, tags: map[string]string{}, protected: aws.ToBool(s.EnableTerminationProtection)}
	for _, p := range s.Parameters {
		st.parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	for _, t := range s.Tags {
		st.tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	for _, o := range s.Outputs {
		if aws.ToString(o.OutputKey) == "BootstrapVersion" {
			st.version, _ = strconv.Atoi(aws.ToString(o.OutputValue)) // no number: older than all
		}
	}
	return st
}

// describe is a stack by its name; nil if there is none.
func describe(ctx context.Context, client *cloudformation.Client, name string) (*types.Stack, error) {
	out, err := client.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if isMissing(err) || err == nil && len(out.Stacks) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, &account.CallError{Call: "cloudformation DescribeStacks " + name, Err: err}
	}
	return &out.Stacks[0], nil
}

// isMissing reports whether there is no such stack, for which CloudFormation has
// no error code of its own.
func isMissing(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "ValidationError" && strings.Contains(api.ErrorMessage(), "does not exist")
}

// parameters are the values that the bootstrap's stack is to have, of those that
// stages.yaml says something about.
func (p *Plan) parameters(e *Environment) map[string]string {
	s := p.Settings
	want := map[string]string{
		"Qualifier":                       s.Qualifier,
		"CloudFormationExecutionPolicies": strings.Join(p.ExecutionPolicies(e), ","),
		"PublicAccessBlockConfiguration":  strconv.FormatBool(s.PublicAccessBlock == nil || *s.PublicAccessBlock),
	}
	if s.Trust != nil {
		want["TrustedAccounts"] = strings.Join(s.Trust, ",")
	}
	if s.TrustForLookup != nil {
		want["TrustedAccountsForLookup"] = strings.Join(s.TrustForLookup, ",")
	}
	if s.PermissionsBoundary != "" {
		want["InputPermissionsBoundary"] = s.PermissionsBoundary
	}
	for name, on := range map[string]*bool{"ApplyPermissionsBoundaryToAllRoles": s.BoundaryOnAllRoles, "DenyExternalId": s.DenyExternalID} {
		if on != nil {
			want[name] = strconv.FormatBool(*on)
		}
	}
	if s.CustomerKey != nil {
		want["FileAssetsBucketKmsKeyId"] = "AWS_MANAGED_KEY"
		if *s.CustomerKey {
			want["FileAssetsBucketKmsKeyId"] = "" // the template makes a key
		}
	}
	return want
}

// ofStackSet reports whether a StackSet made the bootstrap, which no other call may
// change.
func (s *state) ofStackSet() bool { return strings.HasPrefix(s.stack, "StackSet-") }

// differences says what of the bootstrap isn't as it should be, in words; nothing,
// if there is nothing to do.
func (p *Plan) differences(e *Environment, s *state, version int) []string {
	switch {
	case s.stack == "":
		return []string{"there is no bootstrap"}
	case !isComplete(s.status):
		return []string{"the stack " + s.stack + " is " + string(s.status)}
	}
	var list []string
	if s.version < version {
		list = append(list, fmt.Sprintf("version %d, not %d", s.version, version))
	}
	want := p.parameters(e)
	if s.parameters["BootstrapVariant"] == variant {
		delete(want, "CloudFormationExecutionPolicies") // they are in its template
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !sameList(s.parameters[name], want[name]) {
			list = append(list, fmt.Sprintf("%s is %s, not %s", name, orNone(s.parameters[name]), orNone(want[name])))
		}
	}
	if on := p.Settings.TerminationProtection; on != nil && *on != s.protected {
		list = append(list, fmt.Sprintf("termination protection is %t, not %t", s.protected, *on))
	}
	if tags := p.Settings.Tags; len(tags) > 0 && !maps.Equal(tags, s.tags) {
		list = append(list, "the tags are others")
	}
	return list
}

// losses says what the bootstrap would take away that is there now: somebody else
// may need it, as all CDK apps of an account share a bootstrap unless they have a
// qualifier of their own.
func (p *Plan) losses(e *Environment, s *state) []string {
	if s.stack == "" || !isComplete(s.status) || s.parameters["BootstrapVariant"] == variant {
		return nil
	}
	var list []string
	want := p.parameters(e)
	lost := func(name, what string) {
		kept, said := want[name]
		for _, v := range items(s.parameters[name]) {
			if said && !slices.Contains(items(kept), v) && !strings.Contains(v, ":policy/"+p.policyStack()+"-") {
				list = append(list, what+" "+v)
			}
		}
	}
	lost("CloudFormationExecutionPolicies", "the execution policy")
	if s.parameters["CloudFormationExecutionPolicies"] == "" && s.parameters["TrustedAccounts"] == "" && !strings.Contains(want["CloudFormationExecutionPolicies"], ":aws:policy/AdministratorAccess") {
		list = append(list, "the execution policy AdministratorAccess, which the CDK gives by default")
	}
	lost("TrustedAccounts", "the trust in")
	lost("TrustedAccountsForLookup", "the trust for lookups in")
	return list
}

// sameList compares two lists as CloudFormation has them, whatever their order.
func sameList(a, b string) bool {
	x, y := items(a), items(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func items(list string) []string {
	return slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" })
}

func orNone(s string) string { return cmp.Or(s, "none") }

// isComplete reports whether a stack is what its last change made of it, or what
// it was before.
func isComplete(s types.StackStatus) bool {
	switch s {
	case types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusUpdateCompleteCleanupInProgress,
		types.StackStatusUpdateRollbackComplete, types.StackStatusImportComplete, types.StackStatusImportRollbackComplete:
		return true
	}
	return false
}
