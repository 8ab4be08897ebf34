package cloudformation

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/cfn"
	"github.com/s3seal/s3seal/localaws/internal/api"
)

// outputs computes the template's outputs, in the order of their keys.
func (x *scope) outputs() ([]output, error) {
	var outputs []output
	for _, key := range slices.Sorted(maps.Keys(x.template.Outputs)) {
		d := x.template.Outputs[key]
		if !x.holds(d.Condition) {
			continue
		}
		value, err := x.text(d.Value, cfn.Root("Outputs", key, "Value"))
		if err != nil {
			return nil, err
		}
		out := output{key: key, value: value, description: d.Description}
		if d.ExportName != nil {
			names := *x
			names.resource = nil // an export's name cannot depend on a resource
			if out.export, err = names.text(d.ExportName, cfn.Root("Outputs", key, "Export", "Name")); err != nil {
				return nil, err
			}
		}
		outputs = append(outputs, out)
	}
	return outputs, nil
}

// publish computes the outputs and makes the exports known to other stacks.
func (o *operation) publish(p *plan) error {
	outputs, err := o.live(p).outputs()
	if err != nil {
		return err
	}
	if name, by := o.exportInUse(outputs); name != "" {
		return invalid("Export %s cannot be updated as it is in use by %s", name, by)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	seen := map[string]bool{}
	for _, out := range outputs {
		if out.export == "" {
			continue
		}
		if seen[out.export] {
			return invalid("Export with name %s is declared twice in the template", out.export)
		}
		seen[out.export] = true
		if other, _ := o.export(o.st.account, o.st.region, out.export); other != nil && other != o.st {
			return invalid("Export with name %s is already exported by stack %s", out.export, other.name)
		}
	}
	o.st.outputs = outputs
	return nil
}

// export finds the stack that exports a name. Service.mu must be held.
func (s *Service) export(account, region, name string) (*stack, string) {
	for _, st := range s.stacks {
		if st.account != account || st.region != region {
			continue
		}
		for _, o := range st.outputs {
			if o.export == name {
				return st, o.value
			}
		}
	}
	return nil, ""
}

// importers are the stacks that import a name. Service.mu must be held.
func (s *Service) importers(account, region, name string) []string {
	var names []string
	for _, st := range s.stacks {
		uses := slices.Contains(st.imports, name) || st.stable != nil && slices.Contains(st.stable.imports, name)
		if st.account == account && st.region == region && uses {
			names = append(names, st.name)
		}
	}
	return names
}

// exportInUse finds an export of the stack that another stack imports and that
// the next outputs no longer have with the same value.
func (o *operation) exportInUse(next []output) (name, by string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, out := range o.st.outputs {
		keeps := slices.ContainsFunc(next, func(n output) bool { return n.export == out.export && n.value == out.value })
		if out.export == "" || keeps {
			continue
		}
		if users := o.importers(o.st.account, o.st.region, out.export); len(users) > 0 {
			return out.export, strings.Join(users, " and ")
		}
	}
	return "", ""
}

// importedValue is the value of an export; the name is added to used.
func (s *Service) importedValue(st *stack, used *[]string, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, value := s.export(st.account, st.region, name)
	if from == nil {
		return "", invalid("No export named %s found.", name)
	}
	if used != nil && !slices.Contains(*used, name) {
		*used = append(*used, name)
	}
	return value, nil
}

// outputOf carries out Fn::GetStackOutput: it assumes the role from the
// stack's execution role and reads the output with the role's permission
// cloudformation:DescribeStacks; without a role it reads as the execution
// role.
//
// Source: CloudFormation template reference,
// intrinsic-function-reference-getstackoutput.
func (s *Service) outputOf(c api.Call, w cfn.StackOutput) (string, error) {
	if w.Region != "" {
		c.Region = w.Region
	}
	if w.RoleARN != "" {
		session, err := s.opt.STS.AssumeRole(c, w.RoleARN, "AWSCloudFormation")
		if err != nil {
			return "", invalid("Fn::GetStackOutput cannot assume %s to read output %s of stack %s: %s", w.RoleARN, w.Name, w.Stack, reason(err))
		}
		session.Region = c.Region
		c = session
	}
	st, err := s.authorizedStack(c, "DescribeStacks", w.Stack, nil)
	if err != nil {
		return "", invalid("Fn::GetStackOutput cannot read output %s of stack %s: %s", w.Name, w.Stack, reason(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range st.outputs {
		if o.key == w.Name {
			return o.value, nil
		}
	}
	return "", invalid("Fn::GetStackOutput: stack %s in account %s and Region %s has no output %s", w.Stack, c.Account, c.Region, w.Name)
}

// authorize asks whether the caller may carry out an action on a stack, which
// need not exist.
func (s *Service) authorize(c api.Call, action, nameOrARN string, keys map[string]iam.Strings) (*stack, error) {
	s.mu.Lock()
	st := s.find(c.Account, c.Region, nameOrARN)
	s.mu.Unlock()
	resource := "*"
	switch {
	case st != nil:
		resource = st.id
	case strings.HasPrefix(nameOrARN, "arn:"):
		resource = nameOrARN
	case nameOrARN != "":
		resource = stackARN(c.Region, c.Account, nameOrARN, "*")
	}
	return st, s.opt.Authorizer.Authorize(c, api.Access{
		Action: "cloudformation:" + action, Resource: resource, ResourceAccount: c.Account, Context: keys,
	})
}

// authorizedStack is authorize for an operation on a stack that exists.
func (s *Service) authorizedStack(c api.Call, action, nameOrARN string, keys map[string]iam.Strings) (*stack, error) {
	st, err := s.authorize(c, action, nameOrARN, keys)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return nil, missing(nameOrARN)
	}
	return st, nil
}

// missing is the error that clients recognize a missing stack by.
func missing(nameOrARN string) error { return invalid("Stack with id %s does not exist", nameOrARN) }
