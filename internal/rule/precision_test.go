package rule

import (
	"fmt"
	"slices"
	"testing"
)

func TestEveryErrorHasItsPrecision(t *testing.T) {
	t.Parallel()
	rows := map[string]bool{}
	for _, r := range All() {
		s, there := precision[r.ID]
		rows[r.ID] = there
		if there != (r.Severity == Error) {
			t.Errorf("rule %s is a(n) %s, and has a row of precision: %t", r.ID, r.Severity, there)
		}
		if s.right > s.read || s.right < 0 || s.read > 30 {
			t.Errorf("rule %s: %d of %d findings are right", r.ID, s.right, s.read)
		}
	}
	for id := range precision {
		if !rows[id] {
			t.Errorf("precision of %s, which is no rule", id)
		}
	}
}

// judged says for the page how much of what a rule finds is right.
func judged(r Rule) string {
	s := precision[r.ID]
	on := fmt.Sprintf("on %s public templates, %s", thousands(sampledTemplates), sampled)
	switch {
	case slices.ContainsFunc(beforeRules, func(b Rule) bool { return b.ID == r.ID }):
		return "not tried on public templates: the rule compares two versions of one"
	case s.read == 0:
		return "none found " + on
	}
	return fmt.Sprintf("%d of %d right, %s", s.right, s.read, on)
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
