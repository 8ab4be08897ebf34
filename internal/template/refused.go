package template

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/cfn"
)

// Refused is what CloudFormation refuses of the template around the values of
// properties: conditions and outputs, attributes of resources, references to
// nothing, and resources that need one another. It says nothing of a template
// that a macro rewrites.
func (s *Stack) Refused() []*Error {
	if len(s.Template.Transforms) > 0 || len(s.Template.Unexpanded) > 0 {
		return nil
	}
	check := &refusals{scope: newScope(s)}
	check.attributes()
	for _, name := range slices.Sorted(maps.Keys(s.Template.Conditions)) {
		check.condition(name)
	}
	for _, r := range s.Resources() {
		check.resource(r)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Template.Outputs)) {
		check.output(name)
	}
	check.cycles()
	return check.found
}

type refusals struct {
	*scope
	found []*Error
}

// add leaves out what is wrong with a condition that others use: it is told at
// the condition.
func (f *refusals) add(err error) {
	var wrong *Error
	if errors.As(err, &wrong) && (!strings.HasPrefix(wrong.Reason, "condition ") || strings.Contains(wrong.Reason, "circular")) {
		f.found = append(f.found, wrong)
	}
}

func (f *refusals) addf(at *cfn.Path, format string, args ...any) {
	f.add(f.Errorf(at, format, args...))
}

// attributes are refused that no resource, parameter or output has.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html
// and parameters-section-structure. A resource's Description stands in templates
// of AWS's own, and Version belongs to custom resources.
func (f *refusals) attributes() {
	known := map[string][]string{
		"Resources":  {"CreationPolicy", "UpdatePolicy", "Description", "Version"},
		"Parameters": {"MinLength", "MaxLength", "MinValue", "MaxValue"},
		"Outputs":    {},
	}
	for _, place := range f.stack.Template.Others {
		parts := strings.SplitN(place, ".", 3)
		if list, ok := known[parts[0]]; ok && len(parts) == 3 && !slices.Contains(list, parts[2]) {
			f.addf(cfn.Root(place), "there is no attribute of that name")
		}
	}
}

// condition refuses what is no condition. CloudFormation decides all of them
// before it makes a resource, so that none may refer to one.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
func (f *refusals) condition(name string) {
	raw, at := f.stack.Template.Conditions[name], cfn.Root("Conditions", name)
	resources := false
	f.mentions(raw, at, func(m cfn.Mention) {
		if _, isParameter := f.stack.Template.Parameters[m.Name]; !isParameter && f.stack.Resource(m.Name) != nil {
			resources = true
			f.addf(m.At, "a condition can't refer to resource %q: it is decided before any is made", m.Name)
		}
	})
	if !resources {
		_, err := f.Holds(raw, at)
		f.add(err)
	}
}

// resource refuses references to nothing, and policies that are none. What its
// properties resolve to is told where they are read.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
// and aws-attribute-updatereplacepolicy.
func (f *refusals) resource(r *Resource) {
	_, err := r.Created()
	f.add(err)
	for i, id := range r.DependsOn {
		if f.stack.Resource(id) == nil && !f.stack.Template.ofModule(id) {
			f.addf(r.at("DependsOn").Element(i), "no resource %q in the template", id)
		}
	}
	if !slices.Contains([]string{"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}, r.Deletion()) {
		f.addf(r.at("DeletionPolicy"), "must be Delete, Retain, RetainExceptOnCreate or Snapshot, not %q", r.DeletionPolicy)
	}
	if !slices.Contains([]string{"Delete", "Retain", "Snapshot"}, r.Replacement()) {
		f.addf(r.at("UpdateReplacePolicy"), "must be Delete, Retain or Snapshot, not %q", r.UpdateReplacePolicy)
	}
	f.mentions(r.RawProperties, r.at("Properties"), f.exists)
}

func (f *refusals) output(name string) {
	o := f.stack.Template.Outputs[name]
	if o.Condition != "" {
		shown, err := f.Condition(o.Condition, cfn.Root("Outputs", name, "Condition"))
		f.add(err)
		if err == nil && !shown {
			return
		}
	}
	f.text(o.Value, cfn.Root("Outputs", name, "Value"))
	if o.ExportName != nil {
		f.text(o.ExportName, cfn.Root("Outputs", name, "Export", "Name"))
	}
}

func (f *refusals) text(v any, at *cfn.Path) {
	before := len(f.found)
	if f.mentions(v, at, f.exists); len(f.found) == before {
		_, err := f.Text(v, at)
		f.add(err)
	}
}

// mentions calls look with each place of v that refers to something by name.
func (f *refusals) mentions(v any, at *cfn.Path, look func(cfn.Mention)) {
	// What can't be resolved is told where it is asked for.
	_ = f.References(v, at, func(m cfn.Mention) error {
		if !strings.HasPrefix(m.Name, "AWS::") {
			look(m)
		}
		return nil
	})
}

// exists refuses a mention of nothing. A resource whose condition is false may
// stand in a branch that is never taken.
func (f *refusals) exists(m cfn.Mention) {
	if _, ok := f.stack.Template.Parameters[m.Name]; ok && m.Attribute == "" {
		return
	}
	_, err := f.scope.resource(m.Name, m.At)
	if !m.Doubtful || f.stack.Resource(m.Name) == nil {
		f.add(err)
	}
}

// cycles refuses resources none of which can be the first to be made.
func (f *refusals) cycles() {
	needs := f.stack.needs(false)
	ids := map[string][]string{}
	for id, list := range needs {
		ids[id] = nil
		for _, n := range list {
			ids[id] = append(ids[id], n.id)
		}
	}
	for {
		_, cycle := cfn.Order(ids)
		if cycle == nil {
			return
		}
		if f.together(cycle) {
			i := slices.IndexFunc(needs[cycle[0]], func(n need) bool { return n.id == cycle[1] })
			f.addf(needs[cycle[0]][i].at, "circular dependency: %s", strings.Join(cycle, " -> "))
		}
		for _, id := range cycle {
			delete(ids, id)
		}
		for id, list := range ids {
			ids[id] = slices.DeleteFunc(list, func(need string) bool { return slices.Contains(cycle, need) })
		}
	}
}

// together says whether resources are made in one and the same deployment:
// those whose conditions aren't known may exclude each other.
func (f *refusals) together(ids []string) bool {
	unknown := map[string]bool{}
	for _, id := range ids {
		if r := f.stack.Resource(id); r.Condition != "" {
			if _, err := r.Created(); err != nil {
				unknown[r.Condition] = true
			}
		}
	}
	return len(unknown) <= 1
}
