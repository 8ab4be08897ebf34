package reach

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/resource"
	"github.com/s3seal/s3seal/internal/template"
)

// Tables are the pages of an assembly. The organization's policies are those that
// stages.yaml names.
func Tables(a *template.Assembly, o policyfile.Organization) map[string]string {
	return access.Pages(a, o, func(title string, _ []*template.Stack, set *resource.Set) string { return Markdown(title, set) })
}

// Markdown renders, for each bucket of a set, who can come to get and to put its
// objects: a line for each way.
func Markdown(title string, set *resource.Set) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Who comes to the objects: %s\n\n%s", title, preamble)
	m, principals := Of(set), Principals(set)
	for _, r := range access.Resources(set) {
		bucket := bucketOf(set, r)
		if bucket == nil {
			continue
		}
		object := Object{Bucket: bucket, Key: "object"}
		fmt.Fprintf(&b, "\n## objects of %s\n\n%s\n", r.Name, Under(set, object))
		for _, c := range Copies(set, bucket) {
			fmt.Fprintf(&b, "\n%s\n", c)
		}
		section(&b, m, principals, object)
	}
	return b.String()
}

const preamble = `Made from the templates; ` + "`make snapshots`" + ` rewrites it. An upload or a download is more than one
request: to the bucket, and for the key, or the secret, that the object is encrypted with. Here all
of them are asked together, with the steps by which somebody who may not make them comes to it: the
fewest, and at most three. Principals are those of the stage's page in test/access; one that it calls
"as" another, and that comes to an object as that one does, has no line. Besides, a lambda-user has
all of Lambda and no more, an iam-user all of IAM. Everybody else comes to none of the objects.
`

// section is the table of one bucket.
func section(b *strings.Builder, m *Map, principals []access.Principal, o Object) {
	ways := map[string]string{} // by principal
	header := "\n| who | does | by | after |\n| --- | --- | --- | --- |\n"
	for _, p := range principals {
		lines := linesOf(m, p, o)
		rest := make([]string, len(lines))
		for i, l := range lines {
			rest[i] = strings.Join(l[1:], " | ")
		}
		ways[p.Name] = strings.Join(rest, "\n")
		if like, ok := ways[p.Class]; ok && p.Class != p.Name && like == ways[p.Name] {
			continue
		}
		for _, l := range lines {
			b.WriteString(header)
			header = ""
			writeLine(b, l)
		}
	}
	if header != "" {
		b.WriteString("\nNobody.\n")
	}
}

// writeLine writes a line of a table, and what doesn't fit into its last cell on
// further ones: each is short enough to be read in a diff.
func writeLine(b *strings.Builder, l [4]string) {
	const room = 70
	rest := strings.Fields(strings.ReplaceAll(l[3], "|", `\|`))
	for first := true; first || len(rest) > 0; first = false {
		cell := ""
		for len(rest) > 0 && (cell == "" || len(cell)+len(rest[0]) < room) {
			cell, rest = strings.TrimSpace(cell+" "+rest[0]), rest[1:]
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", l[0], l[1], l[2], cell)
		l[0], l[1], l[2] = "", "", ""
	}
}

func bucketOf(set *resource.Set, r access.Resource) *resource.Bucket {
	for _, b := range set.Buckets {
		if b.ARN == r.ARN {
			return b
		}
	}
	return nil
}

// linesOf are the lines of one principal; uses that take the same way share one.
func linesOf(m *Map, p access.Principal, o Object) [][4]string {
	var list [][4]string
	for _, use := range []Use{Get, Put} {
		a := m.Ask(p, o, use)
		if !a.Reaches && a.Path.Unknown == nil {
			continue
		}
		l := [4]string{p.Name, string(use), strings.Join(a.Path.By, " + "), strings.Join(a.Path.Steps, ", then ")}
		if a.Path.Unknown != nil {
			l[2], l[3] = "unknown", strings.ReplaceAll(a.Path.Unknown.Error(), "\n", "; ")
		}
		if n := len(list); n > 0 && list[n-1][2] == l[2] && list[n-1][3] == l[3] {
			list[n-1][1] += ", " + l[1]
			continue
		}
		list = append(list, l)
	}
	return list
}
