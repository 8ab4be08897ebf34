package cloudformation

import (
	"strings"
)

// The functions that refer to something: a parameter, a resource, another
// stack.

func (x *scope) ref(arg any) (any, error) {
	name, ok := arg.(string)
	if !ok {
		return nil, invalid("Template error: every Ref object must have a single String value.")
	}
	if name == "AWS::NoValue" {
		return removed{}, nil
	}
	if v, ok := x.pseudo[name]; ok {
		return v, nil
	}
	if p, ok := x.parameters[name]; ok {
		return p.ref(), nil
	}
	if _, ok := x.template.resources[name]; !ok || x.resource == nil {
		return nil, unresolved(name)
	}
	r, err := x.resource(name)
	return r.PhysicalID, err
}

func unresolved(name string) error {
	return invalid("Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name)
}

func (x *scope) getAtt(arg any) (any, error) {
	id, attribute, err := getAttArguments(arg)
	if err != nil {
		return nil, err
	}
	name, err := x.text("Fn::GetAtt", attribute)
	if err != nil {
		return nil, err
	}
	return x.attribute(id, name)
}

// getAttArguments splits ["Key", "Arn"] and the short "Key.Arn".
func getAttArguments(arg any) (id string, attribute any, err error) {
	switch arg := arg.(type) {
	case string:
		if id, attribute, ok := strings.Cut(arg, "."); ok {
			return id, attribute, nil
		}
	case []any:
		if len(arg) == 2 {
			if id, ok := arg[0].(string); ok {
				return id, arg[1], nil
			}
		}
	}
	return "", nil, invalid("Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute")
}

func (x *scope) attribute(id, name string) (any, error) {
	d, ok := x.template.resources[id]
	if !ok || x.resource == nil {
		return nil, invalid("Template error: instance of Fn::GetAtt references undefined resource %s", id)
	}
	r, err := x.resource(id)
	if err != nil {
		return nil, err
	}
	v, ok := r.Attributes[name]
	if !ok {
		if r.PhysicalID == notYetKnown {
			return notYetKnown, nil
		}
		return nil, invalid("Requested attribute %s does not exist in schema for %s of resource %s", name, d.typ, id)
	}
	return v, nil
}

func (x *scope) importValue(arg any) (any, error) {
	name, err := x.text("Fn::ImportValue", arg)
	if err != nil {
		return nil, err
	}
	if x.imported == nil {
		return nil, invalid("Template error: Fn::ImportValue cannot be used here")
	}
	v, err := x.imported(name)
	return v, err
}

// stackOutput is the argument of Fn::GetStackOutput.
//
// Source: CloudFormation template reference,
// intrinsic-function-reference-getstackoutput.
type stackOutput struct {
	stackName, outputName string
	region                string // "" is the stack's own
	roleARN               string // "" is the stack's execution role
}

func (x *scope) getStackOutput(arg any) (any, error) {
	m, ok := arg.(map[string]any)
	if !ok || x.stackOutput == nil {
		return nil, invalid("Template error: Fn::GetStackOutput needs an object with StackName and OutputName, and cannot be used in conditions or rules")
	}
	var o stackOutput
	for k, v := range m {
		s, err := x.text("Fn::GetStackOutput", v)
		if err != nil {
			return nil, err
		}
		switch k {
		case "StackName":
			o.stackName = s
		case "OutputName":
			o.outputName = s
		case "Region":
			o.region = s
		case "RoleArn":
			o.roleARN = s
		default:
			return nil, invalid("Template error: Fn::GetStackOutput does not know %s", k)
		}
	}
	if o.stackName == "" || o.outputName == "" {
		return nil, invalid("Template error: Fn::GetStackOutput needs StackName and OutputName")
	}
	v, err := x.stackOutput(o)
	return v, err
}

// sub replaces ${Name}, ${Name.Attribute} and the names of its own map; ${!X}
// stands for ${X}.
func (x *scope) sub(arg any) (any, error) {
	pattern, own, err := subArguments(arg)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, p := range splitSub(pattern) {
		if !p.variable {
			b.WriteString(p.text)
			continue
		}
		var v any
		if o, ok := own[p.text]; ok {
			v = o
		} else if id, attribute, ok := strings.Cut(p.text, "."); ok {
			v, err = x.attribute(id, attribute)
		} else {
			v, err = x.ref(p.text)
		}
		if err != nil {
			return nil, err
		}
		s, err := x.text("Fn::Sub", v)
		if err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func subArguments(arg any) (pattern string, own map[string]any, err error) {
	switch arg := arg.(type) {
	case string:
		return arg, nil, nil
	case []any:
		if len(arg) == 2 {
			pattern, isText := arg[0].(string)
			own, isMap := arg[1].(map[string]any)
			if isText && isMap {
				return pattern, own, nil
			}
		}
	}
	return "", nil, invalid("Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string")
}

type subPart struct {
	text     string
	variable bool
}

func splitSub(s string) []subPart {
	var parts []subPart
	for {
		before, rest, found := strings.Cut(s, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return append(parts, subPart{text: s})
		}
		parts = append(parts, subPart{text: before})
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			parts = append(parts, subPart{text: "${" + literal + "}"})
		} else {
			parts = append(parts, subPart{text: strings.TrimSpace(name), variable: true})
		}
		s = after
	}
}
