package rule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// Options are what Check knows beside the templates.
type Options struct {
	// Accounts may stand in the templates beside each stack's own: 12 digits
	// each. Empty: those of all stacks, and a finding is a warning only.
	Accounts []string

	// Before holds the stacks as they were deployed or reviewed last. Nil: the
	// rules on updates aren't applied.
	Before []*template.Stack

	// Stages are those of stages.yaml that the stacks are limited to: what
	// Before has of others isn't missing. Nil: every stack of the app is here.
	Stages []string

	// Acknowledge are the changes that stages.yaml accepts, Taken those that
	// Before already has.
	Acknowledge []stage.Acknowledgement
	Taken       []Change

	// NoStages says that there is no stages.yaml, so that no finding may say to
	// write there.
	NoStages bool

	// Progress, unless nil, is told which stack is tried next, alone or as the
	// first of those that it has to do with, and how many were tried before.
	Progress func(stack string, done int)
}

// Check tries every rule on stacks that are deployed together. What leaves its
// account, Region or parameters open is decided for all of them. It changes
// nothing, and may run any number of times at once.
func Check(stacks []*template.Stack, options Options) Report {
	var report Report
	if o := readAgnostic(slices.Concat(stacks, options.Before)); o == nil {
		report = checkPlaced(stacks, options)
	} else {
		report = checkOpen(stacks, options)
	}
	rank := map[string]int{}
	for i, s := range stacks {
		rank[s.Name] = i
	}
	report.sort(rank)
	return report
}

// check applies rules to stacks as they are.
func check(stacks []*template.Stack, options Options, rules []Rule) Report {
	report := Report{Findings: []Finding{}, Unknown: []Unknown{}, Acknowledged: []Acknowledged{}}
	newDeployment(stacks, options).try(rules, &report)
	return report
}

func (d *deployment) try(rules []Rule, report *Report) {
	for _, r := range rules {
		r.check(&checker{deployment: d, rule: r, report: report})
	}
}

// checker is one rule at work.
type checker struct {
	*deployment
	rule   Rule
	report *Report
}

// find reports that the rule doesn't hold for r. at is a Value's path, or "" for
// the resource as a whole.
func (c *checker) find(r *template.Resource, at, format string, args ...any) {
	c.findAs(c.rule.Severity, r, at, format, args...)
}

func (c *checker) findAs(severity Severity, r *template.Resource, at, format string, args ...any) {
	c.findWith(severity, c.rule.Fix, r, at, format, args...)
}

// findWith is findAs with a fix that is made for the place.
func (c *checker) findWith(severity Severity, fix string, r *template.Resource, at, format string, args ...any) {
	f := c.finding(severity, fix, r.Stack(), format, args...)
	f.LogicalID, f.ConstructPath, f.PropertyPath = r.LogicalID, r.ConstructPath, fromResource(r, at)
	if because := acknowledgement(r, c.rule.ID); because != "" {
		c.report.Acknowledged = append(c.report.Acknowledged, Acknowledged{f, because})
		return
	}
	c.report.Findings = append(c.report.Findings, f)
}

// findPlace reports what is wrong at a place of a template: of a resource, if it
// is in one.
func (c *checker) findPlace(severity Severity, s *template.Stack, at, format string, args ...any) {
	id, _, _ := strings.Cut(strings.TrimPrefix(at, "Resources."), ".")
	if r := s.Resource(id); r != nil && strings.HasPrefix(at, r.Path()) {
		c.findAs(severity, r, at, format, args...)
		return
	}
	f := c.finding(severity, c.rule.Fix, s, format, args...)
	f.PropertyPath = at
	c.report.Findings = append(c.report.Findings, f)
}

// finding is one about a stack as a whole.
func (c *checker) finding(severity Severity, fix string, s *template.Stack, format string, args ...any) Finding {
	return Finding{
		Rule: c.rule.ID, Severity: severity, Stack: s.Name, Template: s.File,
		Message: oneLine(fmt.Sprintf(format, args...)), Reason: c.rule.Reason, Fix: fix,
	}
}

// unknown reports that the rule can't be decided for r; when that is the
// template's fault, it is a finding.
func (c *checker) unknown(r *template.Resource, at string, why error) {
	if c.refused(r, at, why) {
		return
	}
	text := why.Error()
	var unknown *template.UnknownError
	if errors.As(why, &unknown) {
		// The place is told apart from the cause, which then reads the same
		// wherever it strikes.
		text, at = nestedPlace.ReplaceAllString(unknown.Reason, ""), unknown.Path
	}
	c.report.Unknown = append(c.report.Unknown, Unknown{
		Rule: c.rule.ID, Stack: r.Stack().Name, Template: r.Stack().File, LogicalID: r.LogicalID, PropertyPath: fromResource(r, at), Why: oneLine(text),
	})
}

// nestedPlace is where a cause lies that a reference led to.
var nestedPlace = regexp.MustCompile(`^.*\b(?:Conditions|Outputs|Parameters|Resources)\.\S+: `)

// text reads a string, "" where there is none. known is false, and the rule
// undecided, when it can't be read.
func (c *checker) text(r *template.Resource, v template.Value) (text string, known bool) {
	return read(c, r, v, template.Value.String)
}

// flag reads a boolean, false where there is none.
func (c *checker) flag(r *template.Resource, v template.Value) (flag, known bool) {
	return read(c, r, v, template.Value.Bool)
}

// list reads a list of strings, nil where there is none.
func (c *checker) list(r *template.Resource, v template.Value) (list []string, known bool) {
	return read(c, r, v, template.Value.Strings)
}

// exists tells whether there is a value.
func (c *checker) exists(r *template.Resource, v template.Value) (exists, known bool) {
	return read(c, r, v, template.Value.Exists)
}

func read[T any](c *checker, r *template.Resource, v template.Value, get func(template.Value) (T, error)) (value T, known bool) {
	value, err := get(v)
	if err == nil || errors.Is(err, template.ErrMissing) {
		return value, true
	}
	c.unknown(r, v.Path(), err)
	return value, false
}

// each calls f for every resource of a type that is, or may be, created.
func (c *checker) each(typ string, f func(*template.Resource)) {
	for _, s := range c.stacks {
		for _, r := range s.ResourcesOfType(typ) {
			f(r)
		}
	}
}

// eachOf makes a check of one that looks at a resource of a type.
func eachOf(typ string, check func(*checker, *template.Resource)) func(*checker) {
	return func(c *checker) {
		c.each(typ, func(r *template.Resource) { check(c, r) })
	}
}

// fromResource shortens a path to what follows the resource.
func fromResource(r *template.Resource, at string) string {
	rest, ok := strings.CutPrefix(at, r.Path()+".")
	if !ok && at == r.Path() {
		return ""
	}
	return rest
}

// acknowledgement is the reason that a resource's metadata gives for departing
// from a rule, or "".
func acknowledgement(r *template.Resource, id string) string {
	own, _ := r.Metadata["s3seal"].(map[string]any)
	list, _ := own["acknowledge"].(map[string]any)
	because, _ := list[id].(string)
	return because
}

// oneLine puts the lines of an explanation into one.
func oneLine(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}
