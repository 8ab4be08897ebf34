package deployment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// ReadBefore reads what was deployed before: an assembly, a template, or a folder
// of either. A template takes the place of the stacks that have its name or whose
// template has its path, with the same account, Region and parameters; of one
// template and one former one the names don't matter.
func (d *Deployment) ReadBefore(path string) ([]*template.Stack, error) {
	r := &reader{Options: Options{Account: d.options.Account, Region: d.options.Region, Exclude: d.options.Exclude, Progress: d.options.Progress}, files: map[string]bool{}}
	r.path(path)
	if len(r.plain) == 0 {
		r.Account, r.Region = "", "" // they are of templates alone
	}
	before, err := r.deployment()
	if err != nil {
		return nil, err
	}
	successors := d.successors(before)
	former, at := slices.Clone(before.Stacks), map[*template.Stack]int{}
	for i, s := range former {
		at[s] = i
	}
	places := map[place]bool{}
	for _, s := range d.Stacks {
		places[placeOf(s)] = true
	}
	matched := slices.ContainsFunc(former, func(s *template.Stack) bool { return places[placeOf(s)] })
	for _, p := range before.plain {
		for i, s := range successors(p) {
			matched = true
			old, err := template.ReadTemplate(p.stack.File, s.Account, s.Region)
			if err != nil {
				return nil, err
			}
			old.Name, old.Parameters = s.Name, parametersOf(old, s.Parameters)
			if i == 0 {
				former[at[p.stack]] = old
			} else { // a template of which several stacks are made
				former = append(former, old)
			}
		}
	}
	if !matched && len(before.plain)+len(d.plain) > 0 {
		return nil, fmt.Errorf("%s: nothing to compare: it has %s, and none of these is among the stacks checked, %s: give the files the same names, or the stacks the same accounts and Regions",
			path, strings.Join(names(before.Stacks), ", "), strings.Join(names(d.Stacks), ", "))
	}
	return template.NewAssembly(former...).Stacks, nil
}

// successors finds the stacks that have the place of a former template.
func (d *Deployment) successors(before *Deployment) func(plain) []*template.Stack {
	if len(before.Stacks) == 1 && len(d.Stacks) == 1 {
		return func(plain) []*template.Stack { return d.Stacks }
	}
	byName, byPath := map[string][]*template.Stack{}, map[string][]*template.Stack{}
	for _, s := range d.Stacks {
		byName[s.Name] = append(byName[s.Name], s)
	}
	for _, p := range d.plain {
		name := template.StackName(p.path) // JSON may have become YAML
		byPath[name] = append(byPath[name], p.stack)
	}
	return func(p plain) []*template.Stack {
		if named := byName[p.stack.Name]; named != nil {
			return named
		}
		return byPath[template.StackName(p.path)]
	}
}
