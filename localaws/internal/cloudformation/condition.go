package cloudformation

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/internal/cfn"
)

// evaluateConditions fills x.conditions.
func (x *scope) evaluateConditions() error {
	x.conditions = map[string]bool{}
	e := x.evaluator()
	for _, name := range slices.Sorted(maps.Keys(x.template.Conditions)) {
		holds, err := e.Condition(name, cfn.Root("Conditions"))
		if err != nil {
			return refusal(err)
		}
		x.conditions[name] = holds
	}
	return nil
}

// holds says whether what carries the condition exists; "" always does.
func (x *scope) holds(condition string) bool { return condition == "" || x.conditions[condition] }

// checkRules applies the template's rules to the parameters.
//
// Source: CloudFormation user guide, rules-section-structure. The wording of
// the error is not documented; the rule's own description is in it.
func (x *scope) checkRules() error {
	e := x.evaluator()
	for _, name := range slices.Sorted(maps.Keys(x.template.Rules)) {
		at := cfn.Root("Rules", name)
		rule, err := object("/Rules/"+name, x.template.Rules[name])
		if err != nil {
			return err
		}
		if when, ok := rule["RuleCondition"]; ok {
			applies, err := e.Holds(when, at.Child("RuleCondition"))
			if err != nil {
				return refusal(err)
			}
			if !applies {
				continue
			}
		}
		assertions, ok := rule["Assertions"].([]any)
		if !ok {
			return invalid("Template format error: [/Rules/%s] needs a list of Assertions", name)
		}
		for i, a := range assertions {
			assertion, err := object("/Rules/"+name+"/Assertions", a)
			if err != nil {
				return err
			}
			holds, err := e.Holds(assertion["Assert"], at.Child("Assertions").Element(i).Child("Assert"))
			if err != nil {
				return refusal(err)
			}
			if !holds {
				return invalid("Parameter values do not satisfy rule %s: %v", name, assertion["AssertDescription"])
			}
		}
	}
	return nil
}
