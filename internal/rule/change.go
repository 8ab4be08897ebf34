package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// Change is something that an update would lose and that somebody has
// acknowledged, as the log beside the snapshots keeps it.
type Change struct {
	Change   string `json:"change"`           // the rule
	Resource string `json:"resource"`         // STACK/LOGICALID, or STACK
	Before   string `json:"before,omitempty"` // what it was called, where that is known
	After    string `json:"after,omitempty"`
	Reason   string `json:"reason"`
}

// IsChange reports whether a rule is about what an update would lose, which
// stages.yaml can acknowledge, and a resource's metadata, which would cover each
// later change too, can't.
func IsChange(id string) bool { return slices.Contains(stage.Changes(), stage.Change(id)) }

// OfChanges is the part of a report that is about what an update would lose and
// leave behind, and about what stages.yaml says of it.
func (r Report) OfChanges() Report {
	other := func(id string) bool {
		return !slices.ContainsFunc(beforeRules, func(b Rule) bool { return b.ID == id })
	}
	return Report{
		Findings:     slices.DeleteFunc(r.Findings, func(f Finding) bool { return other(f.Rule) }),
		Unknown:      slices.DeleteFunc(r.Unknown, func(u Unknown) bool { return other(u.Rule) }),
		Acknowledged: slices.DeleteFunc(r.Acknowledged, func(a Acknowledged) bool { return other(a.Rule) }),
	}
}

// changed reports a change of a resource.
func (c *checker) changed(r *template.Resource, at, was, is, format string, args ...any) {
	c.changedWith(c.rule.Fix, r, at, was, is, format, args...)
}

// changedWith is changed with a fix that is made for the place.
func (c *checker) changedWith(fix string, r *template.Resource, at, was, is, format string, args ...any) {
	f := c.finding(c.rule.Severity, fix, r.Stack(), format, args...)
	f.LogicalID, f.ConstructPath, f.PropertyPath = r.LogicalID, r.ConstructPath, fromResource(r, at)
	f.Was, f.Is = was, is
	c.addChange(f)
}

// addChange reports a change, unless an acknowledgement covers it: one of the
// same change and resource whose reason was not given for an earlier one.
func (c *checker) addChange(f Finding) {
	instead := "If it is meant, write under acknowledge in stages.yaml: "
	if f.Rule == string(stage.StatefulMoved) {
		instead = "To import it, write under acknowledge in stages.yaml: "
	}
	for i, a := range c.Acknowledge {
		if string(a.Change) != f.Rule || a.Resource != f.Resource() {
			continue
		}
		if !c.IsTaken(a) {
			c.acknowledged[i] = true
			c.report.Acknowledged = append(c.report.Acknowledged, Acknowledged{f, a.Reason})
			return
		}
		instead = "The reason at " + a.Place + " was for an earlier change. If this one is meant too, write instead of it: "
	}
	if !c.NoStages {
		f.Fix += fmt.Sprintf(" %s- {change: %s, resource: %s, reason: %s}", instead, f.Rule, f.Resource(), stage.ReasonToWrite)
	}
	c.report.Findings = append(c.report.Findings, f)
}

// IsTaken reports whether Before has the change that an acknowledgement was
// written for.
func (o Options) IsTaken(a stage.Acknowledgement) bool {
	return slices.ContainsFunc(o.Taken, func(t Change) bool {
		return t.Change == string(a.Change) && t.Resource == a.Resource && t.Reason == a.Reason
	})
}

// acknowledgedInVain reports acknowledgements that cover nothing and have never
// covered anything: the next change must not find one that is there already.
func (c *checker) acknowledgedInVain() {
	if c.Before == nil {
		return
	}
	for i, a := range c.Acknowledge {
		if c.acknowledged[i] || c.IsTaken(a) || c.Stages != nil && !c.comparesStack(a.Stack()) {
			continue
		}
		c.report.Findings = append(c.report.Findings, Finding{
			Rule: c.rule.ID, Severity: c.rule.Severity, Stack: a.Stack(), Template: file(a.Place), Reason: c.rule.Reason, Fix: c.rule.Fix,
			Message: fmt.Sprintf("%s: %s of %s is acknowledged, and there is no such change against the snapshots", a.Place, a.Change, a.Resource),
		})
	}
}

// file is that of a place, "stages.yaml" of "stages.yaml:12:5".
func file(place string) string {
	name, _, _ := strings.Cut(place, ":")
	return name
}

func (d *deployment) comparesStack(name string) bool {
	return slices.ContainsFunc(d.Before, func(s *template.Stack) bool { return s.Name == name && d.compares(s) })
}
