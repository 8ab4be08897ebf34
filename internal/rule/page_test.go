package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
	"github.com/s3seal/s3seal/internal/stage"
)

// The page and the rules agree in both directions: every rule is described as it
// is, and nothing else is.
func TestPageDescribesTheRules(t *testing.T) {
	t.Parallel()
	golden.File(t, "../../docs/rules.md", page())
}

// page renders every rule: docs/rules.md.
func page() string {
	var b strings.Builder
	fmt.Fprintf(&b, pageHead, sampled, thousands(sampledTemplates), strings.Join(sampledRepositories, "\n- "))
	for _, r := range All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| severity | %s |\n| --- | --- |\n| fix | %s |\n| source | <%s> |\n",
			r.ID, r.Reason, r.Severity, strings.ReplaceAll(r.Fix, "|", `\|`), r.Source)
		if r.Severity == Error {
			fmt.Fprintf(&b, "| judged by reading | %s |\n", judged(r))
		}
	}
	return b.String()
}

const pageHead = `# Rules

` + "`s3seal check`" + ` and ` + "`cdk synth`" + ` try these on every template. A single finding may be less severe
than its rule. What templates alone can't tell is reported as unknown, never as a finding.

Without an account or a Region, a template is checked for all of them. A finding that depends on the
place says where it holds ("only in eu-west-1", "in all accounts but 111122223333") and is a warning
if the rule is fulfilled elsewhere in the partition aws. Of a parameter without a default, allowed
values and those that conditions compare with are tried; what only some bring about is unknown.

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

## Precision

Of each rule with severity error, up to 30 findings were read with the template around them on %s.
Its table says how many were right; what no page of AWS decides counts as wrong. The %s templates
are of these public repositories, and many of them are wrong on purpose, as tests of other tools:

- %s

This page is made from the rules: ` + "`go test ./internal/rule -update`" + ` rewrites it.
`

func TestRulesAreComplete(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
	var ids []string
	for _, r := range All() {
		if !id.MatchString(r.ID) || slices.Contains(ids, r.ID) {
			t.Errorf("rule %q: the id isn't of words, or is there twice", r.ID)
		}
		ids = append(ids, r.ID)
		if r.Severity != Error && r.Severity != Warning {
			t.Errorf("rule %s: severity %q", r.ID, r.Severity)
		}
		if !strings.HasSuffix(r.Reason, ".") || !strings.HasSuffix(r.Fix, ".") || strings.Contains(r.Reason+r.Fix, "\n") {
			t.Errorf("rule %s: reason and fix must be a sentence in one line each", r.ID)
		}
		if !strings.HasPrefix(r.Source, "https://docs.aws.amazon.com/") {
			t.Errorf("rule %s: source %q is no page of AWS", r.ID, r.Source)
		}
		if r.check == nil {
			t.Errorf("rule %s checks nothing", r.ID)
		}
	}
	for _, c := range stage.Changes() {
		if !slices.Contains(ids, string(c)) {
			t.Errorf("stages.yaml can acknowledge %s, which no rule finds", c)
		}
	}
}
