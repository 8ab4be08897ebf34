package logdelivery

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/encryption"
)

// markdown renders the matrix as a table, what else each source asks of the
// bucket, for each cell why, with its page, and what the matrix doesn't have.
func markdown() string {
	var b strings.Builder
	b.WriteString("| source |")
	for _, e := range encryption.Patterns() {
		fmt.Fprintf(&b, " %s |", e.Traits().Column)
	}
	b.WriteString(" who writes |\n|" + strings.Repeat(" --- |", len(encryption.Patterns())+2) + "\n")
	for _, s := range Sources() {
		t, _ := Of(s)
		fmt.Fprintf(&b, "| %s |", t.Title)
		for _, e := range encryption.Patterns() {
			fmt.Fprintf(&b, " %s |", mark(Lookup(s, e)))
		}
		fmt.Fprintf(&b, " %s |\n", t.Principal)
	}
	b.WriteString("\n| source | sent by | what else the bucket must be | says |\n| --- | --- | --- | --- |\n")
	for _, s := range Sources() {
		t, _ := Of(s)
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.Title, sender(t.Setting), demands(t), link(t.Page))
	}
	b.WriteString("\n| source | to a bucket under | because | read " + read + " |\n| --- | --- | --- | --- |\n")
	for _, s := range Sources() {
		t, _ := Of(s)
		for _, c := range notes(s) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", t.Title, c.columns, c.because, link(c.page))
		}
	}
	b.WriteString("\nOf what these ask of a bucket the pages say nothing, or only a part. The rules check that part, and leave\nthe rest undecided.\n")
	b.WriteString("\n| also written | sent by | under a KMS key of its own | says |\n| --- | --- | --- | --- |\n")
	for _, w := range Writers() {
		keyed := ""
		if w.Key != "" {
			keyed = "if it names one"
		}
		fmt.Fprintf(&b, "| %s | `%s`, `%s` | %s | %s |\n", w.Title, w.Type, w.Bucket, keyed, link(w.Page()))
	}
	return b.String()
}

// link is a page, named for its file.
func link(page string) string {
	name := strings.TrimSuffix(page[strings.LastIndexByte(page, '/')+1:], ".html")
	return fmt.Sprintf("[%s](https://docs.aws.amazon.com/%s)", name, page)
}

// sender is the resource of a template that sends a log.
func sender(s Setting) string {
	text := "`" + s.Type + "`"
	if s.LogType != "" {
		text += " of `" + s.LogType + "`"
	}
	if s.Of != "" {
		text += " (" + s.Of + ")"
	}
	return text
}

// demands is what a source asks of a bucket beside its encryption.
func demands(t Traits) string {
	var list []string
	for _, demand := range []struct {
		made bool
		text string
	}{
		{t.SameAccount, "of the same account"},
		{t.SameRegion, "in the same Region"},
		{t.NoObjectLock, "without Object Lock"},
		{t.NoDefaultRetention, "without a default retention of Object Lock"},
		{t.NeedsACL, "with ACLs"},
		{t.BucketNamePrefix != "", "named " + t.BucketNamePrefix + "..."},
	} {
		if demand.made {
			list = append(list, demand.text)
		}
	}
	if list == nil {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

func mark(c Cell) string {
	switch c.Verdict {
	case Supported:
		return "yes"
	case WithKeyPolicy:
		return "yes, key policy"
	case Refused:
		return "**no**"
	}
	return "unknown"
}

// note is a reason that neighbouring cells of a source share.
type note struct{ columns, because, page string }

func notes(s Source) []note {
	var list []note
	for _, e := range encryption.Patterns() {
		c := Lookup(s, e)
		because := c.Reason
		if because == "" {
			because = string(c.Verdict)
		}
		if c.Inferred {
			because += " (follows from the page, which doesn't say it in words)"
		}
		if n := len(list); n > 0 && list[n-1].because == because && list[n-1].page == c.Page {
			list[n-1].columns += "; " + e.Traits().Column
			continue
		}
		list = append(list, note{e.Traits().Column, because, c.Page})
	}
	return list
}
