package rule

import (
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
	golden.File(t, "../../docs/rules.md", Markdown())
}

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
