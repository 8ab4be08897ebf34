package cfn

import (
	"reflect"
	"slices"
)

// choose follows Fn::If to the branch that applies, without resolving it: the
// other one may refer to what doesn't exist. It counts what Resolve visits.
func (e *Evaluator) choose(v any, at *Path) (any, *Path, error) {
	for {
		if err := e.spend(1, at); err != nil {
			return nil, at, err
		}
		if at.level() > 2*maxDepth {
			return nil, at, e.Errorf(at, "nested deeper than %d", 2*maxDepth)
		}
		name, arg, ok := call(v)
		if !ok || name != "Fn::If" {
			return v, at, nil
		}
		here := at.Child(name)
		args, err := e.arguments(arg, 3, 3, "a list of a condition and two values", here)
		if err != nil {
			return nil, at, err
		}
		holds, err := e.Holds(args[0], here.Element(0))
		if err != nil {
			return nil, at, err
		}
		branch := 2
		if holds {
			branch = 1
		}
		v, at = args[branch], here.Element(branch)
	}
}

// Condition tells whether a named condition is true.
func (e *Evaluator) Condition(name string, at *Path) (bool, error) {
	if holds, ok := e.stack.Settled[name]; ok {
		return holds, nil
	}
	raw, ok := e.stack.Conditions[name]
	if !ok {
		return false, e.Errorf(at, "no condition %q in Conditions", name)
	}
	value, err := e.Follow("condition", name, at, func() (any, error) {
		return e.Holds(raw, Root("Conditions", name))
	})
	if err != nil {
		return false, e.Via(at, "condition "+name, err)
	}
	return value.(bool), nil
}

// Holds tells whether a condition is true. It is written out, as in Rules, or
// named, as in Fn::If.
func (e *Evaluator) Holds(v any, at *Path) (bool, error) {
	if err := e.spend(1, at); err != nil {
		return false, err
	}
	if at.level() > 2*maxDepth {
		return false, e.Errorf(at, "the condition is too large")
	}
	if name, ok := v.(string); ok {
		return e.Condition(name, at)
	}
	if m, ok := v.(map[string]any); ok && len(m) == 1 {
		if name, ok := m["Condition"].(string); ok {
			return e.Condition(name, at.Child("Condition"))
		}
		switch name, arg, _ := call(m); name {
		case "Fn::And", "Fn::Contains", "Fn::Equals", "Fn::Not", "Fn::Or":
			holds, err := e.call(name, arg, at.Child(name))
			return holds == true, err
		}
	}
	return false, e.Errorf(at, "must be a condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not or a condition's name")
}

func (e *Evaluator) contains(args []any, at *Path) (any, error) {
	list, err := e.list(args[0], at.Element(0))
	if err != nil {
		return nil, err
	}
	wanted, err := e.Text(args[1], at.Element(1))
	return slices.ContainsFunc(list, func(v any) bool { text, ok := ScalarText(v); return ok && text == wanted }), err
}

func (e *Evaluator) not(args []any, at *Path) (any, error) {
	holds, err := e.Holds(args[0], at.Element(0))
	return !holds, err
}

// combine computes Fn::Or, which one true operand decides, and Fn::And, which one
// false operand decides, even if others can't be known. An operand that is wrong
// is an error in any place.
func (e *Evaluator) combine(args []any, decides bool, at *Path) (any, error) {
	decided := false
	var unknown error
	for i, operand := range args {
		holds, err := e.Holds(operand, at.Element(i))
		switch {
		case err == nil:
			decided = decided || holds == decides
		case !IsUnknown(err):
			return nil, err
		case unknown == nil:
			unknown = err
		}
	}
	if decided {
		return decides, nil
	}
	return !decides, unknown
}

// equal compares as CloudFormation does: case-sensitive, scalars by their text.
func (e *Evaluator) equal(args []any, at *Path) (any, error) {
	var values [2]any
	for i := range values {
		value, err := e.Resolve(args[i], at.Element(i))
		if err != nil {
			return nil, err
		}
		if text, ok := ScalarText(value); ok {
			value = text
		}
		values[i] = value
	}
	return reflect.DeepEqual(values[0], values[1]), nil
}
