package stage

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// alike are problems that one mistake makes.
type alike struct {
	problems []Problem
	stages   []string // of the problems; "" of what is said of none alone
	group    string
	pattern  place // where the placeholders stand that made the texts, in rows of their own
}

// gather returns each mistake once: what stands in defaults or in a group is read
// for each of their stages, and may be wrong in each.
func (d *document) gather() Errors {
	shared := map[place]bool{}
	for _, n := range d.shared {
		addPlaces(shared, n)
	}
	var order []*alike
	byKey := map[string]*alike{}
	for _, p := range d.problems {
		stage, field := inStage(p.Path)
		group, at, key := "", place{line: p.Line, column: p.Column}, p.Path
		if m := d.members[stage]; m != nil {
			group = m.group
		}
		_, made := d.patterns[p.Path]
		nearest := d.places[d.nearest(p.Path)]
		switch {
		case p.File == d.name && shared[at]:
			key = fmt.Sprint("shared ", at, field)
		case group == "":
		case made:
			key = fmt.Sprint("made ", group, field)
		case !d.has(p.Path) && p.Line == nearest.line && p.Column == nearest.column: // missing, in rows that lack it
			key = fmt.Sprint("missing ", group, field, p.Message)
		}
		a := byKey[key]
		if a == nil {
			a = &alike{group: group}
			byKey[key], order = a, append(order, a)
		}
		if made {
			a.pattern = d.patterns[p.Path]
		}
		a.problems, a.stages = append(a.problems, p), append(a.stages, stage)
	}
	var list Errors
	said := map[Problem]bool{}
	add := func(problems ...Problem) { // once, of a row that several groups have
		for _, p := range problems {
			key := p
			key.Path = ""
			if !said[key] {
				said[key] = true
				list = append(list, p)
			}
		}
	}
	for _, a := range order {
		first, at := a.problems[0], place{line: a.problems[0].Line, column: a.problems[0].Column}
		all := len(a.problems) == d.groups[a.group] && len(a.problems) > 1
		switch {
		case first.File == d.name && shared[at]:
		case a.pattern.line > 0 && !all || len(a.problems) == 1:
			add(a.problems...)
			continue
		case a.pattern.line > 0:
			first.File, first.Line, first.Column = d.name, a.pattern.line, a.pattern.column
		case all:
			at := d.places["groups."+a.group]
			first.File, first.Line, first.Column = d.name, at.line, at.column
		}
		if !slices.Contains(a.stages, "") {
			first.Message += inStages(a.stages)
		}
		add(first)
	}
	return list
}

// inStage returns the name of the stage that a path is of, and the path of the
// field in it. What is said of all has no name.
func inStage(path string) (stage, field string) {
	top, rest, _ := strings.Cut(path, ".")
	if top == "groups" {
		_, rest, _ = strings.Cut(rest, ".")
		if below, ok := strings.CutPrefix(rest, "overrides."); ok {
			_, rest, _ = strings.Cut(below, ".")
		}
	}
	if top != "stages" {
		return "", rest
	}
	i := strings.IndexAny(rest, ".[")
	if i < 0 {
		return rest, ""
	}
	return rest[:i], strings.TrimPrefix(rest[i:], ".")
}

// inStages ends a message that is about some of many stages.
func inStages(stages []string) string {
	if len(stages) == 1 {
		return fmt.Sprintf(" (in stage %s)", stages[0])
	}
	return fmt.Sprintf(" (in stage %s and %d more)", stages[0], len(stages)-1)
}

// addPlaces adds the places of a node and all below.
func addPlaces(places map[place]bool, n *yaml.Node) {
	places[placeOf(n)] = true
	for _, below := range n.Content {
		addPlaces(places, below)
	}
}
