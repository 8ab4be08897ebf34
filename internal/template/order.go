package template

import (
	"maps"
	"slices"
	"strings"
)

// DeployOrder gives the stack's Resources, each after those that it refers to
// or depends on, otherwise by logical id. Resources that depend on one another
// are an Error: CloudFormation can't create any of them.
func (s *Stack) DeployOrder() ([]*Resource, error) {
	needs := map[string][]string{}
	for _, r := range s.Resources() {
		refs := map[string]bool{}
		for _, id := range r.DependsOn {
			refs[id] = true
		}
		newScope(s).references(r.RawProperties, root("Resources", r.LogicalID, "Properties"), refs)
		needs[r.LogicalID] = slices.Sorted(maps.Keys(refs))
	}
	for id, refs := range needs {
		needs[id] = slices.DeleteFunc(refs, func(ref string) bool {
			_, isResource := needs[ref]
			return !isResource
		})
	}
	order, cycle := dependencyOrder(needs)
	if cycle != nil {
		return nil, &Error{Stack: s.Name, Path: "Resources", Reason: "circular dependency: " + strings.Join(cycle, " -> ")}
	}
	list := make([]*Resource, len(order))
	for i, id := range order {
		list[i] = s.Template.Resources[id]
	}
	return list, nil
}

// references collects every name that v refers to. Of an Fn::If whose condition
// is known, only the branch that is taken counts.
func (s scope) references(v any, at *path, refs map[string]bool) {
	if at.level() > 2*maxDepth {
		return
	}
	if chosen, place, err := s.choose(v, at); err == nil {
		v, at = chosen, place
	}
	switch v := v.(type) {
	case []any:
		for i, element := range v {
			s.references(element, at.element(i), refs)
		}
	case map[string]any:
		name, arg, _ := intrinsic(v)
		switch name {
		case "Ref":
			if id, ok := arg.(string); ok {
				refs[id] = true
			}
		case "Fn::GetAtt":
			id, _ := arg.(string)
			if list, ok := arg.([]any); ok && len(list) > 0 {
				id, _ = list[0].(string)
			}
			id, _, _ = strings.Cut(id, ".")
			refs[id] = true
		case "Fn::Sub":
			subReferences(arg, refs)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			s.references(v[key], at.child(key), refs)
		}
	}
}

// subReferences collects what the text of an Fn::Sub refers to.
func subReferences(arg any, refs map[string]bool) {
	text, _ := arg.(string)
	var vars map[string]any
	if list, ok := arg.([]any); ok && len(list) == 2 {
		text, _ = list[0].(string)
		vars, _ = list[1].(map[string]any)
	}
	for i, part := range strings.Split(text, "${") {
		name, _, closed := strings.Cut(part, "}")
		if _, isVar := vars[name]; i == 0 || !closed || isVar {
			continue
		}
		id, _, _ := strings.Cut(name, ".")
		refs[id] = true
	}
}

// dependencyOrder sorts names so that each comes after all that it needs,
// otherwise alphabetically. A cycle, if there is one, ends as it begins.
func dependencyOrder(needs map[string][]string) (order, cycle []string) {
	done := map[string]bool{}
	var trail []string
	var visit func(name string) []string
	visit = func(name string) []string {
		if done[name] {
			return nil
		}
		if start := slices.Index(trail, name); start >= 0 {
			return append(slices.Clone(trail[start:]), name)
		}
		trail = append(trail, name)
		for _, need := range slices.Sorted(slices.Values(needs[name])) {
			if cycle := visit(need); cycle != nil {
				return cycle
			}
		}
		trail = trail[:len(trail)-1]
		done[name] = true
		order = append(order, name)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(needs)) {
		if cycle := visit(name); cycle != nil {
			return nil, cycle
		}
	}
	return order, nil
}
