package rule

import (
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// The program's own stages satisfy every rule, and leave none undecided.
func TestOwnTemplatesHaveNoFinding(t *testing.T) {
	t.Parallel()
	a, err := template.ReadAssembly("../../test/snapshots")
	if err != nil {
		t.Fatal(err)
	}
	report := Check(a.Stacks, Options{Before: a.Stacks, Accounts: []string{"111122223333", "444455556666", "777788889999"}})
	for _, f := range report.Findings {
		t.Errorf("%s %s %s %s: %s", f.Severity, f.Rule, f.Place(), f.PropertyPath, f.Message)
	}
	for _, u := range report.Unknown {
		t.Errorf("unknown %s %s/%s %s: %s", u.Rule, u.Stack, u.LogicalID, u.PropertyPath, u.Why)
	}
}

func BenchmarkCheck(b *testing.B) {
	a, err := template.ReadAssembly("../../test/snapshots")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Check(a.Stacks, Options{Before: a.Stacks})
	}
}
