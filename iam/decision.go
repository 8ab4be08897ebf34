package iam

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Decision is what Evaluate returns. Its zero value is a denial.
type Decision struct {
	Allowed bool
	// Explicit: refused by a Deny statement or by Block Public Access, so
	// that no further Allow could change it.
	Explicit bool
	// Open says of a denial what AWS's documents leave open, if AWS may allow the
	// request for that; "": the denial is certain.
	Open string
	// Source, Index and Sid name the statement that decided; Source is "" if
	// none did (an implicit deny, the root user's own permissions).
	Source string
	Index  int // of the statement in its document, from 0
	Sid    string

	caller   Caller
	action   string
	resource string
	reason   string
	by       *Statement // that decided
	version  string     // of its document
	context  *context   // in which it did
	near     []hit      // Allow statements that matched action and resource

	malformed, ofContext bool // reason says why the request can't be
}

func refused(req *Request, reason string) Decision {
	return Decision{caller: req.Caller, action: req.Action, resource: req.Resource, reason: reason}
}

// malformedRequest denies what no request can be.
func malformedRequest(req *Request, reason string, ofContext bool) Decision {
	d := refused(req, reason)
	d.malformed, d.ofContext = true, ofContext
	return d
}

// Malformed says why there can be no such request, so that the denial says
// nothing about the policies; "" for a request that can be. ofContext is for a
// condition key that a request of the caller doesn't have, or not with such a
// value.
func (d Decision) Malformed() (why string, ofContext bool) {
	if !d.malformed {
		return "", false
	}
	return d.reason, d.ofContext
}

func (e *evaluation) allowed(h *hit) Decision {
	d := refused(e.req, "the root user's own permissions")
	d.Allowed = true
	if h != nil {
		d.reason = ""
		e.decidedBy(&d, h)
	}
	return d
}

func (e *evaluation) denied(explicit bool, h *hit, reason string) Decision {
	d := refused(e.req, reason)
	d.Explicit = explicit
	if h != nil {
		e.decidedBy(&d, h)
		return d
	}
	d.near = e.near
	return d
}

func (h *hit) statement() *Statement { return &h.source.Document.Statement[h.index] }

func (e *evaluation) decidedBy(d *Decision, h *hit) {
	s := h.statement()
	d.Source, d.Index, d.Sid = h.source.Name, h.index, s.Sid
	d.by, d.version, d.context = s, h.source.Document.Version, e.context
}

// held are the conditions of the statement that decided. They are tried anew:
// most decisions are never explained.
func (d *Decision) held() []conditionTest {
	if d.by == nil {
		return nil
	}
	var list []conditionTest
	x := *d.context
	x.variables = d.version == Version
	for name, keys := range d.by.Condition {
		for key, want := range keys {
			list = append(list, x.test(name, key, want))
		}
	}
	slices.SortFunc(list, func(a, b conditionTest) int {
		return strings.Compare(a.operator+" "+a.key, b.operator+" "+b.key)
	})
	return list
}

// Explain gives the reason in one or more lines. It shows the statement that
// decided with the conditions that were met or, for an implicit deny, what was
// missing and which Allow statements nearly matched.
func (d Decision) Explain() string {
	var b strings.Builder
	verdict := "denied"
	switch {
	case d.Allowed:
		verdict = "allowed"
	case d.Explicit:
		verdict = "denied explicitly"
	}
	fmt.Fprintf(&b, "%s: %s on %s by %s: ", verdict, d.action, d.resource, d.caller)
	if d.Source == "" {
		b.WriteString(d.reason)
	} else {
		b.WriteString(where(d.Source, d.Index, d.Sid))
	}
	if d.Open != "" {
		b.WriteString("\n  AWS's documents leave open " + d.Open)
	}
	for _, t := range d.held() {
		b.WriteString("\n  condition " + t.String())
	}
	for _, n := range d.near {
		b.WriteString("\n  near: " + where(n.source.Name, n.index, n.statement().Sid) + ": ")
		if n.match.failed == principalPart {
			b.WriteString("its principal is not the caller")
		} else {
			b.WriteString("condition " + n.match.test.String())
		}
	}
	return b.String()
}

// String says in one line what was compared.
func (t conditionTest) String() string {
	verdict := "did not match"
	if t.holds {
		verdict = "matched"
	}
	switch {
	case t.undefined:
		verdict = "has no meaning that IAM defines"
	case t.open != "":
		verdict = "may match"
	}
	have := "has no such key"
	if t.have != nil {
		have = "has " + quoteList(t.have)
	}
	return fmt.Sprintf("%s %s %s: request %s, statement lists %s", t.operator, t.key, verdict, have, quoteList(t.want))
}

// where names a statement as the errors of ParseDocument do.
func where(source string, index int, sid string) string {
	s := fmt.Sprintf("Statement[%d]", index)
	if sid != "" {
		s += " " + strconv.Quote(sid)
	}
	return s + " of " + source
}

func quoteList(s Strings) string {
	q := make([]string, len(s))
	for i, v := range s {
		q[i] = strconv.Quote(v)
	}
	return strings.Join(q, ", ")
}
