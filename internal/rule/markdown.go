package rule

import (
	"fmt"
	"strings"
)

// Markdown renders every rule: docs/rules.md.
func Markdown() string {
	var b strings.Builder
	b.WriteString(markdownHead)
	for _, r := range All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| severity | %s |\n| --- | --- |\n| fix | %s |\n| source | <%s> |\n",
			r.ID, r.Reason, r.Severity, strings.ReplaceAll(r.Fix, "|", `\|`), r.Source)
	}
	return b.String()
}

const markdownHead = `# Rules

` + "`s3seal check`" + ` and ` + "`cdk synth`" + ` try these on every template. A single finding may be less severe
than its rule. What templates alone can't tell is reported as unknown, never as a finding.

A resource that departs from a rule on purpose says so, and why, in its metadata:

` + "```yaml" + `
Metadata:
  s3seal:
    acknowledge:
      bucket-unversioned: holds nothing but build caches
` + "```" + `

This page is made from the rules: ` + "`go test ./internal/rule -update`" + ` rewrites it.
`
