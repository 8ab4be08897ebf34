package plan

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/s3seal/s3seal/internal/price"
)

// Write prints the plan for people, in 80 columns. Stages that are alike but for
// their accounts are printed once; all lists their names too.
func (p Plan) Write(w io.Writer, all bool) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%60s%9s%9s\n", "", "first", "later")
	for _, class := range p.alike() {
		class.write(&b, all)
	}
	b.WriteByte('\n')
	p.writeSums(&b)
	p.writeUses(&b)
	p.Prices.write(&b)
	_, err := b.WriteTo(w)
	return err
}

// alike returns the stages, those together that differ in names and accounts only.
func (p Plan) alike() []class {
	var order []class
	index := map[string]int{}
	for _, s := range p.Stages {
		key := s.Group
		for _, e := range s.Environments {
			key += fmt.Sprint(e.Role, e.Region, e.Resources, e.Cost != nil, e.PerUse)
		}
		i, ok := index[key]
		if !ok {
			i = len(order)
			index[key], order = i, append(order, class{})
		}
		order[i] = append(order[i], s)
	}
	return order
}

// class is stages that are alike.
type class []Stage

func (c class) write(b *bytes.Buffer, all bool) {
	first, group := c[0], ""
	if first.Group != "" {
		group = " of @" + first.Group
	}
	if len(c) == 1 {
		fmt.Fprintf(b, "%s%s\n", first.Stage, group)
	} else {
		fmt.Fprintf(b, "%d stages%s alike: %s to %s\n", len(c), group, first.Stage, c[len(c)-1].Stage)
	}
	for _, e := range first.Environments {
		lines := wrap(e.Resources.String(), 34)
		fmt.Fprintf(b, "  %-8s%-16s%-34s%9s%9s\n", e.Role, e.Region, lines[0], e.Cost.first(), e.Cost.later())
		for _, line := range lines[1:] {
			fmt.Fprintf(b, "  %24s%s\n", "", line)
		}
	}
	if !all {
		return
	}
	for _, s := range c {
		var accounts []string
		for _, e := range s.Environments {
			accounts = append(accounts, e.Account)
		}
		fmt.Fprintf(b, "    %-21s%s\n", s.Stage, strings.Join(accounts, " -> "))
	}
}

func (c *Cost) first() string {
	if c == nil {
		return "unknown"
	}
	return c.First.String()
}

func (c *Cost) later() string {
	if c == nil {
		return "unknown"
	}
	return c.Later.String()
}

// String returns "3 buckets, 1 key".
func (r Resources) String() string {
	var parts []string
	for _, c := range r.counted() {
		switch {
		case c.n == 1:
			parts = append(parts, "1 "+c.name)
		case c.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", c.n, c.name))
		}
	}
	return strings.Join(parts, ", ")
}

// wrap breaks a list into lines of a width, after its commas.
func wrap(text string, width int) []string {
	lines := []string{""}
	for i, part := range strings.SplitAfter(text, ", ") {
		last := &lines[len(lines)-1]
		if i > 0 && len(*last)+len(strings.TrimRight(part, " ")) > width {
			*last = strings.TrimRight(*last, " ")
			lines = append(lines, part)
			continue
		}
		*last += part
	}
	return lines
}

// writeSums prints a row for each group, and one for all.
func (p Plan) writeSums(b *bytes.Buffer) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tstages\taccounts\tbuckets\tkeys\tsecrets\tfunctions\tfirst\tlater\t")
	row := func(name string, s Sum) {
		r := s.Resources
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t\n", name, s.Stages, s.Accounts, r.Buckets+r.LogBuckets, r.Keys, r.Secrets, r.Functions, s.Cost.First, s.Cost.Later)
	}
	for _, s := range p.Groups {
		if name := "@" + s.Group; name != "@" {
			row(name, s)
		} else if len(p.Groups) > 1 {
			row("no group", s)
		}
	}
	row("all", p.Total)
	w.Flush()
	if n := p.Total.Unknown; n > 0 {
		fmt.Fprintf(b, "\nWithout environments of other partitions than %s, whose prices are unknown: %d.\n", p.Prices.Partition, n)
	}
}

// writeUses prints what costs by use.
func (p Plan) writeUses(b *bytes.Buffer) {
	fmt.Fprint(b, "\nBy use, and in none of these sums:\n")
	for _, u := range uses {
		used := slices.ContainsFunc(p.Stages, func(s Stage) bool {
			return slices.ContainsFunc(s.Environments, func(e Environment) bool { return slices.Contains(e.PerUse, u.Name) })
		})
		if used {
			fmt.Fprintf(b, "  %-26sper %s\n", u.Name, u.Charged)
		}
	}
}

func (p Prices) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nUSD a month: first, before a key is rotated; later, once each has been twice.\n")
	fmt.Fprint(b, price.About+", without free tiers, discounts\nand taxes; other Regions' may differ:\n")
	for _, i := range p.Items {
		quoted := ""
		if i.Basis != price.OnPage {
			quoted = " *"
		}
		page := strings.TrimSuffix(strings.TrimPrefix(i.Page, "https://"), "/")
		fmt.Fprintf(b, "%6.2f  %-32s%s%s\n", i.USD, i.Item, page, quoted)
	}
	fmt.Fprint(b, "* read where others quote the page\n")
}
