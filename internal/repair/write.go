package repair

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/s3seal/s3seal/internal/price"
	"github.com/s3seal/s3seal/internal/sweep"
)

// says is what a state means for a repair.
var says = map[State]string{
	Failed:     "S3 gave up; a job tries again",
	Never:      "no rule was there; a job replicates it",
	Archived:   "not replicated, and archived: restore it first",
	Pending:    "S3 is about to",
	Replicated: "done",
	Replica:    "of another replication",
}

// Write writes the plan for people.
func (p *Plan) Write(w io.Writer) error {
	fmt.Fprintf(w, "The versions in %s:\n", p.Bucket)
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, s := range States() {
		if v := p.Of[s]; v != nil {
			fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", s, v.Versions, sweep.Size(v.Bytes), says[s])
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, s := range []State{Failed, Never} {
		if v := p.Of[s]; v != nil {
			fmt.Fprintf(w, "%s: %s\n", s, some(v.Keys, v.Versions))
		}
	}
	if p.Eligible() > 0 {
		fmt.Fprintf(w, "A job for %d versions costs $%.2f, and the transfer to the other Region. %s, not all read on AWS's pages.\n", p.Eligible(), p.Dollars, price.About)
	}
	WriteCauses(w, p.Causes)
	return nil
}

func some(keys []string, of int64) string {
	text := strings.Join(keys, ", ")
	if int64(len(keys)) < of {
		text += ", …"
	}
	return text
}

// WriteCauses writes what is still wrong, a line each.
func WriteCauses(w io.Writer, list []Cause) {
	for _, c := range list {
		word := "wrong"
		if c.Unknown {
			word = "not known"
		}
		fmt.Fprintf(w, "%s: %s\n", word, c.Text)
	}
}

// Write writes the result for people.
func (r *Result) Write(w io.Writer) error {
	if r.Nothing {
		_, err := fmt.Fprintln(w, "Nothing to replicate: no object failed, or was there before the rule.")
		return err
	}
	_, err := fmt.Fprintf(w, "Job %s: %s. %d of %d versions are replicated, %d failed.\n", r.Job, strings.ToLower(r.Status), r.Succeeded, r.Tasks, r.Failed)
	for _, reason := range r.Reasons {
		fmt.Fprintln(w, reason)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(w, "%d × %s, such as %s\n", f.Objects, f.Reason, f.Key)
	}
	if r.Report != "" {
		fmt.Fprintln(w, "The report: "+r.Report)
	}
	return err
}
