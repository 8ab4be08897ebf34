package sweep

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/s3seal/s3seal/internal/awsclient"
	"github.com/s3seal/s3seal/internal/function"
)

// A Report counts what a sweep found.
type Report struct {
	// Counts are those of each key and state. The key "" is of versions that are
	// not under SSE-C, and of those whose key is not known.
	Counts []Count `json:"counts"`

	// DeleteMarkers have no bytes and no key.
	DeleteMarkers int64 `json:"deleteMarkers,omitempty"`

	// Large is how many of those to move, or moved, are copied in parts.
	Large int64 `json:"large,omitempty"`

	// Examples are the first versions of each state that needs somebody's look.
	Examples []Example `json:"examples,omitempty"`
}

// A Count is of the versions under one key in one state.
type Count struct {
	KeyID    string `json:"keyId,omitempty"`
	State    State  `json:"state"`
	Versions int64  `json:"versions"`
	Bytes    int64  `json:"bytes"`

	// Oldest is when the first of the versions was written: the key is at least
	// as old.
	Oldest time.Time `json:"oldest,omitzero"`
}

// An Example is a version that a sweep can't move.
type Example struct {
	Key       string        `json:"key"`
	VersionID string        `json:"versionId,omitempty"`
	KeyID     string        `json:"keyId,omitempty"`
	State     State         `json:"state"`
	Type      function.Type `json:"type,omitempty"`
	Why       string        `json:"why,omitempty"`
}

// maxExamples is how many examples a state has.
const maxExamples = 5

// add counts the findings of a page's first entries. A finding is nil for what is
// gone.
func (r *Report) add(findings []*finding, entries []entry) {
	for i, f := range findings {
		if entries[i].marker {
			r.DeleteMarkers++
		} else if f != nil {
			r.addOne(f, cmp.Or(f.size, entries[i].size))
		}
	}
}

func (r *Report) addOne(f *finding, size int64) {
	i := slices.IndexFunc(r.Counts, func(c Count) bool { return c.KeyID == f.keyID && c.State == f.state })
	if i < 0 {
		i = len(r.Counts)
		r.Counts = append(r.Counts, Count{KeyID: f.keyID, State: f.state})
	}
	c := &r.Counts[i]
	c.Versions++
	c.Bytes += size
	if f.head != nil && f.head.LastModified != nil && (c.Oldest.IsZero() || f.head.LastModified.Before(c.Oldest)) {
		c.Oldest = *f.head.LastModified
	}
	switch f.state {
	case ToMove, Moved:
		if size > awsclient.MaxCopy {
			r.Large++
		}
	case Locked, Archived, Unreadable, Failed:
		r.example(f)
	}
}

func (r *Report) example(f *finding) {
	same := 0
	for _, e := range r.Examples {
		if e.State == f.state {
			same++
		}
	}
	if same >= maxExamples {
		return
	}
	e := Example{Key: f.name.key, VersionID: f.versionID, KeyID: f.keyID, State: f.state}
	if f.err != nil {
		e.Type, e.Why = f.err.Type, f.err.Text
	}
	r.Examples = append(r.Examples, e)
}

// Of is the sum of the counts in any of the states.
func (r *Report) Of(states ...State) Count {
	var sum Count
	for _, c := range r.Counts {
		if slices.Contains(states, c.State) {
			sum.Versions += c.Versions
			sum.Bytes += c.Bytes
		}
	}
	return sum
}

// Versions is how many versions were looked at, and their bytes.
func (r *Report) Versions() (versions, bytes int64) {
	for _, c := range r.Counts {
		versions += c.Versions
		bytes += c.Bytes
	}
	return versions, bytes
}

// titles are the states in words, in the order of a report.
var titles = []struct {
	state State
	title string
}{
	{Current, "current, under the primary key"},
	{Moved, "moved to the primary key"},
	{ToMove, "current, to be moved to the primary key"},
	{Noncurrent, "noncurrent"},
	{Locked, "under Object Lock"},
	{Archived, "archived: restore them, then sweep again"},
	{NotSSEC, "not under SSE-C"},
	{Unreadable, "opened by no key of the ring"},
	{Failed, "failed"},
}

// Write writes the report for people.
func (r *Report) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "key\tversions\tsize\tstate")
	for _, t := range titles {
		of := slices.DeleteFunc(slices.Clone(r.Counts), func(c Count) bool { return c.State != t.state })
		slices.SortFunc(of, func(a, b Count) int { return strings.Compare(a.KeyID, b.KeyID) })
		for _, c := range of {
			fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", cmp.Or(c.KeyID, "-"), c.Versions, Size(c.Bytes), t.title)
		}
	}
	if r.DeleteMarkers > 0 {
		fmt.Fprintf(table, "-\t%d\t-\tdelete markers\n", r.DeleteMarkers)
	}
	err := table.Flush()
	for _, e := range r.Examples {
		if e.Why != "" {
			fmt.Fprintf(w, "%s: %q %s: %s\n", e.State, e.Key, e.VersionID, e.Why)
		} else {
			fmt.Fprintf(w, "%s: %q %s\n", e.State, e.Key, e.VersionID)
		}
	}
	return err
}

// Size is a number of bytes for people.
func Size(bytes int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB"}
	n, i := float64(bytes), 0
	for n >= 1024 && i < len(units)-1 {
		n, i = n/1024, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", n, units[i])
}
