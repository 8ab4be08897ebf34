package template

import (
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// DeployOrder gives the stack's Resources, each after those that it refers to
// or depends on, otherwise by logical id. Resources that depend on one another
// are an Error: CloudFormation can't create any of them.
func (s *Stack) DeployOrder() ([]*Resource, error) {
	needs := map[string][]string{}
	for _, r := range s.Resources() {
		refs := slices.Clone(r.DependsOn)
		// What can't be resolved is told where it is asked for.
		_ = newScope(s).References(r.RawProperties, cfn.Root("Resources", r.LogicalID, "Properties"), func(id string) error {
			refs = append(refs, id)
			return nil
		})
		needs[r.LogicalID] = refs
	}
	for id, refs := range needs {
		needs[id] = slices.DeleteFunc(refs, func(ref string) bool {
			_, isResource := needs[ref]
			return !isResource
		})
	}
	order, cycle := cfn.Order(needs)
	if cycle != nil {
		return nil, &Error{Stack: s.Name, Path: "Resources", Reason: "circular dependency: " + strings.Join(cycle, " -> ")}
	}
	list := make([]*Resource, len(order))
	for i, id := range order {
		list[i] = s.Template.Resources[id]
	}
	return list, nil
}
