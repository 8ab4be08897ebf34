package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Markdown renders the answers about the set of some stacks: a table for each
// resource, a line for each operation.
func Markdown(title string, stacks []*template.Stack, set *resource.Set) string {
	principals := Principals(set)
	var b strings.Builder
	fmt.Fprintf(&b, "# Who can do what: %s\n\n", title)
	b.WriteString(tagLines(stacks))
	b.WriteString(preamble)
	for _, p := range principals {
		fmt.Fprintf(&b, "- %s\n", p.Name)
	}
	if len(set.Unread) > 0 {
		b.WriteString("\nNot read, with all that rests on it:\n\n")
	}
	for _, u := range set.Unread {
		fmt.Fprintf(&b, "- %s/%s: %v\n", u.Stack().Name, u.LogicalID, u.Err)
	}
	for _, r := range Resources(set) {
		fmt.Fprintf(&b, "\n## %s\n\n`%s`\n\n", r.Name, r.ARN)
		if r.Assumption != "" {
			fmt.Fprintf(&b, "%s\n\n", r.Assumption)
		}
		list := lines(set, r.Operations, principals)
		columns := []string{"allowed", "denied by a statement", "not known"}
		if !slices.ContainsFunc(list, func(l *line) bool { return l.answers[2] != "" }) {
			columns = columns[:2]
		}
		fmt.Fprintf(&b, "| operation | %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat(" --- |", len(columns)+1))
		for _, l := range list {
			fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(l.operations, "<br>"), strings.Join(l.answers[:len(columns)], " | "))
		}
	}
	return b.String()
}

// tagLines says which tags the stacks put on what they make, since policies may
// decide by them: a line for all stacks whose tags are the same.
func tagLines(stacks []*template.Stack) string {
	var lines []string
	of := map[string][]string{}
	for _, s := range stacks {
		var tags []string
		for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
			tags = append(tags, fmt.Sprintf("`%s` = `%s`", key, s.Tags[key]))
		}
		line := strings.Join(tags, ", ")
		if line == "" {
			line = "none"
		}
		if of[line] == nil {
			lines = append(lines, line)
		}
		of[line] = append(of[line], s.Name)
	}
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "Tags of %s: %s\n\n", strings.Join(of[line], ", "), line)
	}
	return b.String()
}

// Tables renders the table of every stage, and of every stack that belongs to
// none, by the name of its file.
func Tables(a *template.Assembly) map[string]string {
	tables := map[string]string{}
	for _, s := range a.Stacks {
		stage := StageOf(s)
		if tables[stage+".md"] == "" {
			stacks := Stacks(a, stage)
			tables[stage+".md"] = Markdown(stage, stacks, resource.Read(stacks))
		}
	}
	return tables
}

// line is the operations of a resource that have the same answer.
type line struct {
	operations []string
	answers    [3]string // allowed, denied, not known
}

func lines(set *resource.Set, operations []Operation, principals []Principal) []*line {
	var list []*line
	for _, o := range operations {
		var allowed, denied, unknown answers
		for _, p := range principals {
			switch a := Ask(set, p, o); {
			case a.Allowed:
				allowed.add(p.Name, a.By)
			case a.Denied:
				denied.add(p.Name, a.By)
			case a.Unknown != nil:
				unknown.add(p.Name, a.Unknown.Error())
			}
		}
		l := &line{answers: [3]string{allowed.text(len(principals)), denied.text(len(principals)), unknown.text(len(principals))}}
		i := slices.IndexFunc(list, func(k *line) bool { return k.answers == l.answers })
		if i < 0 {
			i = len(list)
			list = append(list, l)
		}
		list[i].operations = append(list[i].operations, o.Name)
	}
	return list
}

const preamble = `Made from the templates; ` + "`make snapshots`" + ` rewrites it. Each line says who is allowed to do
something, and by which statement, and whom a statement denies it. Everybody of the list
below who is in neither column has no permission. Statements are named by their Sid; "IAM"
stands for what a principal is given outside of these stacks: an administrator everything,
an s3-user and everybody whom a policy names all of S3 and no more. Nobody asks without
signing. A line is about the one service: to put or get an SSE-KMS object needs the bucket's
line and the key's.

Who is asked about:

`

// answers groups principals by the statement that decided for them.
type answers struct {
	order []string // statements, as they came
	by    map[string][]string
}

func (a *answers) add(principal, statement string) {
	if a.by == nil {
		a.by = map[string][]string{}
	}
	if _, ok := a.by[statement]; !ok {
		a.order = append(a.order, statement)
	}
	a.by[statement] = append(a.by[statement], principal)
}

func (a *answers) text(all int) string {
	var parts []string
	for _, statement := range a.order {
		who := strings.Join(a.by[statement], ", ")
		if len(a.by[statement]) == all {
			who = "everybody"
		}
		parts = append(parts, fmt.Sprintf("%s: %s", statement, who))
	}
	return strings.Join(parts, "<br>")
}
