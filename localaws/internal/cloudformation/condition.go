package cloudformation

import (
	"bytes"
	"maps"
	"slices"
)

// condition evaluates a condition's expression, which may use parameters,
// mappings and other conditions, but no resource.
func (x *scope) condition(v any) (bool, error) {
	r, err := x.resolve(v)
	if err != nil {
		return false, err
	}
	b, ok := r.(bool)
	if !ok {
		return false, invalid("Template format error: a condition must be Fn::And, Fn::Equals, Fn::Not, Fn::Or or Condition")
	}
	return b, nil
}

// evaluateConditions fills x.conditions.
func (x *scope) evaluateConditions() error {
	x.conditions = map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(x.template.conditions)) {
		if _, err := x.conditionNamed(name, nil); err != nil {
			return err
		}
	}
	return nil
}

// conditionNamed evaluates a condition once; open are those that are being
// evaluated, which a condition must not lead back to.
func (x *scope) conditionNamed(name string, open []string) (bool, error) {
	if b, ok := x.conditions[name]; ok {
		return b, nil
	}
	v, ok := x.template.conditions[name]
	if !ok {
		return false, invalid("Template format error: Unresolved condition dependency %s in the Conditions block of the template", name)
	}
	if slices.Contains(open, name) {
		return false, invalid("Template format error: the condition %s depends on itself", name)
	}
	open = append(open, name)
	for _, other := range conditionsIn(v) {
		if _, err := x.conditionNamed(other, open); err != nil {
			return false, err
		}
	}
	b, err := x.condition(v)
	if err == nil {
		x.conditions[name] = b
	}
	return b, err
}

// conditionsIn are the conditions that an expression names.
func conditionsIn(v any) []string {
	var names []string
	if name, arg, ok := call(v); ok && name == "Condition" {
		if s, ok := arg.(string); ok {
			return []string{s}
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			names = append(names, conditionsIn(v[k])...)
		}
	case []any:
		for _, e := range v {
			names = append(names, conditionsIn(e)...)
		}
	}
	return names
}

// holds says whether what carries the condition exists; "" always does.
func (x *scope) holds(condition string) bool { return condition == "" || x.conditions[condition] }

func (x *scope) namedCondition(arg any) (any, error) {
	name, _ := arg.(string)
	b, ok := x.conditions[name]
	if !ok {
		return nil, invalid("Template format error: Unresolved condition dependency %s in the template", name)
	}
	return b, nil
}

func (x *scope) equals(arg any) (any, error) {
	args, err := arguments("Fn::Equals", arg, 2, 2)
	if err != nil {
		return nil, err
	}
	var sides [2][]byte
	for i, a := range args {
		v, err := x.resolve(a)
		if err != nil {
			return nil, err
		}
		if s, err := scalar("", v); err == nil {
			v = s // "true" equals true, "1" equals 1
		}
		sides[i] = canonical(v)
	}
	return bytes.Equal(sides[0], sides[1]), nil
}

func (x *scope) not(arg any) (any, error) {
	args, err := arguments("Fn::Not", arg, 1, 1)
	if err != nil {
		return nil, err
	}
	b, err := x.condition(args[0])
	return !b, err
}

func (x *scope) and(arg any) (any, error) { return x.every("Fn::And", arg, true) }
func (x *scope) or(arg any) (any, error)  { return x.every("Fn::Or", arg, false) }

// every is want if all conditions are want, and otherwise not want.
func (x *scope) every(name string, arg any, want bool) (any, error) {
	args, err := arguments(name, arg, 2, 10)
	if err != nil {
		return nil, err
	}
	all := want
	for _, a := range args {
		b, err := x.condition(a)
		if err != nil {
			return nil, err
		}
		if b != want {
			all = !want
		}
	}
	return all, nil
}

func (x *scope) contains(arg any) (any, error) {
	args, err := arguments("Fn::Contains", arg, 2, 2)
	if err != nil {
		return nil, err
	}
	l, err := x.list("Fn::Contains", args[0])
	if err != nil {
		return nil, err
	}
	s, err := x.text("Fn::Contains", args[1])
	return slices.Contains(l, any(s)), err
}

// ifElse resolves only the branch that is taken: the other one may refer to
// resources that do not exist.
func (x *scope) ifElse(arg any) (any, error) {
	branch, err := x.branch(arg)
	if err != nil {
		return nil, err
	}
	return x.resolve(branch)
}

func (x *scope) branch(arg any) (any, error) {
	args, err := arguments("Fn::If", arg, 3, 3)
	if err != nil {
		return nil, err
	}
	name, _ := args[0].(string)
	b, ok := x.conditions[name]
	if !ok {
		return nil, invalid("Template error: unresolved condition dependency %v in Fn::If", args[0])
	}
	if b {
		return args[1], nil
	}
	return args[2], nil
}

// checkRules applies the template's rules to the parameters.
//
// Source: CloudFormation user guide, rules-section-structure. The wording of
// the error is not documented; the rule's own description is in it.
func (x *scope) checkRules() error {
	for _, name := range slices.Sorted(maps.Keys(x.template.rules)) {
		rule, err := object("/Rules/"+name, x.template.rules[name])
		if err != nil {
			return err
		}
		if when, ok := rule["RuleCondition"]; ok {
			applies, err := x.condition(when)
			if err != nil {
				return err
			}
			if !applies {
				continue
			}
		}
		assertions, ok := rule["Assertions"].([]any)
		if !ok {
			return invalid("Template format error: [/Rules/%s] needs a list of Assertions", name)
		}
		for _, a := range assertions {
			assertion, err := object("/Rules/"+name+"/Assertions", a)
			if err != nil {
				return err
			}
			b, err := x.condition(assertion["Assert"])
			if err != nil {
				return err
			}
			if !b {
				return invalid("Parameter values do not satisfy rule %s: %v", name, assertion["AssertDescription"])
			}
		}
	}
	return nil
}
