package template

import "reflect"

// condition tells whether a named condition holds.
func (s scope) condition(name string, at *path) (bool, error) {
	raw, ok := s.stack.Template.Conditions[name]
	if !ok {
		return false, s.errorf(at, "no condition %q in Conditions", name)
	}
	value, err := s.follow("condition", name, at, func() (any, error) {
		return s.conditionValue(raw, root("Conditions", name))
	})
	if err != nil {
		return false, s.via(at, "condition "+name, err)
	}
	return value.(bool), nil
}

// conditionValue computes a condition that is written out, or, within Fn::If,
// its name.
func (s scope) conditionValue(v any, at *path) (bool, error) {
	if s.steps++; s.steps > maxSteps || at.level() > 2*maxDepth {
		return false, s.errorf(at, "the condition is too large")
	}
	if name, ok := v.(string); ok {
		return s.condition(name, at)
	}
	if m, ok := v.(map[string]any); ok && len(m) == 1 {
		if name, ok := m["Condition"].(string); ok {
			return s.condition(name, at.child("Condition"))
		}
		if name, arg, ok := intrinsic(m); ok {
			switch name {
			case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not":
				return s.conditionCall(name, arg, at.child(name))
			}
		}
	}
	return false, s.errorf(at, "must be a condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not or a condition's name")
}

func (s scope) conditionCall(name string, arg any, at *path) (bool, error) {
	switch name {
	case "Fn::Equals":
		args, err := s.arguments(arg, 2, 2, "a list of two values", at)
		if err != nil {
			return false, err
		}
		return s.equal(args, at)
	case "Fn::Not":
		args, err := s.arguments(arg, 1, 1, "a list of one condition", at)
		if err != nil {
			return false, err
		}
		holds, err := s.conditionValue(args[0], at.element(0))
		return !holds && err == nil, err
	}
	args, err := s.arguments(arg, 2, 10, "a list of 2 to 10 conditions", at)
	if err != nil {
		return false, err
	}
	// One operand can decide alone, whatever those are that can't be known.
	decides := name == "Fn::Or"
	var unknown error
	for i, operand := range args {
		holds, err := s.conditionValue(operand, at.element(i))
		switch {
		case err == nil && holds == decides:
			return decides, nil
		case err != nil && !IsUnknown(err):
			return false, err
		case err != nil && unknown == nil:
			unknown = err
		}
	}
	return !decides && unknown == nil, unknown
}

// equal compares as CloudFormation does: case-sensitive, scalars by their text.
func (s scope) equal(args []any, at *path) (bool, error) {
	var values [2]any
	for i := range values {
		value, err := s.resolve(args[i], at.element(i))
		if err != nil {
			return false, err
		}
		if text, ok := scalarText(value); ok {
			value = text
		}
		values[i] = value
	}
	return reflect.DeepEqual(values[0], values[1]), nil
}
