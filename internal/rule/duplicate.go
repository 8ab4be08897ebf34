package rule

import "strings"

var duplicateRules = []Rule{{
	ID:       "key-given-twice",
	Severity: Error,
	Reason:   "What CloudFormation makes of a key that a mapping has twice is undefined for sections and undocumented for others: it may use either value.",
	Source:   "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html",
	Fix:      "Keep one of the two, with what both say.",
	check:    checkDuplicates,
}}

func checkDuplicates(c *checker) {
	for _, s := range c.stacks {
		for _, twice := range s.Template.Duplicates {
			const format = "given twice, again at line %d, column %d; the last value is used here"
			id, _, _ := strings.Cut(strings.TrimPrefix(twice.Path, "Resources."), ".")
			if r := s.Resource(id); r != nil && strings.HasPrefix(twice.Path, r.Path()) {
				c.find(r, twice.Path, format, twice.Line, twice.Column)
				continue
			}
			f := c.finding(c.rule.Severity, c.rule.Fix, s, format, twice.Line, twice.Column)
			f.PropertyPath = twice.Path
			c.report.Findings = append(c.report.Findings, f)
		}
	}
}
