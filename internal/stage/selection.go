package stage

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select returns the stages that match any of the patterns, in the order of the
// file: names, globs such as "prod-*", and groups such as "@team" or "@team-*";
// a pattern may be several with commas between. Without patterns it returns all.
// A pattern that matches none is an error.
func (f *File) Select(patterns ...string) ([]Stage, error) {
	if len(patterns) == 0 {
		return f.Stages, nil
	}
	selected := map[string]bool{}
	for _, pattern := range strings.Split(strings.Join(patterns, ","), ",") {
		pattern = strings.TrimSpace(pattern)
		found := false
		for i := range f.Stages {
			match, err := f.Stages[i].matches(pattern)
			if err != nil {
				return nil, fmt.Errorf("stage %s isn't a pattern: write a name, a glob such as prod-* or a group such as @team", quote(pattern))
			}
			if match {
				found, selected[f.Stages[i].Name] = true, true
			}
		}
		if !found {
			return nil, f.unknown(pattern)
		}
	}
	var stages []Stage
	for _, s := range f.Stages {
		if selected[s.Name] {
			stages = append(stages, s)
		}
	}
	return stages, nil
}

// Stage returns the stage of that name, or the only one that a pattern matches.
func (f *File) Stage(name string) (*Stage, error) {
	if i := slices.IndexFunc(f.Stages, func(s Stage) bool { return s.Name == name }); i >= 0 {
		return &f.Stages[i], nil
	}
	stages, err := f.Select(name)
	switch {
	case err != nil:
		return nil, err
	case len(stages) > 1:
		return nil, fmt.Errorf("%s is %d stages, and this is done with one: write its name, such as %s", quote(name), len(stages), stages[0].Name)
	}
	return &stages[0], nil
}

func (s *Stage) matches(pattern string) (bool, error) {
	group, ofGroup := strings.CutPrefix(pattern, "@")
	if !ofGroup {
		return path.Match(pattern, s.Name)
	}
	match, err := path.Match(group, s.Group)
	return match && s.Group != "", err
}

// unknown says what to write instead of a pattern that matches no stage.
func (f *File) unknown(pattern string) error {
	what, known := "stage", f.Names()
	if strings.HasPrefix(pattern, "@") {
		what, known = "group", f.groups()
	}
	slices.Sort(known)
	if meant := f.meant(pattern); len(meant) > 0 {
		return fmt.Errorf("unknown %s %s: did you mean %s?", what, quote(pattern), oneOf(meant[:min(len(meant), mostNamed)]))
	}
	if len(known) == 0 {
		return fmt.Errorf("unknown group %s: the file has no groups: write the name of a stage", quote(pattern))
	}
	if len(known) <= mostNamed {
		return fmt.Errorf("unknown %s %s: write %s", what, quote(pattern), oneOf(known))
	}
	return fmt.Errorf("unknown %s %s: %s", what, quote(pattern), suggest(pattern, known))
}

// meant returns the stages that somebody means who writes the id of an account,
// or a group without its @.
func (f *File) meant(pattern string) []string {
	if slices.Contains(f.groups(), "@"+pattern) {
		return []string{"@" + pattern}
	}
	var names []string
	for i := range f.Stages {
		if slices.Contains(f.Stages[i].Accounts(), pattern) {
			names = append(names, f.Stages[i].Name)
		}
	}
	return names
}

// groups returns the groups that the stages are of, as patterns.
func (f *File) groups() []string {
	var groups []string
	for i := range f.Stages {
		if g := "@" + f.Stages[i].Group; g != "@" && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	return groups
}
