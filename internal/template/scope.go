package template

import (
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// scope is one evaluation in one stack. A reference to another stack continues
// the same evaluation there.
type scope struct {
	*cfn.Evaluator
	stack *Stack
}

func newScope(stack *Stack) *scope {
	s := &scope{stack: stack}
	s.Evaluator = cfn.New(stack.evaluated(), s)
	return s
}

// in is the scope of another stack.
func (s *scope) in(stack *Stack) *scope {
	there := &scope{stack: stack}
	there.Evaluator = s.In(stack.evaluated(), there)
	return there
}

func (s *Stack) evaluated() cfn.Stack {
	stack := cfn.Stack{ID: s, Name: s.Name}
	if s.Template != nil { // A stack of no template has pseudo parameters.
		stack.Mappings, stack.Conditions = s.Template.Mappings, s.Template.Conditions
	}
	return stack
}

// Ref gives a pseudo parameter, a parameter's value, or a resource's physical id.
func (s *scope) Ref(name string, at *cfn.Path) (any, error) {
	if strings.HasPrefix(name, "AWS::") {
		return s.pseudo(name, at)
	}
	if p, ok := s.stack.Template.Parameters[name]; ok {
		return s.parameter(name, p, at)
	}
	r, err := s.resource(name, at)
	if err != nil {
		return nil, err
	}
	return s.resourceRef(r, at)
}

// GetAtt gives an attribute of a resource.
func (s *scope) GetAtt(id, attribute string, at *cfn.Path) (any, error) {
	r, err := s.resource(id, at)
	if err != nil {
		return nil, err
	}
	return s.attribute(r, attribute, at)
}

// Zones is unknown: each account has its own.
func (s *scope) Zones(_ string, at *cfn.Path) (any, error) {
	return nil, s.Unknownf(at, "the availability zones of an account")
}

// resource finds a resource that is referred to. One whose condition can't be
// known counts as created: without it, the stack couldn't be deployed.
func (s *scope) resource(id string, at *cfn.Path) (*Resource, error) {
	t := s.stack.Template
	r, ok := t.Resources[id]
	switch {
	case !ok && (len(t.Transforms) > 0 || len(t.Unexpanded) > 0):
		return nil, s.Unknownf(at, "no parameter or resource %q is written out; a macro may add it", id)
	case !ok && t.ofModule(id):
		return nil, s.Unknownf(at, "%q is of a module, which only CloudFormation has", id)
	case !ok:
		return nil, s.Errorf(at, "no parameter or resource %q in the template", id)
	case r.Condition == "":
		return r, nil
	}
	created, err := s.Condition(r.Condition, at)
	switch {
	case IsUnknown(err), err == nil && created:
		return r, nil
	case err != nil:
		return nil, err
	}
	return nil, s.Errorf(at, "resource %q isn't created: its condition %s is false", id, r.Condition)
}

// ofModule says whether a logical id may be one that a module brings: they begin
// with the module's.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/module-ref-resources.html
func (t *Template) ofModule(id string) bool {
	for module, r := range t.Resources {
		if strings.HasSuffix(r.Type, "::MODULE") && strings.HasPrefix(id, module) {
			return true
		}
	}
	return false
}

// parameter gives the value of a parameter: the one given, or else the default.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func (s *scope) parameter(name string, p *cfn.Parameter, at *cfn.Path) (any, error) {
	text, given := s.stack.Parameters[name]
	if !given {
		var ok bool
		if text, ok = cfn.ScalarText(p.Default); !ok {
			if in, ok := s.stack.standIns[name]; ok && (!in.Compared || strings.HasPrefix(at.String(), "Conditions.")) {
				return in.Text, nil
			}
			return nil, s.Unknownf(at, "parameter %s has no default and was given no value", name)
		}
	}
	if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::") {
		return nil, s.Unknownf(at, "parameter %s stands for the value of SSM parameter %q", name, text)
	}
	if given && len(p.AllowedValues) > 0 && !p.Allows(text) {
		return nil, s.Errorf(cfn.Root("Parameters", name), "value %q is not one of the AllowedValues", text)
	}
	if p.Type != "CommaDelimitedList" && !strings.HasPrefix(p.Type, "List<") {
		return s.Checked(text, at)
	}
	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		value, err := s.Checked(strings.TrimSpace(part), at)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}
