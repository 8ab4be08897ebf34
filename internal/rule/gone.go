package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/template"
)

// findRemoved reports what holds data and is in no stack now.
func (c *checker) findRemoved() {
	for _, old := range c.Before {
		if !c.compares(old) || c.isRenamed(old) {
			continue
		}
		if !c.stillThere(old) {
			c.removedStack(old)
			continue
		}
		for _, r := range c.removed(old) {
			what := "CloudFormation deletes it"
			if isRetained(r) {
				what = "it stays, and no stack has it"
			}
			c.changed(r, "", physicalName(r), "", "the %s is gone from the template: %s", called(r), what)
		}
	}
}

// findLeftBehind reports the stacks that are gone, with what removes them.
func (c *checker) findLeftBehind() {
	for _, old := range c.Before {
		if c.compares(old) && !c.stillThere(old) && !c.isRenamed(old) {
			c.report.Findings = append(c.report.Findings, c.finding(Warning, c.howToDelete(old), old,
				"the stack is no longer in the app and stays deployed in %s/%s", old.Account, old.Region))
		}
	}
}

// removed are the resources of a stack of Before that hold data and that no
// stack has now.
func (d *deployment) removed(old *template.Stack) []*template.Resource {
	return slices.DeleteFunc(old.Resources(), func(r *template.Resource) bool {
		_, ok := stateful[r.Type]
		return !ok || r.Type == "AWS::IAM::Role" || d.moves.to[r] != nil || d.successor(r) != nil
	})
}

func isRetained(r *template.Resource) bool {
	return r.DeletionPolicy == "Retain" || r.DeletionPolicy == "RetainExceptOnCreate"
}

// removedStack reports a stack that is gone with what holds data.
func (c *checker) removedStack(old *template.Stack) {
	removed := c.removed(old)
	if len(removed) == 0 {
		return
	}
	fix := c.rule.Fix
	if !slices.ContainsFunc(c.Before, c.stillThere) {
		fix += " If none of these stacks was ever deployed, as those of the examples, remove the snapshots instead: rm -r test/snapshots test/access test/reach."
	}
	f := c.finding(c.rule.Severity, fix, old, "the stack is no longer in the app: it stays deployed in %s/%s with %s, and nothing here updates it",
		old.Account, old.Region, inventory(removed))
	f.Was = inventory(removed)
	c.addChange(f)
}

// inventory lists resources by type: those that have a name, and how many others.
func inventory(list []*template.Resource) string {
	names, others := map[string][]string{}, map[string]int{}
	for _, r := range list {
		if name := physicalName(r); name != "" {
			names[r.Type] = append(names[r.Type], name)
		} else {
			others[r.Type]++
		}
	}
	var parts []string
	for _, typ := range slices.Sorted(maps.Keys(names)) {
		parts = append(parts, typ+" "+strings.Join(names[typ], ", "))
	}
	for _, typ := range slices.Sorted(maps.Keys(others)) {
		parts = append(parts, fmt.Sprintf("%d %s", others[typ], typ))
	}
	return strings.Join(parts, "; ")
}

// howToDelete says how to remove a stack that the app no longer makes. Who used
// it must let go of it first.
func (c *checker) howToDelete(old *template.Stack) string {
	var here, gone []string
	for _, s := range c.Before {
		switch {
		case !slices.Contains(s.Dependencies, old.ArtifactID):
		case c.stillThere(s):
			here = append(here, s.Name)
		default:
			gone = append(gone, s.Name)
		}
	}
	var first string
	if len(here) > 0 {
		first += "Deploy " + strings.Join(here, ", ") + ", which used it, first. "
	}
	if len(gone) > 0 {
		first += "Delete " + strings.Join(gone, ", ") + ", which used it, first. "
	}
	return fmt.Sprintf("%sWith credentials of account %s: aws cloudformation delete-stack --stack-name %s --region %s (not cdk destroy, which no longer knows it). Buckets, keys and all else that it retains stay.",
		first, old.Account, old.Name, old.Region)
}
