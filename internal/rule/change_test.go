package rule

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// The person who reads a finding must be able to act on it without a manual.
func TestFixesOfChangesSayWhatToWrite(t *testing.T) {
	t.Parallel()
	write := func(change, resource string) string {
		return "write under acknowledge in stages.yaml: - {change: " + change + ", resource: " + resource + ", reason: WHY AND WHERE THE DATA IS}"
	}
	for _, tc := range []struct{ fixture, rule, resource, fix string }{
		{"stateful-replaced", "stateful-replaced", "app/Renamed", "If it is meant, " + write("stateful-replaced", "app/Renamed")},
		{"stateful-moved", "stateful-moved", "app/Data", "To import it, " + write("stateful-moved", "app/Data")},
		{"stateful-moved_stage", "stateful-moved", "prod-logs", "Call the stage prod again; or, while it is called so, destroy its stacks"},
		{"stateful-removed_stack", "stateful-removed", "dev-logs", "If it is meant, " + write("stateful-removed", "dev-logs")},
		{"stack-left-behind", "stack-left-behind", "dev-logs", "With credentials of account 111122223333: aws cloudformation delete-stack --stack-name dev-logs --region eu-west-1 "},
		{"stateful-replaced_acknowledged", "stateful-replaced", "app/Again", "The reason at stages.yaml:4:14 was for an earlier change."},
	} {
		found := false
		for _, f := range readFixtures(t, filepath.Join("rules", tc.fixture+".txtar"))[0].report.Findings {
			if f.Rule != tc.rule || f.Resource() != tc.resource {
				continue
			}
			found = true
			if !strings.Contains(f.Fix, tc.fix) {
				t.Errorf("%s of %s: the fix is %q, want %q in it", tc.rule, tc.resource, f.Fix, tc.fix)
			}
		}
		if !found {
			t.Errorf("%s finds nothing at %s", tc.fixture, tc.resource)
		}
	}
}

// Who used a stack that is gone must let go of it first.
func TestStacksThatUsedOneThatIsGoneAreNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(file, []byte("Resources: {Data: {Type: AWS::S3::Bucket}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	stack := func(name string, dependencies ...string) *template.Stack {
		s, err := template.ReadTemplate(file, "111122223333", "eu-west-1")
		if err != nil {
			t.Fatal(err)
		}
		s.Name, s.ArtifactID, s.Dependencies = name, name, dependencies
		return s
	}
	before := []*template.Stack{stack("logs"), stack("data", "logs"), stack("old", "logs")}
	for stays, want := range map[string]string{
		"data":  "Deploy data, which used it, first. Delete old, which used it, first. With credentials",
		"other": "Delete data, old, which used it, first. With credentials",
	} {
		report := Check([]*template.Stack{stack(stays)}, Options{Before: before}).OfChanges()
		for _, f := range report.Findings {
			if f.Rule == "stack-left-behind" && f.Stack == "logs" && !strings.HasPrefix(f.Fix, want) {
				t.Errorf("the fix is %q, want %q", f.Fix, want)
			}
			if hint := strings.Contains(f.Fix, "remove the snapshots instead"); f.Rule == "stateful-removed" && hint != (stays == "other") {
				t.Errorf("with %s the fix of %s is %q", stays, f.Stack, f.Fix)
			}
		}
		if len(report.Findings) < 4 {
			t.Errorf("only %d findings", len(report.Findings))
		}
	}
}
