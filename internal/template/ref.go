package template

import (
	"slices"
	"strings"
)

func (s scope) callRef(arg any, at *path) (any, error) {
	name, err := s.text(arg, at)
	if err != nil {
		return nil, err
	}
	return s.ref(name, at)
}

// ref gives a pseudo parameter, a parameter's value, or a resource's physical id.
func (s scope) ref(name string, at *path) (any, error) {
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

// callGetAtt computes both forms of Fn::GetAtt: [id, attribute], "id.attribute".
func (s scope) callGetAtt(arg any, at *path) (any, error) {
	if text, ok := arg.(string); ok {
		id, attribute, _ := strings.Cut(text, ".")
		return s.getAtt(id, attribute, at)
	}
	args, err := s.arguments(arg, 2, 2, "a list of a logical id and an attribute", at)
	if err != nil {
		return nil, err
	}
	id, err := s.text(args[0], at.element(0))
	if err != nil {
		return nil, err
	}
	attribute, err := s.text(args[1], at.element(1))
	if err != nil {
		return nil, err
	}
	return s.getAtt(id, attribute, at)
}

func (s scope) getAtt(id, attribute string, at *path) (any, error) {
	if id == "" || attribute == "" {
		return nil, s.errorf(at, "takes a logical id and an attribute, such as Bucket.Arn")
	}
	r, err := s.resource(id, at)
	if err != nil {
		return nil, err
	}
	return s.attribute(r, attribute, at)
}

// resource finds a resource that is referred to. One whose condition can't be
// known is taken to be there: were it not, the stack couldn't be deployed.
func (s scope) resource(id string, at *path) (*Resource, error) {
	t := s.stack.Template
	r, ok := t.Resources[id]
	switch {
	case !ok && (len(t.Transforms) > 0 || len(t.Unexpanded) > 0):
		return nil, s.unknownf(at, "no parameter or resource %q is written out; a macro may add it", id)
	case !ok:
		return nil, s.errorf(at, "no parameter or resource %q in the template", id)
	case r.Condition == "":
		return r, nil
	}
	created, err := s.condition(r.Condition, at)
	switch {
	case IsUnknown(err), err == nil && created:
		return r, nil
	case err != nil:
		return nil, err
	}
	return nil, s.errorf(at, "resource %q isn't created: its condition %s is false", id, r.Condition)
}

// parameter gives the value of a parameter: the one given, or else the default.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func (s scope) parameter(name string, p *Parameter, at *path) (any, error) {
	text, given := s.stack.Parameters[name]
	if !given {
		var ok bool
		if text, ok = scalarText(p.Default); !ok {
			return nil, s.unknownf(at, "parameter %s has no default and was given no value", name)
		}
	}
	if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::") {
		return nil, s.unknownf(at, "parameter %s stands for the value of SSM parameter %q", name, text)
	}
	if given && len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, func(allowed any) bool {
		value, _ := scalarText(allowed)
		return value == text
	}) {
		return nil, s.errorf(root("Parameters", name), "value %q is not one of the AllowedValues", text)
	}
	if p.Type != "CommaDelimitedList" && !strings.HasPrefix(p.Type, "List<") {
		return s.checked(text, at)
	}
	list := []any{}
	for part := range strings.SplitSeq(text, ",") {
		value, err := s.checked(strings.TrimSpace(part), at)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}
