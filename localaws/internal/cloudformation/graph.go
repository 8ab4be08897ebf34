package cloudformation

import (
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// dependencies are the resources that each live resource (its condition holds)
// needs first: by DependsOn, Ref, Fn::GetAtt and Fn::Sub.
func (x *scope) dependencies() (map[string][]string, error) {
	out := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(x.template.Resources)) {
		d := x.template.Resources[id]
		if _, ok := x.conditions[d.Condition]; !ok && d.Condition != "" {
			return nil, invalid("Template format error: Unresolved condition dependency %s of resource %s", d.Condition, id)
		}
		if !x.holds(d.Condition) {
			continue
		}
		found, err := x.references(d.RawProperties, cfn.Root("Resources", id, "Properties"))
		if err != nil {
			return nil, err
		}
		for _, name := range d.DependsOn {
			other, ok := x.template.Resources[name]
			if !ok {
				return nil, unresolved(name)
			}
			// A dependency on a resource whose condition is false is met.
			if x.holds(other.Condition) {
				found[name] = true
			}
		}
		out[id] = slices.Sorted(maps.Keys(found))
	}
	return out, nil
}

// references are the resources that a value refers to. A reference that leads
// nowhere fails.
func (x *scope) references(v any, at *cfn.Path) (map[string]bool, error) {
	found := map[string]bool{}
	err := x.evaluator().References(v, at, func(m cfn.Mention) error {
		name := m.Name
		if _, ok := x.pseudo[name]; ok || name == "AWS::NoValue" {
			return nil
		}
		if _, ok := x.template.parameters[name]; ok {
			return nil
		}
		d, ok := x.template.Resources[name]
		if !ok || !x.holds(d.Condition) {
			return unresolved(name)
		}
		found[name] = true
		return nil
	})
	return found, refusal(err)
}

// order sorts the resources so that each comes after those it depends on.
func order(dependencies map[string][]string) ([]string, error) {
	order, cycle := cfn.Order(dependencies)
	if cycle == nil {
		return order, nil
	}
	slices.Sort(cycle)
	return nil, invalid("Circular dependency between resources: [%s]", strings.Join(slices.Compact(cycle), ", "))
}
