package logdelivery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/encryption"
)

// title is an encryption as people write it.
func title(e encryption.Pattern) string {
	return cmp.Or(e.Traits().Title, fmt.Sprintf("the unknown encryption %q", string(e)))
}

// Verdict says whether a log arrives.
type Verdict string

// The verdicts. Only the first two deliver a log that can be read.
const (
	Supported     Verdict = "supported"
	WithKeyPolicy Verdict = "supported, with a statement in the key's policy"
	Refused       Verdict = "refused"
	Unknown       Verdict = "unknown" // no page says; treated as refused
)

// Cell is the answer for one source and one encryption.
type Cell struct {
	Source     Source
	Encryption encryption.Pattern
	Verdict    Verdict
	Reason     string // why not, or what must be heeded; "" for nothing
	Page       string // source, below docs.aws.amazon.com
	Read       string // when the page was read, "2026-11-22"

	// Inferred marks a verdict that the page doesn't state in words but that
	// follows from it.
	Inferred bool
}

// Delivers reports whether the log arrives, and can be read.
func (c Cell) Delivers() bool { return c.Verdict == Supported || c.Verdict == WithKeyPolicy }

// Lookup returns the cell of a source and an encryption. For an unknown source or
// encryption the verdict is Unknown.
func Lookup(s Source, e encryption.Pattern) Cell {
	c := Cell{Verdict: Unknown, Reason: "no such source or encryption"}
	column := slices.Index(encryption.Patterns(), e)
	if i := find(s); i >= 0 && column >= 0 {
		c = matrix[i].cells[column]
	}
	c.Source, c.Encryption, c.Read = s, e, read
	return c
}

// Cells returns every cell, by source and then by encryption.
func Cells() []Cell {
	var list []Cell
	for _, s := range Sources() {
		for _, e := range encryption.Patterns() {
			list = append(list, Lookup(s, e))
		}
	}
	return list
}

// Alternative says what delivers the source's log, such as "use SSE-S3, or
// send them as ALB access logs (vended), to a bucket under SSE-S3 or SSE-KMS
// under a customer managed key".
func Alternative(s Source) string {
	t, ok := Of(s)
	if !ok {
		return "use one of the sources of package logdelivery"
	}
	text := "use " + encryptions(s)
	if t.NeedsACL {
		text = "" // such a bucket isn't one of ours, whatever its encryption
	}
	if t.Vended == "" {
		return text
	}
	if text != "" {
		text += "; or "
	}
	vended, _ := Of(t.Vended)
	return text + "send them as " + vended.Title + ", to a bucket under " + encryptions(t.Vended)
}

// encryptions lists those that deliver a source's log.
func encryptions(s Source) string {
	var list []string
	for _, e := range encryption.Patterns() {
		if Lookup(s, e).Delivers() {
			list = append(list, title(e))
		}
	}
	return strings.Join(list, " or ")
}

// Refusal says in one line why the log doesn't arrive, and what to use instead; ""
// if it arrives.
func (c Cell) Refusal() string {
	if c.Delivers() {
		return ""
	}
	t, ok := Of(c.Source)
	if !ok {
		return fmt.Sprintf("%q isn't a source of logs that is known here", string(c.Source))
	}
	says := "docs.aws.amazon.com/" + c.Page
	if c.Verdict == Unknown {
		says = "no page of AWS's says that it works"
	}
	return fmt.Sprintf("%s don't arrive readable in a bucket under %s: %s (%s): %s",
		t.Title, title(c.Encryption), c.Reason, says, Alternative(c.Source))
}
