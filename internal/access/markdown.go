package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Markdown renders the answers about the set of some stacks: who is asked about,
// and a section for each resource.
func Markdown(title string, stacks []*template.Stack, set *resource.Set) string {
	var b strings.Builder
	principals, resources := Principals(set), Resources(set)
	head(&b, title, stacks, set, principals, resources)
	for _, a := range askAll(set, principals, resources) {
		a.section(&b)
	}
	return b.String()
}

// head is what stands before the sections.
func head(b *strings.Builder, title string, stacks []*template.Stack, set *resource.Set, principals []Principal, resources []Resource) {
	fmt.Fprintf(b, "# Who can do what: %s\n\n", title)
	b.WriteString(tagLines(stacks))
	b.WriteString(preamble)
	for _, p := range principals {
		text := p.Name
		switch {
		case p.onBuckets:
			text += ": on buckets as " + p.Class
		case p.Class != "":
			text += ": as " + p.Class
		}
		if p.Note != "" {
			text += " (" + p.Note + ")"
		}
		item(b, text)
	}
	if names := organizationNames(set); len(names) > 0 {
		b.WriteString("\nLimited by the organization:\n\n")
		for _, name := range names {
			item(b, name)
		}
	}
	if len(set.Unread) > 0 {
		b.WriteString("\nNot read, with all that rests on it:\n\n")
	}
	for _, u := range set.Unread {
		item(b, fmt.Sprintf("%s/%s: %v", u.Stack().Name, u.LogicalID, u.Err))
	}
	if len(resources) == 0 {
		b.WriteString("\nThese stacks have nothing that is asked about: no bucket, key, secret, function, role or log group.\n")
		return
	}
	b.WriteString("\nOperations that are named together, where a resource has them:\n\n")
	for _, g := range groups {
		if names := members(g, resources); len(names) > 0 {
			item(b, g.name+": "+strings.Join(names, "; "))
		}
	}
	stand := standing(resources)
	if len(stand) > 0 {
		b.WriteString("\nWhat a wildcard matches beside the operations that are asked about, by access level:\n\n")
	}
	for _, o := range stand {
		item(b, o)
	}
}

// standing are the operations that stand for others, with the levels of these.
func standing(resources []Resource) []string {
	list := map[string]bool{}
	for _, r := range resources {
		for _, o := range r.Operations {
			if o.beside != "" && !strings.Contains(o.Name, " over ") {
				list[o.Name+": "+o.beside] = true
			}
		}
	}
	return sorted(list)
}

func organizationNames(set *resource.Set) []string {
	names := map[string]bool{}
	o := set.Organization()
	for kind, levels := range map[string][]policyfile.Level{"SCP": o.SCPs, "RCP": o.RCPs} {
		for _, l := range levels {
			for _, p := range l.Policies {
				name := kind + " " + p.Name
				if len(l.Accounts) > 0 {
					name += " for " + strings.Join(l.Accounts, ", ")
				}
				names[name] = true
			}
		}
	}
	return sorted(names)
}

// members are the operations that a group has in some resources.
func members(g group, resources []Resource) []string {
	var names []string
	for _, r := range resources {
		for _, o := range r.Operations {
			if g.has(o) && !slices.Contains(names, o.Name) {
				names = append(names, o.Name)
			}
		}
	}
	return names
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

// Tables are the pages of an assembly.
func Tables(a *template.Assembly, o policyfile.Organization) map[string]string {
	return Pages(a, o, Markdown)
}

const preamble = `Made from the templates; ` + "`make snapshots`" + ` rewrites it. For each resource, the first table says who
may do something, and by which statement; the second whom a statement refuses something. Nobody
has a permission that no line gives. Statements are named by their Sid; "IAM" stands for what a
principal is given outside of these stacks: an administrator everything, an s3-user and everybody
whom a policy names all of S3 and no more. Nobody asks without signing. A group of operations, and
"everything", is what of it the second table doesn't refuse. A line is about the one service: to
put or get an SSE-KMS object needs the bucket's line and the key's.

Who is asked about. "As" says whose lines count for somebody whom a table doesn't name; without it
they are nobody's, and on what another account owns a stranger's:

`
