package rule

import (
	"maps"
	"slices"

	"github.com/s3seal/s3seal/internal/template"
)

// groups are the stacks of a call that may have to do with each other, in their
// order. What they leave open is tried for each group alone: a folder of
// unrelated templates then takes as long as its files one by one, and the
// accounts, Regions and parameters of one don't multiply those of the others.
//
// Stacks are apart only if nothing connects them. Where it is in doubt, they are
// together: rules look things up in all stacks of a group.
func groups(stacks []*template.Stack) [][]*template.Stack {
	if len(stacks) < 2 || !alike(stacks) {
		return [][]*template.Stack{stacks}
	}
	all := readLinks(stacks)
	defines := map[string]int{} // the first stack that does
	joined := newJoined(len(stacks))
	for i, l := range all {
		if l.wide {
			return [][]*template.Stack{stacks}
		}
		for name := range l.defines {
			if first, ok := defines[name]; ok {
				joined.join(first, i)
			} else {
				defines[name] = i
			}
		}
	}
	sorted := slices.Sorted(maps.Keys(defines))
	for i, l := range all {
		for name := range l.mentions {
			for _, of := range meant(sorted, name) {
				joined.join(defines[of], i)
			}
		}
	}
	return joined.groups(stacks)
}

// groups are the stacks that belong together.
func (j joined) groups(stacks []*template.Stack) [][]*template.Stack {
	var list [][]*template.Stack
	at := map[int]int{}
	for i, s := range stacks {
		root := j.root(i)
		if _, ok := at[root]; !ok {
			at[root], list = len(list), append(list, nil)
		}
		list[at[root]] = append(list[at[root]], s)
	}
	return list
}

// alike says whether the stacks leave open the same, and are in no assembly: that
// of an app is one deployment, and stacks of several accounts are known to each
// other by these.
func alike(stacks []*template.Stack) bool {
	return !slices.ContainsFunc(stacks, func(s *template.Stack) bool {
		return s.ArtifactID != "" || s.Account != stacks[0].Account || s.Region != stacks[0].Region
	})
}

// joined are numbers that belong together.
type joined []int

func newJoined(n int) joined {
	j := make(joined, n)
	for i := range j {
		j[i] = i
	}
	return j
}

func (j joined) root(i int) int {
	for j[i] != i {
		i = j[i]
	}
	return i
}

// join keeps the smaller root, so that groups are in the order of their first.
func (j joined) join(a, b int) {
	a, b = j.root(a), j.root(b)
	j[max(a, b)] = min(a, b)
}
