package keystatus

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/s3seal/s3seal/internal/sweep"
)

// Write writes the status for people.
func (s *Status) Write(w io.Writer) error {
	fmt.Fprintf(w, "The key ring of %s: %s\n%s in %d of %d bytes, last changed %s\n\n", s.Stage, s.Secret.ARN,
		many(int64(len(s.Keys)), "key"), s.Secret.Size, s.Secret.MaxSize, minute(s.Secret.Changed))
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "key\tmade\tcurrent\tnoncurrent\tsize\tmay be retired")
	for _, k := range s.Keys {
		made, current, noncurrent, size := "unknown", "unknown", "unknown", "unknown"
		if !k.Made.IsZero() {
			made = k.Made.Format(time.DateOnly)
		}
		if s.Counted {
			current, noncurrent, size = fmt.Sprint(k.Current), fmt.Sprint(k.Noncurrent), sweep.Size(k.Bytes)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, made, current, noncurrent, size, k.Retire)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if s.NotSSEC > 0 {
		fmt.Fprintf(w, "\n%s not under SSE-C.\n", many(s.NotSSEC, "version"))
	}
	_, err := fmt.Fprintf(w, "\n%s\n", s.Secret.Rotation)
	for _, e := range s.Examples {
		if e.State == sweep.Unreadable || e.State == sweep.Failed {
			line := fmt.Sprintf("%s: %q version %s %s", e.State, e.Key, e.VersionID, e.Why)
			_, err = fmt.Fprintln(w, strings.TrimSpace(line))
		}
	}
	return err
}

func (r Retire) String() string {
	switch r.Answer {
	case Yes:
		return "yes"
	case Later:
		return "from " + minute(r.From) + ": " + r.Reason
	}
	return string(r.Answer) + ": " + r.Reason
}

func (r Rotation) String() string {
	var b strings.Builder
	b.WriteString("Automatic rotation is off")
	if r.Enabled {
		b.Reset()
		fmt.Fprintf(&b, "Rotation: %s", r.Schedule)
	}
	if !r.Last.IsZero() {
		fmt.Fprintf(&b, ", last %s", minute(r.Last))
	}
	if r.Enabled && !r.Next.IsZero() {
		fmt.Fprintf(&b, ", next until %s", minute(r.Next))
	}
	if r.Pending != "" {
		fmt.Fprintf(&b, "; one is not complete since %s", minute(r.Since))
	}
	return b.String() + "."
}

func every(days int64) string { return "every " + many(days, "day") }

func many(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func list(words []string) string { return strings.Join(words, ", ") }

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
