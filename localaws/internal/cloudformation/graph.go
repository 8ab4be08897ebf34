package cloudformation

import (
	"maps"
	"slices"
	"strings"
)

// dependencies are the resources that each live resource (its condition holds)
// needs first: by DependsOn, Ref, Fn::GetAtt and Fn::Sub. A branch of Fn::If
// that is not taken counts for nothing.
func (x *scope) dependencies() (map[string][]string, error) {
	out := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(x.template.resources)) {
		d := x.template.resources[id]
		if d.condition != "" {
			if _, ok := x.conditions[d.condition]; !ok {
				return nil, invalid("Template format error: Unresolved condition dependency %s of resource %s", d.condition, id)
			}
		}
		if !x.holds(d.condition) {
			continue
		}
		found := map[string]bool{}
		if err := x.references(d.properties, found); err != nil {
			return nil, err
		}
		for _, name := range d.dependsOn {
			other, ok := x.template.resources[name]
			if !ok {
				return nil, unresolved(name)
			}
			// A dependency on a resource whose condition is false is met.
			if x.holds(other.condition) {
				found[name] = true
			}
		}
		out[id] = slices.Sorted(maps.Keys(found))
	}
	return out, nil
}

// references adds the resources that a value refers to, and fails on any
// reference that leads nowhere.
func (x *scope) references(v any, found map[string]bool) error {
	if name, arg, ok := call(v); ok {
		if functions[name] == nil {
			return invalid("the local AWS does not know the intrinsic function %s", name)
		}
		switch name {
		case "Ref":
			s, _ := arg.(string)
			return x.reference(s, found)
		case "Fn::GetAtt":
			id, _, err := getAttArguments(arg)
			if err != nil {
				return err
			}
			return x.reference(id, found)
		case "Fn::Sub":
			pattern, own, err := subArguments(arg)
			if err != nil {
				return err
			}
			for _, p := range splitSub(pattern) {
				if _, isOwn := own[p.text]; !p.variable || isOwn {
					continue
				}
				id, _, _ := strings.Cut(p.text, ".")
				if err := x.reference(id, found); err != nil {
					return err
				}
			}
			return x.references(any(own), found)
		case "Fn::If":
			branch, err := x.branch(arg)
			if err != nil {
				return err
			}
			return x.references(branch, found)
		}
		return x.references(arg, found)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if err := x.references(v[k], found); err != nil {
				return err
			}
		}
	case []any:
		for _, e := range v {
			if err := x.references(e, found); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *scope) reference(name string, found map[string]bool) error {
	if _, ok := x.pseudo[name]; ok || name == "AWS::NoValue" {
		return nil
	}
	if _, ok := x.template.parameters[name]; ok {
		return nil
	}
	d, ok := x.template.resources[name]
	if !ok || !x.holds(d.condition) {
		return unresolved(name)
	}
	found[name] = true
	return nil
}

// order sorts the resources so that each comes after those it depends on.
func order(dependencies map[string][]string) ([]string, error) {
	var sorted []string
	done := map[string]bool{}
	for len(sorted) < len(dependencies) {
		before := len(sorted)
		for _, id := range slices.Sorted(maps.Keys(dependencies)) {
			ready := !done[id]
			for _, d := range dependencies[id] {
				ready = ready && done[d]
			}
			if ready {
				done[id] = true
				sorted = append(sorted, id)
			}
		}
		if len(sorted) == before {
			return nil, invalid("Circular dependency between resources: [%s]", strings.Join(cyclic(dependencies, done), ", "))
		}
	}
	return sorted, nil
}

// cyclic are the resources of the cycles: what is left after taking away, again
// and again, what depends on nothing that is left and what nothing left
// depends on.
func cyclic(dependencies map[string][]string, done map[string]bool) []string {
	left := map[string]bool{}
	for id := range dependencies {
		left[id] = !done[id]
	}
	for changed := true; changed; {
		changed = false
		needed := map[string]bool{}
		for id := range dependencies {
			for _, d := range dependencies[id] {
				needed[d] = needed[d] || left[id]
			}
		}
		for id := range dependencies {
			if left[id] && !needed[id] {
				left[id], changed = false, true
			}
		}
	}
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(left)) {
		if left[id] {
			ids = append(ids, id)
		}
	}
	return ids
}
