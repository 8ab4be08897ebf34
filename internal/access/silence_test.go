package access

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Whatever grants or limits must not change without a trace: each change is made
// alone to the reviewed templates, and the page must show it, in a table or in
// the list of what is not read.
func TestNoChangeIsSilent(t *testing.T) {
	if testing.Short() {
		t.Skip("long: the stages are asked anew for each change")
	}
	a := readAssembly(t, snapshots)
	for _, stage := range stageNames(a) {
		stacks := Stacks(a, stage)
		if stacks[0].OfStage() == "" {
			continue
		}
		before := newPage(stage, stacks, resource.Read(stacks))
		for _, c := range changes() {
			t.Run(stage+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				changed := c.made(t, stage)
				if changed == nil {
					return // the stage has no such stack
				}
				shown := before.difference(newPage(stage, changed, resource.Read(changed)), c.at)
				switch {
				case shown == nil:
					t.Error("silent: the page is the same without it")
				case !slices.ContainsFunc(shown, func(line string) bool { return strings.Contains(line, c.shows) }):
					t.Errorf("the page doesn't say %q, but\n%s", c.shows, strings.Join(shown[:min(len(shown), 20)], "\n"))
				}
			})
		}
	}
}

// change is something that somebody may write into a template.
type change struct {
	name  string
	stack string // "buckets"
	make  func(tree)
	at    string // the section that shows it, which is asked first
	shows string // in a line that is there only with the change, or "- " and one that is gone
}

// made is the stage with the change; nil if it has no such stack.
func (c change) made(t *testing.T, stage string) []*template.Stack {
	t.Helper()
	name := stage + "-" + c.stack + ".template.json"
	data, err := os.ReadFile(filepath.Join(snapshots, name))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var whole tree
	if err := json.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	c.make(whole)
	if data, err = json.Marshal(whole); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(snapshots, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if filepath.Base(file) == name {
			content = data
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return Stacks(readAssembly(t, dir), stage)
}

// page is a page whose sections are made when they are looked at.
type page struct {
	head       string
	set        *resource.Set
	principals []Principal
	resources  []Resource
	policies   []held
	sections   map[string]string
}

func newPage(title string, stacks []*template.Stack, set *resource.Set) *page {
	p := &page{set: set, principals: Principals(set), resources: resources(set), policies: policiesOf(set), sections: map[string]string{}}
	var b strings.Builder
	head(&b, title, stacks, set, p.principals, p.resources)
	p.head = b.String()
	return p
}

func (p *page) section(name string) string {
	i := slices.IndexFunc(p.resources, func(r Resource) bool { return r.Name == name })
	if i >= 0 && p.sections[name] == "" {
		var b strings.Builder
		r := p.resources[i]
		r.Operations = append(r.Operations, further(p.policies, r)...)
		askAbout(p.set, p.principals, r).section(&b)
		p.sections[name] = b.String()
	}
	return p.sections[name]
}

// difference is the lines of the first part that is another one.
func (p *page) difference(changed *page, first string) []string {
	if first == "" {
		if d := lineDifference(p.head, changed.head); d != nil {
			return d
		}
	}
	names := map[string]bool{}
	for _, r := range slices.Concat(p.resources, changed.resources) {
		names[r.Name] = true
	}
	for _, name := range append([]string{first}, slices.Sorted(maps.Keys(names))...) {
		if d := lineDifference(p.section(name), changed.section(name)); d != nil {
			return d
		}
	}
	return lineDifference(p.head, changed.head)
}

func lineDifference(before, after string) []string {
	if before == after {
		return nil
	}
	var list []string
	old, lines := strings.Split(before, "\n"), strings.Split(after, "\n")
	for _, l := range lines {
		if !slices.Contains(old, l) {
			list = append(list, l)
		}
	}
	for _, l := range old {
		if !slices.Contains(lines, l) {
			list = append(list, "- "+l)
		}
	}
	return append(list, "(lines in another order or number)")
}
