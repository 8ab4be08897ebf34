package reach

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/resource"
)

// Markdown renders, for each bucket of a set, who can come to get and to put its
// objects: a line for each way.
func Markdown(set *resource.Set) string {
	if len(set.Buckets) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(preamble)
	m, principals := Of(set), Principals(set)
	for _, r := range access.Resources(set) {
		bucket := bucketOf(set, r)
		if bucket == nil {
			continue
		}
		object := Object{Bucket: bucket, Key: "object"}
		fmt.Fprintf(&b, "\n### objects of %s\n\n%s\n", r.Name, Under(set, object))
		for _, c := range Copies(set, bucket) {
			fmt.Fprintf(&b, "%s\n", c)
		}
		b.WriteString("\n| who | does | by | after |\n| --- | --- | --- | --- |\n")
		for _, p := range principals {
			for _, l := range linesOf(m, p, object) {
				fmt.Fprintf(&b, "| %s |\n", strings.Join(l[:], " | "))
			}
		}
	}
	return b.String()
}

const preamble = `
## Who can get and put objects, end to end

An upload or a download takes more than one line of the tables above: the bucket's, and that of
the key, or of the secret, that the object is encrypted with. Here they are asked for together, with
the steps by which somebody who can't may come to it: at most three, the fewest there are. A
lambda-user has all of Lambda and no more, an iam-user all of IAM. Everybody else can do neither.
`

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
			l[2] = "unknown: " + strings.ReplaceAll(a.Path.Unknown.Error(), "\n", "; ")
		}
		if n := len(list); n > 0 && list[n-1][2] == l[2] && list[n-1][3] == l[3] {
			list[n-1][1] += ", " + l[1]
			continue
		}
		list = append(list, l)
	}
	return list
}
