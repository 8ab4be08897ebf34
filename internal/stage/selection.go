package stage

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Select returns the stages that match any of the patterns, in the order of the
// file: names, globs such as "prod-*", and groups such as "@team" or "@team-*".
// Without patterns it returns all. A pattern that matches none is an error.
func (f *File) Select(patterns ...string) ([]Stage, error) {
	if len(patterns) == 0 {
		return f.Stages, nil
	}
	selected := map[string]bool{}
	for _, pattern := range patterns {
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
	if len(known) == 0 {
		return fmt.Errorf("unknown group %s: the file has no groups: write the name of a stage", quote(pattern))
	}
	if len(known) <= mostNamed {
		return fmt.Errorf("unknown %s %s: write %s", what, quote(pattern), oneOf(known))
	}
	return fmt.Errorf("unknown %s %s: %s", what, quote(pattern), suggest(pattern, known))
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
