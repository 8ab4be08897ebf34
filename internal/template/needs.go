package template

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/internal/cfn"
)

// need is why CloudFormation makes one resource before another.
type need struct {
	id string
	at *cfn.Path
}

// Needs gives, by logical id, which of Resources CloudFormation makes before
// each: those that it depends on or refers to. What stands in a branch of an
// Fn::If whose condition isn't known counts.
func (s *Stack) Needs() map[string][]string {
	needs := map[string][]string{}
	for id, list := range s.needs(true) {
		needs[id] = []string{}
		for _, n := range list {
			needs[id] = append(needs[id], n.id)
		}
	}
	return needs
}

func (s *Stack) needs(doubtful bool) map[string][]need {
	needs := map[string][]need{}
	resources := s.Resources()
	for _, r := range resources {
		needs[r.LogicalID] = nil
	}
	evaluation := newScope(s)
	for _, r := range resources {
		var list []need
		for i, id := range r.DependsOn {
			list = append(list, need{id, r.at("DependsOn").Element(i)})
		}
		// What can't be resolved is told where it is asked for.
		_ = evaluation.References(r.RawProperties, r.at("Properties"), func(m cfn.Mention) error {
			if doubtful || !m.Doubtful {
				list = append(list, need{m.Name, m.At})
			}
			return nil
		})
		needs[r.LogicalID] = slices.DeleteFunc(list, func(n need) bool {
			_, isResource := needs[n.id]
			return !isResource
		})
	}
	return needs
}

// Mentions are the places in resources and outputs that refer to something by
// name.
func (s *Stack) Mentions() (list []cfn.Mention) {
	evaluation := newScope(s)
	collect := func(m cfn.Mention) error {
		list = append(list, m)
		return nil
	}
	// What can't be resolved is told where it is asked for.
	for _, r := range s.Resources() {
		_ = evaluation.References(r.RawProperties, r.at("Properties"), collect)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Template.Outputs)) {
		_ = evaluation.References(s.Template.Outputs[name].Value, cfn.Root("Outputs", name, "Value"), collect)
	}
	return list
}

// at is a place of the resource.
func (r *Resource) at(attribute string) *cfn.Path {
	return cfn.Root("Resources", r.LogicalID, attribute)
}
