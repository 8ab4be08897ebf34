// Package report prints what the rules found: for people as text, for scripts as
// JSON, for code hosts as SARIF, for continuous integration as JUnit's XML.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/template"
)

// Report is what the rules found in some stacks.
type Report struct {
	rule.Report
	Stacks []string // names of those that were checked, in their order
	Strict bool     // warnings fail too

	sources sources
}

// New is the report on stacks. It adds to what the rules leave open what none of
// them sees.
func New(found rule.Report, stacks []*template.Stack, strict bool) *Report {
	r := &Report{Report: found, Strict: strict}
	for _, s := range stacks {
		r.Stacks = append(r.Stacks, s.Name)
		r.Unknown = append(r.Unknown, unseen(s)...)
	}
	return r
}

// Form is how a report is printed.
type Form string

// The forms that Write knows.
const (
	Text  Form = "text"
	JSON  Form = "json"
	SARIF Form = "sarif"
	JUnit Form = "junit"
)

// Write prints the report in a form.
func (r *Report) Write(w io.Writer, form Form) error {
	switch form {
	case Text:
		return r.writeText(w)
	case JSON:
		return r.writeJSON(w)
	case SARIF:
		return r.writeSARIF(w)
	case JUnit:
		return r.writeJUnit(w)
	}
	return fmt.Errorf("no form %q of a report", form)
}

// Fails reports whether a finding is one that must not pass.
func (r *Report) Fails(f rule.Finding) bool { return f.Severity == rule.Error || r.Strict }

// Failed reports whether there is such a finding.
func (r *Report) Failed() bool { return slices.ContainsFunc(r.Findings, r.Fails) }

// Decided reports whether every rule was decided.
func (r *Report) Decided() bool { return len(r.Unknown) == 0 }

// Summary is the outcome in one line.
func (r *Report) Summary() string {
	text := r.Counts()
	switch {
	case !r.Decided():
		text += "; " + r.Undecided()
	case len(r.Findings) == 0:
		text += fmt.Sprintf(": %s in %s", count(len(rule.All()), "rule"), count(len(r.Stacks), "stack"))
	}
	return text
}

// Counts says how many findings there are.
func (r *Report) Counts() string {
	if len(r.Findings) == 0 {
		return "no findings"
	}
	return count(r.Count(rule.Error), "error") + ", " + count(r.Count(rule.Warning), "warning")
}

// Undecided says of a report that isn't Decided how much is open, and why in
// short.
func (r *Report) Undecided() string {
	rules, resources := map[string]bool{}, map[string]bool{}
	for _, u := range r.Unknown {
		rules[u.Rule], resources[u.Resource()] = true, true
	}
	which := count(len(rules), "rule")
	if rules[everyRule.ID] {
		which = "every rule"
	}
	causes := r.causes()
	because := causes[0].Why
	if n := len(causes) - 1; n > 0 {
		because += "; and for " + count(n, "more reason")
	}
	return fmt.Sprintf("%s undecided for %s, because: %s", which, count(len(resources), "resource"), because)
}

// causes are the reasons for which rules stayed open, those that open most first.
func (r *Report) causes() []rule.Cause {
	causes := r.Causes()
	opens := func(c rule.Cause) int {
		if slices.Contains(c.Rules, everyRule.ID) {
			return len(rule.All()) * len(c.Places)
		}
		return len(c.Rules) * len(c.Places)
	}
	slices.SortStableFunc(causes, func(a, b rule.Cause) int { return cmp.Compare(opens(b), opens(a)) })
	return causes
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
