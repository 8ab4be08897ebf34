package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/s3seal/s3seal/internal/rule"
)

// writeText prints all, and a last line. Findings that fail are counted by the
// error of the command.
func (r *Report) writeText(w io.Writer) error {
	err := r.WriteFindings(w)
	switch {
	case err != nil || r.Failed() && r.Decided():
		return err
	case r.Failed():
		_, err = fmt.Fprintln(w, r.Undecided())
	default:
		_, err = fmt.Fprintln(w, r.Summary())
	}
	return err
}

// WriteFindings prints the text without its last line.
func (r *Report) WriteFindings(w io.Writer) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%-7s  %s  %s  %s\n", f.Severity, f.Rule, f.Place(), behind(f.PropertyPath, f.Text()))
		r.writeLine(&b, f)
		fmt.Fprintf(&b, "         fix: %s\n", f.Fix)
	}
	for _, a := range r.Acknowledged {
		fmt.Fprintf(&b, "%-7s  %s  %s  acknowledged: %s\n", "ok", a.Rule, a.Place(), a.Because)
	}
	r.writeCauses(&b)
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "note     %s\n", note)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeLine says where in its file a finding is. Who writes constructs looks for
// these: a line of a template that they make is of no use.
func (r *Report) writeLine(b *strings.Builder, f rule.Finding) {
	if f.ConstructPath != "" {
		return
	}
	if at := r.sources.place(f.Template, f.LogicalID, f.PropertyPath); at.Line > 0 {
		fmt.Fprintf(b, "         at %s\n", at.in(f.Template))
	}
}

// writeCauses says why rules stayed open.
func (r *Report) writeCauses(b *strings.Builder) {
	const most = 10
	causes := r.causes()
	for i, cause := range causes {
		if i == most {
			fmt.Fprintf(b, "unknown  for %s: --json has them all\n", count(len(causes)-most, "more reason"))
			break
		}
		fmt.Fprintf(b, "unknown  %s\n         at %s; leaves open: %s\n", cause.Why, some(cause.Places), strings.Join(cause.Rules, ", "))
	}
}

// behind puts what is said behind the property that it is about, if it is about
// one.
func behind(path, message string) string {
	if path == "" {
		return message
	}
	return path + ": " + message
}

// some are the first places of a list.
func some(places []string) string {
	const most = 3
	if len(places) <= most {
		return strings.Join(places, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(places[:most], ", "), len(places)-most)
}
