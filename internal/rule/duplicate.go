package rule

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
			if twice.Same { // either value does
				c.findPlace(Warning, s, twice.Path, "given twice with the same value, again at line %d, column %d", twice.Line, twice.Column)
				continue
			}
			c.findPlace(c.rule.Severity, s, twice.Path, "given twice, again at line %d, column %d; the last value is used here", twice.Line, twice.Column)
		}
	}
}
