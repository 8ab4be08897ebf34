package rule

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// examples are the stages of test/testdata/stages.yaml.
const examples = "../access/testdata/assembly"

// What the program makes, with every option, satisfies every rule, and leaves
// none undecided but what hangs on the policy of a key that is there already.
func TestOwnTemplatesHaveNoFinding(t *testing.T) {
	t.Parallel()
	a, err := template.ReadAssembly(examples)
	if err != nil {
		t.Fatal(err)
	}
	report := Check(a.Stacks, Options{Before: a.Stacks, Accounts: []string{"111122223333", "444455556666", "777788889999", "222233334444", "555566667777", "888899990000", "101010102020"}})
	for _, f := range report.Findings {
		t.Errorf("%s %s %s %s: %s", f.Severity, f.Rule, f.Place(), f.PropertyPath, f.Message)
	}
	for _, u := range report.Unknown {
		if strings.Contains(u.Why, "key/66666666-7777-8888-9999-aaaa6666bbbb: it is in none of the stacks") {
			continue
		}
		t.Errorf("unknown %s %s/%s %s: %s", u.Rule, u.Stack, u.LogicalID, u.PropertyPath, u.Why)
	}
}

func BenchmarkCheck(b *testing.B) {
	a, err := template.ReadAssembly(examples)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Check(a.Stacks, Options{Before: a.Stacks})
	}
}
