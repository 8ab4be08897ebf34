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

What an update would lose (` + "`secret-regenerated`, `stateful-replaced`, `key-update-refused`, `stateful-moved`" + ` and
` + "`stateful-removed`" + `) is acknowledged in stages.yaml instead, each change once:

` + "```yaml" + `
acknowledge:
  - change: stateful-replaced
    resource: prod-buckets/SseS3 # STACK/LOGICALID; a stack alone for one that is gone
    reason: the bucket has a new name; the old one is empty
` + "```" + `

` + "`make snapshots`" + ` records it in test/snapshots/acknowledged.json; then it is taken out of stages.yaml again.

This page is made from the rules: ` + "`go test ./internal/rule -update`" + ` rewrites it.
`
