package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"

	"github.com/s3seal/s3seal/internal/rule"
)

// What a JUnit report has, as far as it is written here. No standard fixes it:
// these elements and attributes are those that build servers read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Classname string        `xml:"classname,attr"`
		File      string        `xml:"file,attr,omitempty"`
		Line      int           `xml:"line,attr,omitempty"`
		Failure   *junitOutcome `xml:"failure"`
		Skipped   *junitOutcome `xml:"skipped"`
		Output    string        `xml:"system-out,omitempty"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// junitTest is a rule on a stack.
type junitTest struct{ stack, rule string }

// junitCases are the tests that have something to say.
type junitCases map[junitTest]*junitCase

// writeJUnit prints a suite for each stack with a test for each rule. What fails
// the command fails the test, a rule that isn't decided skips it, and what
// passes, such as a warning, is its output.
func (r *Report) writeJUnit(w io.Writer) error {
	// A finding may name a stack that isn't among those checked: one that is gone.
	cases, names := junitCases{}, slices.Clone(r.Stacks)
	for _, f := range r.Findings {
		names = append(names, f.Stack)
		cases.addFinding(r, f)
	}
	for _, a := range r.Acknowledged {
		names = append(names, a.Stack)
		cases.of(a.Stack, a.Rule).Output += fmt.Sprintf("acknowledged: %s: %s\n", a.Place(), a.Because)
	}
	for _, u := range r.Unknown {
		cases.addUnknown(u)
	}
	all, done := junitSuites{Name: "s3seal"}, map[string]bool{}
	for _, name := range names {
		if !done[name] {
			done[name] = true
			all.add(name, cases)
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// of is the test of a rule on a stack.
func (c junitCases) of(stack, id string) *junitCase {
	test := c[junitTest{stack, id}]
	if test == nil {
		test = &junitCase{Name: id, Classname: stack}
		c[junitTest{stack, id}] = test
	}
	return test
}

func (c junitCases) addFinding(r *Report, f rule.Finding) {
	test := c.of(f.Stack, f.Rule)
	at := r.sources.place(f.Template, f.LogicalID, f.PropertyPath)
	text := fmt.Sprintf("%s: %s: %s: %s\nfix: %s\n", f.Severity, at.in(f.Template), f.Place(), behind(f.PropertyPath, f.Text()), f.Fix)
	if !r.Fails(f) {
		test.Output += text
		return
	}
	if test.Failure == nil {
		test.Failure = &junitOutcome{Message: f.Place() + ": " + f.Text(), Type: string(f.Severity)}
		test.File, test.Line = f.Template, at.Line
	}
	test.Failure.Text += text
}

// addUnknown comes after the findings: a test that fails isn't skipped too.
func (c junitCases) addUnknown(u rule.Unknown) {
	test := c.of(u.Stack, u.Rule)
	if test.Skipped == nil && test.Failure == nil {
		test.Skipped = &junitOutcome{Message: "not decided"}
	}
	outcome := test.Failure
	if outcome == nil {
		outcome = test.Skipped
	}
	outcome.Text += fmt.Sprintf("unknown: %s: %s\n", u.Resource(), behind(u.PropertyPath, u.Why))
}

// add puts a stack's suite at the end.
func (all *junitSuites) add(stack string, cases junitCases) {
	suite, rules := junitSuite{Name: stack}, rule.All()
	if cases[junitTest{stack, everyRule.ID}] != nil {
		rules = append(rules, everyRule)
	}
	for _, known := range rules {
		test := cases.of(stack, known.ID)
		suite.Tests++
		switch {
		case test.Failure != nil:
			suite.Failures++
		case test.Skipped != nil:
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, *test)
	}
	all.Tests += suite.Tests
	all.Failures += suite.Failures
	all.Skipped += suite.Skipped
	all.Suites = append(all.Suites, suite)
}
