package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// moves are the resources of Before whose name another one has now.
type moves struct {
	to      map[*template.Resource]*template.Resource
	renamed []renaming
}

// renaming is a stage whose stacks are now those of another one.
type renaming struct {
	from, to string
	before   []*template.Stack // of from
	after    []*template.Stack // of to
}

// takenName is what only one resource can have at a time.
type takenName struct{ typ, account, region, name string }

func nameTaken(r *template.Resource) takenName {
	s := r.Stack()
	return takenName{r.Type, s.Account, s.Region, physicalName(r)}
}

// physicalName is the name that the template gives a stateful resource, or "".
func physicalName(r *template.Resource) string {
	property := stateful[r.Type].name
	if property == "" {
		return ""
	}
	name, err := r.Properties().Get(property).String()
	if err != nil {
		return ""
	}
	return name
}

// called is a resource's name in AWS or, where AWS gives it one, its id.
func called(r *template.Resource) string {
	return fmt.Sprintf("%s %s", r.Type, cmp.Or(physicalName(r), r.LogicalID))
}

func (d *deployment) readMoves() moves {
	m := moves{to: map[*template.Resource]*template.Resource{}}
	if len(d.Before) == 0 {
		return m
	}
	holders := map[takenName]*template.Resource{}
	for _, s := range d.stacks {
		for _, r := range s.Resources() {
			if n := nameTaken(r); n.name != "" {
				holders[n] = r
			}
		}
	}
	for _, old := range d.Before {
		for _, before := range old.Resources() {
			n := nameTaken(before)
			if n.name == "" {
				continue
			}
			if after := d.successor(before); after != nil && nameTaken(after) == n {
				continue
			}
			if holder := holders[n]; holder != nil {
				m.to[before] = holder
				m.rename(d, before.Stack().OfStage(), holder.Stack().OfStage())
			}
		}
	}
	return m
}

// rename notes that a stage is now called otherwise, unless it still has stacks.
func (m *moves) rename(d *deployment, from, to string) {
	known := slices.ContainsFunc(m.renamed, func(r renaming) bool { return r.from == from })
	if known || from == "" || to == "" || from == to {
		return
	}
	of := func(stacks []*template.Stack, stage string) []*template.Stack {
		return slices.DeleteFunc(slices.Clone(stacks), func(s *template.Stack) bool { return s.OfStage() != stage })
	}
	if len(of(d.stacks, from)) == 0 {
		m.renamed = append(m.renamed, renaming{from, to, of(d.Before, from), of(d.stacks, to)})
	}
}

// isRenamed reports whether the stage of a stack of Before has another name now.
func (d *deployment) isRenamed(old *template.Stack) bool {
	return slices.ContainsFunc(d.moves.renamed, func(r renaming) bool { return slices.Contains(r.before, old) })
}

// findMoves reports what CloudFormation would try to create although it is there.
func (c *checker) findMoves() {
	for _, r := range c.moves.renamed {
		first := r.before[0]
		f := c.finding(c.rule.Severity,
			fmt.Sprintf("Call the stage %s again; or, while it is called so, destroy its stacks, which keeps buckets, keys and the key ring, and adopt these afterwards with `npx cdk import` (README, Remove).", r.from),
			first, "the stacks of stage %s (%s) are now those of stage %s (%s): CloudFormation would create what exists, which fails (BucketAlreadyOwnedByYou), while the stacks of %s stay deployed",
			r.from, stackNames(r.before), r.to, stackNames(r.after), r.from)
		f.Was, f.Is = r.from, r.to
		c.addChange(f)
	}
	for _, old := range c.Before {
		for _, before := range old.Resources() {
			after := c.moves.to[before]
			if after == nil || c.isRenamed(old) {
				continue
			}
			now := place(after.Stack().Name, after.LogicalID, "")
			c.changed(before, "", place(old.Name, before.LogicalID, ""), now,
				"%s is at %s now: CloudFormation would create what exists, which fails while the old one is there", called(before), now)
		}
	}
}

func stackNames(list []*template.Stack) string {
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}
