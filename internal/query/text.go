package query

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Write tells the answers to a query to a person: of one question the reason, of
// all others who may do what, a line for each way that it is allowed.
func Write(w io.Writer, q Query, answers []Answer) error {
	if q.One() {
		return writeOne(w, answers)
	}
	rows := rowsOf(answers)
	var b strings.Builder
	if len(rows) == 0 {
		b.WriteString("nothing is allowed: every request is denied, or no policy allows it\n")
	}
	b.WriteString(table(q, rows))
	_, err := io.WriteString(w, b.String())
	return err
}

// table has a line for each way. What the question leaves open stands in front;
// operations that it doesn't name, below.
func table(q Query, rows []row) string {
	var b strings.Builder
	out := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		var cells []string
		if q.Who == "" || r.Assuming != "" {
			cells = append(cells, withAssumption(r.Answer))
		}
		if q.On == "" {
			cells = append(cells, r.On)
		}
		fmt.Fprintln(out, strings.Join(append(cells, r.way()), "\t"))
		if q.Action == "" || len(r.does) > 1 {
			fmt.Fprint(out, indented(r.does))
		}
	}
	out.Flush() // to a Builder, which accepts everything
	return b.String()
}

// indented is operations in lines that fit into a narrow terminal, below
// something. Their names have commas.
func indented(operations []string) string {
	const width = 74
	var b strings.Builder
	line := ""
	for i, o := range operations {
		if i < len(operations)-1 {
			o += ";"
		}
		if line != "" && len(line)+1+len(o) > width {
			fmt.Fprintf(&b, "    %s\n", line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+o, " ")
	}
	fmt.Fprintf(&b, "    %s\n", line)
	return b.String()
}

func writeOne(w io.Writer, answers []Answer) error {
	var b strings.Builder
	if len(answers) > 0 && answers[0].Assumed != "" {
		fmt.Fprintf(&b, "%s: %s\n", answers[0].On, answers[0].Assumed)
	}
	for i, a := range answers {
		if a.Assuming != "" {
			if i == 0 {
				fmt.Fprintf(&b, "The stacks don't make %s, so its IAM policies aren't known here.\n", a.Who)
			}
			fmt.Fprintf(&b, "with %s: ", a.Assuming)
		}
		fmt.Fprintf(&b, "%s\n%s\n", a.Verdict, a.Reason)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// row is the operations that somebody may carry out in the same way.
type row struct {
	Answer
	does []string
}

// rowsOf are what is allowed, and then what is unknown. What is denied, or that
// nothing allows, is in none.
func rowsOf(answers []Answer) (rows []row) {
	for _, verdict := range []Verdict{Allowed, Unknown} {
		for _, a := range answers {
			if a.Verdict != verdict {
				continue
			}
			r := row{a, []string{a.Does}}
			i := slices.IndexFunc(rows, func(k row) bool {
				return k.Who == a.Who && k.Assuming == a.Assuming && k.On == a.On && k.way() == r.way()
			})
			if i < 0 {
				rows = append(rows, r)
			} else if !slices.Contains(rows[i].does, a.Does) {
				rows[i].does = append(rows[i].does, a.Does)
			}
		}
	}
	return rows
}

// way is how it is allowed, or what is unknown.
func (r row) way() string {
	var parts []string
	if len(r.After) > 0 {
		parts = append(parts, "after "+strings.Join(r.After, ", then "))
	}
	switch {
	case r.Unknown != "":
		parts = append(parts, "unknown: "+r.Unknown)
	case r.By != "":
		parts = append(parts, "by "+r.By)
	}
	return strings.Join(parts, ", ")
}
