package template

import (
	"cmp"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/s3seal/s3seal/internal/cfn"
)

// output gives the value of an output of this scope's stack.
func (s *scope) output(name string, at *cfn.Path) (string, error) {
	out, ok := s.stack.Template.Outputs[name]
	if !ok {
		return "", s.Errorf(at, "the stack has no output %q", name)
	}
	if out.Condition != "" {
		shown, err := s.Condition(out.Condition, at)
		if err != nil {
			return "", err
		}
		if !shown {
			return "", s.Errorf(at, "output %q isn't there: its condition %s is false", name, out.Condition)
		}
	}
	value, err := s.Follow("output", name, at, func() (any, error) {
		return s.Text(out.Value, cfn.Root("Outputs", name, "Value"))
	})
	if err != nil {
		return "", err
	}
	return value.(string), nil
}

// StackOutput gives an output of another stack, in the account of the role by
// which it is read, or the stack's own.
func (s *scope) StackOutput(o cfn.StackOutput, at *cfn.Path) (any, error) {
	account, region := s.stack.Account, cmp.Or(o.Region, s.stack.Region)
	if o.RoleARN != "" {
		role, err := arn.Parse(o.RoleARN)
		if err != nil || role.Service != "iam" || role.AccountID == "" {
			return nil, s.Errorf(at.Child("RoleArn"), "%q is not the ARN of a role", o.RoleARN)
		}
		account = role.AccountID
	}
	for _, peer := range s.stack.peers {
		if peer.Name != o.Stack || peer.Account != account || peer.Region != region {
			continue
		}
		if err := peer.loaded(); err != nil {
			return nil, err
		}
		value, err := s.in(peer).output(o.Name, cfn.Root("Outputs", o.Name))
		if err != nil {
			return nil, s.Via(at, "output of stack "+o.Stack, err)
		}
		return value, nil
	}
	return nil, s.Unknownf(at, "stack %s in %s isn't among those read", o.Stack, environment(account, region))
}

// ImportValue gives what another stack exports. Export names are unique in one
// account and region, and reach no further.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
func (s *scope) ImportValue(wanted string, at *cfn.Path) (any, error) {
	for _, peer := range s.stack.peers {
		// A stack can't import what it exports itself.
		if peer == s.stack || peer.Account != s.stack.Account || peer.Region != s.stack.Region {
			continue
		}
		if err := peer.loaded(); err != nil {
			return nil, err
		}
		there := s.in(peer)
		for _, name := range slices.Sorted(maps.Keys(peer.Template.Outputs)) {
			exportName := peer.Template.Outputs[name].ExportName
			if exportName == nil {
				continue
			}
			place := cfn.Root("Outputs", name, "Export", "Name")
			export, err := there.Follow("export name of", name, place, func() (any, error) {
				return there.Text(exportName, place)
			})
			if err != nil || export != wanted {
				continue // One export that can't be named doesn't hide the others.
			}
			value, err := there.output(name, cfn.Root("Outputs", name))
			if err != nil {
				return nil, s.Via(at, "export "+wanted, err)
			}
			return value, nil
		}
	}
	return nil, s.Unknownf(at, "no stack read from %s exports %q", environment(s.stack.Account, s.stack.Region), wanted)
}

// environment names an account and region in an error.
func environment(account, region string) string {
	return cmp.Or(account, "any account") + "/" + cmp.Or(region, "any region")
}
